"""A program whose names are those of a client's module itself, or none that Python can have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

import pydantic
from pydantic import BaseModel, RootModel

import channelkit
from channelkit import Endpoint, Presence, on_event, on_join

__all__ = ["endpoint"]

T = TypeVar("T")


class Field(BaseModel):
    Field: Annotated[int, pydantic.Field(ge=1)]
    Literal: Literal["a"]
    date: date


class Any_(BaseModel):
    any: Any


class Message(channelkit.Message):
    """Called like its base."""

    field: Field
    message: Message | None = None
    copy_: Annotated[str, pydantic.Field(alias="copy")] = "a"
    copy__: Annotated[str, pydantic.Field(alias="copy_")] = "b"
    str_: Annotated[list[str], pydantic.Field(alias="str")]
    private: Annotated[int, pydantic.Field(alias="_private")]
    odd: Annotated[int, pydantic.Field(alias="odd-name: */")]
    empty: Annotated[int, pydantic.Field(alias="")]
    digit: Annotated[int, pydantic.Field(alias="1st")]
    keyword: Annotated[int, pydantic.Field(alias="from")]
    ligature: Annotated[int, pydantic.Field(alias="ﬁne")]
    model: Annotated[int, pydantic.Field(alias="model_config")]
    größe: int
    line: Annotated[int, pydantic.Field(alias="a\nb")]


class Channel(channelkit.Message):
    pass


class Refusal(channelkit.Refusal):
    pass


class Open(channelkit.Message, event="open:ed"):
    pass


class Room(channelkit.Message):
    pass


class Omitted(channelkit.Message):
    omitted: list[int] = pydantic.Field(default_factory=list[int])


class Ids(channelkit.Message, RootModel[list[int]]):
    """No object."""


class Holder(channelkit.Message):
    ids: Ids


class Page(channelkit.Message, Generic[T]):
    items: list[T]


class Anything(channelkit.Open, event="any thing!"):
    pass


class Everything(channelkit.Open, event="room"):
    pass


async def beside(_: str, metas: dict[str, list[Channel]]) -> dict[str, Field]:
    raise NotImplementedError


@channelkit.channel("{here}:{join}:{match}")
class Room_(channelkit.Channel[None, Message | Open | Anything | Everything]):
    here: str
    join: int
    match: date

    there = Presence(Channel, fetch=beside)

    @on_join
    async def joined(self, params: Message | Ids) -> Channel | Refusal:
        raise NotImplementedError

    @on_event("join")
    async def event_join(self, message: Open) -> None: ...

    @on_event("here")
    async def event_here(self, message: Ids) -> Ids:
        raise NotImplementedError

    @on_event("topic_for")
    async def event_topic_for(self, message: Omitted) -> channelkit.Ok:
        raise NotImplementedError

    @on_event("on_event")
    async def event_on_event(self, message: Page[int]) -> Page[Any_]:
        raise NotImplementedError

    @on_event("Room")
    async def event_room(self, message: Room) -> Holder:
        raise NotImplementedError

    @on_event("newMsg")
    async def camel(self, message: channelkit.Open) -> None: ...

    @on_event("new_msg")
    async def snake(self, message: channelkit.Open) -> AsyncIterator[Everything]:
        yield Everything(payload=message.payload)

    @on_event("from", rate="1/s")
    async def keyword(self, message: channelkit.Open | bytes) -> None: ...


@channelkit.channel("room:{room}")
class Room__(channelkit.Channel[None]):
    room: Literal["a", "b"]

    @on_join
    async def join(self, params: channelkit.Open) -> bytes:
        raise NotImplementedError


Room_.__name__ = Room__.__name__ = "Room"
endpoint = Endpoint("/socket", [Room__, Room_])

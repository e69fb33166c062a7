"""What is said on /socket, declared for clients.

Written by `channelkit client --language python` from the contract
sha256:d25c4829eeca2f4422d1625f0e459c65f021fe038d266b455a3d9b36010cc632
Do not edit it: write it anew when the contract changes.

A connection needs no parameters.
"""

# ruff: noqa
# mypy: no-warn-unreachable

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from channelkit import (
    Channel as Channel_,
    Message as Message_,
    Ok,
    Open as Open_,
    Presence,
    Refusal as Refusal_,
    channel,
    on_event,
    on_join,
)
from channelkit.omitted import omitted
from pydantic import BaseModel, Field as Field_, JsonValue
from typing_extensions import TypeAliasType

__all__ = [
    "AnyThing",
    "Any_",
    "Channel",
    "Field",
    "Holder",
    "Ids",
    "IdsValue",
    "Message",
    "Omitted",
    "Open",
    "PageAny",
    "Page_int_",
    "Refusal",
    "Room",
    "RoomChannel",
    "RoomChannel_",
    "Room_",
]


class Field(BaseModel, validate_by_name=True):
    field: Annotated[int, Field_(ge=1, alias="Field")]
    literal: Annotated[Literal["a"], Field_(alias="Literal")]
    date: dt.date


class Message(Message_, validate_by_name=True):
    """Called like its base."""

    field: Field
    message: Message | None = None
    copy__: Annotated[str, Field_(alias="copy")] = "a"
    copy_: str = "b"
    str_: Annotated[list[str], Field_(alias="str")]
    private: Annotated[int, Field_(alias="_private")]
    odd_name: Annotated[int, Field_(alias="odd-name: */")]
    field_: Annotated[int, Field_(alias="")]
    field_1st: Annotated[int, Field_(alias="1st")]
    from_: Annotated[int, Field_(alias="from")]
    fine: Annotated[int, Field_(alias="ﬁne")]
    config_: Annotated[int, Field_(alias="model_config")]
    größe: int
    a_b: Annotated[int, Field_(alias="a\nb")]


IdsValue = TypeAliasType("IdsValue", list[int])
"""No object."""


class Ids(Open_):
    """No object."""


class Channel(Message_):
    pass


class Refusal(Refusal_):
    pass


class Open(Message_, event="open:ed"):
    pass


class Omitted(Message_, validate_by_name=True):
    omitted_: Annotated[list[int] | None, omitted(), Field_(alias="omitted")] = None


class Page_int_(Message_):
    items: list[int]


class Any_(BaseModel):
    any: JsonValue


class PageAny(Message_):
    items: list[Any_]


class Room(Message_):
    pass


class Holder(Message_):
    ids: IdsValue


class AnyThing(Open_, event="any thing!"):
    pass


class Room_(Open_, event="room"):
    pass


@channel("room:{room}", declared=True)
class RoomChannel(Channel_[Any]):
    room: Literal["a", "b"]

    @on_join
    async def join(self, params: Open_) -> bytes:
        raise NotImplementedError


async def _beside_RoomChannel_(
    topic: str, metas: dict[str, list[Channel]]
) -> dict[str, Field]:
    raise NotImplementedError


@channel("{here}:{join}:{match}", declared=True)
class RoomChannel_(Channel_[Any, Message | Open | AnyThing | Room_]):
    here: str
    join: int
    match: dt.date

    here_ = Presence(Channel, fetch=_beside_RoomChannel_)

    @on_join
    async def join_(self, params: Message | Ids) -> Channel | Refusal:
        raise NotImplementedError

    @on_event("join")
    async def join_2(self, message: Open) -> None:
        raise NotImplementedError

    @on_event("here")
    async def here_2(self, message: Ids) -> Ids:
        raise NotImplementedError

    @on_event("topic_for")
    async def topic_for_(self, message: Omitted) -> Ok:
        raise NotImplementedError

    @on_event("on_event")
    async def on_event_2(self, message: Page_int_) -> PageAny:
        raise NotImplementedError

    @on_event("Room")
    async def room(self, message: Room) -> Holder:
        raise NotImplementedError

    @on_event("newMsg")
    async def new_msg2(self, message: Open_) -> None:
        raise NotImplementedError

    @on_event("new_msg")
    async def new_msg(self, message: Open_) -> AsyncIterator[Room_]:
        raise NotImplementedError
        yield  # which makes it a stream

    @on_event("from", rate="1/s")
    async def from_(self, message: Open_ | bytes) -> None:
        raise NotImplementedError

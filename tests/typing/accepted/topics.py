"""Topic parameters, and the state that is none."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any, ClassVar, Literal, NewType, assert_type
from uuid import UUID

from channelkit import Channel, Endpoint, Message, Topic, channel, on_join
from channelkit.channel import AnyChannel


class Enter(Message):
    pass


class Said(Message):
    body: str


Number = NewType("Number", int)


class Colour(Enum):
    RED = "red"


@channel("all:{number}:{name}:{id}:{day}:{kind}:{colour}:{rest*}")
class Everything(Channel[None, Said]):
    number: Number
    name: str
    id: UUID
    day: date
    kind: Literal["big", "small"]
    colour: Colour
    rest: str
    shared: ClassVar[int] = 0
    own: int = 0

    @on_join
    async def join(self, params: Enter) -> None:
        assert_type(self.number, Number)
        assert_type(self.day, date)
        self.later = self.rest


@channel("quiet")
class Quiet(Channel[None]):
    @on_join
    async def join(self, params: Enter) -> None:
        pass


endpoint = Endpoint("/socket", channels=[Everything, Quiet])

topic = Everything.topic_for(
    number=Number(1),
    name="x",
    id=UUID(int=0),
    day=date(2026, 1, 1),
    kind="big",
    colour=Colour.RED,
    rest="a:b",
)
assert_type(topic, Topic[Said])


def named(topic: Topic[Any]) -> str:
    return topic.name


def first(channels: list[type[AnyChannel]]) -> type[AnyChannel]:
    return channels[0]


def for_posts(topic: Topic[Said]) -> Topic[Said]:
    """A topic that takes more than is asked for fits."""
    return topic


async def main() -> None:
    assert named(Quiet.topic_for()) == "quiet"
    assert named(topic).endswith(":big:red:a:b")
    assert first([Everything, Quiet]) is Everything
    anything: Topic[Message] = Topic("any")
    assert for_posts(anything) is anything

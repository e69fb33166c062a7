"""Infos: mailboxes by what is put into them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, assert_type

from channelkit import (
    Channel,
    Endpoint,
    Mailbox,
    Message,
    Ok,
    Open,
    channel,
    on_event,
    on_info,
    on_join,
)
from channelkit.testing import connect as connect_to


@dataclass(frozen=True)
class Tick:
    """The time."""

    n: int


@dataclass(frozen=True)
class Tock(Tick):
    """A kind of tick."""


class Told(Message):
    """What a member was told."""

    n: int


class Clock:
    """Something that runs beside the channels."""

    def __init__(self) -> None:
        self.listeners: set[Mailbox[Tick]] = set()

    def strike(self, n: int) -> None:
        """Tell everybody; forget who is gone."""
        self.listeners = {box for box in self.listeners if box.inform(Tick(n))}


@channel("clock:{name}")
class Face(Channel[None, Told]):
    """Shows the time."""

    name: str
    clock: ClassVar[Clock] = Clock()

    @on_join
    async def join(self, params: Open) -> None:
        self.clock.listeners.add(self.mailbox)

    @on_event("adjust")
    async def adjust(self, message: Open) -> Ok:
        assert_type(self.mailbox, Mailbox[object])
        assert_type(self.mailbox.inform(Tock(1)), bool)
        return Ok()

    @on_info
    async def tick(self, info: Tick) -> None:
        await self.push(Told(n=info.n))


endpoint = Endpoint("/socket", channels=[Face])


def widest(box: Mailbox) -> Mailbox[Tock]:
    """One for anything takes a tock, and so does one for ticks."""
    ticks: Mailbox[Tick] = box
    return ticks


async def main() -> None:
    topic = Face.topic_for(name="hall")
    async with connect_to(endpoint) as socket:
        room, _ = await socket.join(topic, Face.join, Open(payload={}))
        Face.clock.strike(1)
        (box,) = Face.clock.listeners
        assert_type(box, Mailbox[Tick])
        assert_type(endpoint.inform(box, Tock(2)), int)
        assert_type(endpoint.inform(topic, "anything"), int)
        await room.inform(Tick(3))
        assert [(await room.expect(Told)).n for _ in range(3)] == [1, 2, 3]
    Face.clock.strike(4)
    assert not Face.clock.listeners

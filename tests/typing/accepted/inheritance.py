"""Channels that derive from channels."""

from __future__ import annotations

from typing import Any, Generic, assert_type

from pydantic import BaseModel
from typing_extensions import TypeVar

from channelkit import (
    Channel,
    Endpoint,
    Event,
    Exit,
    Join,
    Message,
    Ok,
    Topic,
    after_join,
    channel,
    on_event,
    on_join,
    on_leave,
)
from channelkit.testing import connect as connect_to


class User(BaseModel):
    name: str = "ann"


class Enter(Message):
    code: str = ""


class Entered(Message):
    name: str


class Say(Message):
    body: str


class Said(Message):
    body: str


class Drawn(Message):
    shape: str


class Length(Message):
    n: int


async def connect(params: Enter) -> User:
    return User()


class Talk(Channel[User, Said]):
    """No pattern of its own: what other channels share, its parameter too."""

    room_id: int

    @on_join
    async def join(self, params: Enter) -> Entered:
        return Entered(name=self.assigns.name)

    @on_event("say")
    async def say(self, message: Say) -> Length:
        await self.broadcast(Said(body=message.body))
        return Length(n=len(message.body))


@channel("room:{room_id}")
class Room(Talk):
    @on_event("say")
    async def say(self, message: Say) -> Length:
        length = await super().say(message)
        return Length(n=length.n + 1)

    @on_event("shout")
    async def shout(self, message: Say) -> Ok:
        await self.say(Say(body=message.body.upper()))
        return Ok()


@channel("hall:{room_id}:{door}")
class Hall(Room):
    door: str

    @after_join
    async def greet(self) -> None:
        await self.push(Said(body=self.door))

    @on_leave
    async def left(self, reason: Exit) -> None:
        await self.broadcast_from(Said(body="bye"))


P = TypeVar("P", bound=Message)


class Journal(Channel[User, P], Generic[P]):
    """Generic in what it pushes."""

    @on_join
    async def join(self, params: Enter) -> None:
        pass

    async def write(self, line: P) -> None:
        await self.broadcast(line)


@channel("drawings")
class Drawings(Journal[Drawn]):
    @on_event("draw")
    async def draw(self, message: Say) -> Ok:
        await self.write(Drawn(shape=message.body))
        return Ok()


class Mixin:
    """Knows nothing of channels."""

    def shortened(self, text: str) -> str:
        return text[:3]


@channel("notes")
class Notes(Mixin, Channel[User, Said | Drawn]):
    @on_join
    async def join(self, params: Enter) -> None:
        pass

    @on_event("note")
    async def note(self, message: Say) -> Ok:
        await self.push(Said(body=self.shortened(message.body)))
        return Ok()


endpoint = Endpoint("/socket", channels=[Room, Hall, Drawings, Notes], connect=connect)

assert_type(Room.topic_for(room_id=1), Topic[Said])
assert_type(Hall.topic_for(room_id=1, door="north"), Topic[Said])
assert_type(Drawings.topic_for(), Topic[Drawn])
assert_type(Room.say, Event[Room, Say, Length])
assert_type(Talk.join, Join[Talk, Enter, Entered])


def names(*events: Event[Any, Any, Any]) -> list[str]:
    return [event.name for event in events]


async def main() -> None:
    assert names(Room.say, Hall.shout) == ["say", "shout"]
    async with connect_to(endpoint) as socket:
        hall, entered = await socket.join(
            Hall.topic_for(room_id=1, door="north"), Hall.join, Enter()
        )
        assert entered == Entered(name="ann")
        assert await hall.expect(Said) == Said(body="north")
        assert await hall.call(Hall.say, Say(body="hi")) == Length(n=3)

        drawings, _ = await socket.join(Drawings.topic_for(), Drawings.join, Enter())
        assert await drawings.call(Drawings.draw, Say(body="circle")) == Ok()
        assert await drawings.expect(Drawn) == Drawn(shape="circle")

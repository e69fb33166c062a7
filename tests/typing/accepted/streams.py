"""Events that are answered by a stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, assert_type

from pydantic import BaseModel

from channelkit import (
    Channel,
    Endpoint,
    Event,
    Message,
    Ok,
    Refusal,
    Stream,
    channel,
    on_event,
    on_join,
)
from channelkit.testing import ClientRoom, ClientStream
from channelkit.testing import connect as connect_to


class User(BaseModel):
    name: str = "ann"


class Nothing(Message):
    pass


class Since(Message):
    id: int


class Posted(Message):
    body: str


class Typing(Message):
    user: str


class Gone(Refusal):
    pass


async def connect(params: Nothing) -> User:
    return User()


def is_ann(channel: Channel[User, Any]) -> bool:
    return channel.assigns.name == "ann"


def is_open(room: Room) -> bool:
    return True


@channel("room")
class Room(Channel[User, Posted | Typing]):
    @on_join
    async def join(self, params: Nothing) -> None: ...

    @on_event("history", rate="10/s")
    async def history(self, message: Since) -> AsyncIterator[Posted | Gone]:
        for id_ in range(message.id):
            yield Posted(body=str(id_))
        if message.id == 0:
            yield Gone()

    @on_event("both", allow=is_ann, rate="1/s")
    async def both(self, message: Since | Nothing) -> AsyncGenerator[Posted | Typing, None]:
        yield Posted(body="")
        yield Typing(user=self.assigns.name)

    @on_event("open", allow=is_open)
    async def open(self, message: Nothing) -> AsyncIterator[Typing]:
        async for item in self.both(message):
            if isinstance(item, Typing):
                yield item

    @on_event("lambda", allow=lambda room: room.topic == "room", concurrent=True)
    async def by_lambda(self, message: Nothing) -> AsyncIterator[Typing]:
        yield Typing(user="ann")

    @on_event("count")
    async def count(self, message: Nothing) -> Ok:
        assert_type(self.both(message), AsyncIterator[Posted | Typing])
        return Ok()


class Quiet(Room):
    @on_event("history")
    async def history(self, message: Since) -> AsyncIterator[Posted]:
        yield Posted(body="quiet")


endpoint = Endpoint("/socket", channels=[Room], connect=connect)

assert_type(Room.history, Event[Room, Since, Stream[Posted | Gone]])
assert_type(Room.both, Event[Room, Since | Nothing, Stream[Posted | Typing]])
assert_type(Room.open, Event[Room, Nothing, Stream[Typing]])
assert_type(Room.by_lambda, Event[Room, Nothing, Stream[Typing]])
assert_type(Quiet.history, Event[Quiet, Since, Stream[Posted]])
assert_type(Quiet.both, Event[Quiet, Since | Nothing, Stream[Posted | Typing]])


async def use(room: ClientRoom[Room]) -> None:
    assert_type(room.stream(Room.history, Since(id=1)), ClientStream[Posted | Gone])
    async for item in room.stream(Room.history, Since(id=2)):
        assert_type(item, Posted | Gone)
        match item:
            case Posted(body=body):
                assert body
            case Gone():
                pass


async def main() -> None:
    async with connect_to(endpoint) as socket:
        room, _ = await socket.join(Room.topic_for(), Room.join, Nothing())
        await use(room)
        assert [item async for item in room.stream(Room.history, Since(id=0))] == [Gone()]
        assert [item async for item in room.stream(Room.open, Nothing())] == [Typing(user="ann")]
        assert [item async for item in room.stream(Room.by_lambda, Nothing())]

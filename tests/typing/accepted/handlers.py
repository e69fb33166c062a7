"""Every kind of handler, and what it may do."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar, NoReturn, ParamSpec, TypeVar

from pydantic import BaseModel

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    Message,
    Ok,
    Refusal,
    Refused,
    after_join,
    channel,
    exits,
    on_broadcast,
    on_event,
    on_info,
    on_join,
    on_leave,
)
from channelkit.testing import connect as connect_to


class User(BaseModel):
    name: str = "ann"


class Empty(Message):
    pass


class Posted(Message):
    body: str


class Secret(Message):
    body: str


class Moderated(Posted):
    by: str


class NotNow(Refusal):
    pass


@dataclass(frozen=True)
class Tick:
    n: int


@dataclass(frozen=True)
class Tock:
    n: int


P = ParamSpec("P")
R = TypeVar("R")


def logged(handler: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """A decorator of one's own stands below channelkit's."""

    @wraps(handler)
    async def handle(*args: P.args, **kwargs: P.kwargs) -> R:
        return await handler(*args, **kwargs)

    return handle


def refuse() -> NoReturn:
    raise Refused(NotNow())


async def connect(params: Empty) -> User:
    return User()


@channel("room:{room_id}")
class Room(Channel[User, Posted | Secret]):
    room_id: int
    ticks: int = 0
    members: ClassVar[set[Room]] = set()

    @on_join
    async def join(self, params: Empty) -> None:
        self.last: Posted | Secret | None = None
        self.members.add(self)

    @after_join
    async def welcome(self) -> None:
        await self.push(Posted(body=f"welcome to {self.topic}, {self.assigns.name}"))

    @on_event("post", concurrent=True)
    async def post(self, message: Posted) -> Ok | NotNow:
        if not message.body:
            refuse()
        self.last = message
        await self.broadcast(self.last)
        await self.broadcast_from(message)
        return Ok()

    @on_event("again")
    @logged
    async def again(self, message: Empty) -> Ok | NotNow:
        if self.last is None:
            return NotNow()
        await self.push(self.last)
        return await self.post(Posted(body="again"))

    @on_event("moderate")
    async def moderate(self, message: Posted) -> None:
        await self.broadcast(Moderated(body=message.body, by=self.assigns.name))

    @on_event("stop")
    async def end(self, message: Empty) -> Ok:
        self.stop(error="as asked")
        self.socket.close(1000, "bye")
        return Ok()

    @on_info
    async def clock(self, info: Tick | Tock) -> None:
        self.ticks += info.n

    @on_info
    async def note(self, info: str) -> None:
        self.inform(Tick(n=len(info)))

    @on_broadcast
    async def shorten(self, message: Posted) -> Posted | None:
        return Posted(body=message.body[:20]) if message.body else None

    @on_broadcast
    async def keep(self, message: Secret) -> None:
        pass

    @on_leave
    async def left(self, reason: Exit) -> None:
        self.members.discard(self)
        match reason:
            case exits.Left() | exits.Closed():
                await self.broadcast_from(Posted(body="bye"))
            case exits.Crashed(error):
                await self.broadcast_from(Posted(body=type(error).__name__))
            case _:
                pass


endpoint = Endpoint("/socket", channels=[Room], connect=connect)


async def main() -> None:
    async with connect_to(endpoint) as socket:
        room, _ = await socket.join(Room.topic_for(room_id=1), Room.join, Empty())
        assert await room.expect(Posted) == Posted(body="welcome to room:1, ann")
        assert await room.call(Room.again, Empty()) == NotNow()
        assert await room.call(Room.post, Posted(body="")) == NotNow()
        assert await room.call(Room.post, Posted(body="hi")) == Ok()
        assert await room.call(Room.again, Empty()) == Ok()
        await room.leave()
    assert Room.members == set()

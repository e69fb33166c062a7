"""Channels in routers."""

from __future__ import annotations

from typing import assert_type

from pydantic import BaseModel

from channelkit import Channel, Endpoint, Message, Router, Topic, channel, on_join
from channelkit.testing import connect as connect_to


class User(BaseModel):
    name: str = "ann"


class Nothing(Message):
    pass


class Posted(Message):
    body: str


class Changed(Message):
    id: int


@channel("room:{room_id}")
class Room(Channel[User, Posted]):
    room_id: int

    @on_join
    async def join(self, params: Nothing) -> None: ...


@channel("audit:{id}")
class Audit(Channel[User, Changed | Posted]):
    id: int

    @on_join
    async def join(self, params: Nothing) -> None: ...


@channel("open")
class Free(Channel[None]):
    @on_join
    async def join(self, params: Nothing) -> None: ...


async def connect(params: Nothing) -> User:
    return User()


inner = Router("eu:", Audit)
two = Router("two:", Audit, Room)
nested = Router("nested:", inner, two)
admin = Router("admin:", Audit, Room, inner)
endpoint = Endpoint("/socket", channels=[Room, admin], connect=connect)
only = Endpoint("/only", channels=[admin], connect=connect)
free = Endpoint("/free", channels=[Free, Router("more:", Free)])

assert_type(inner, Router[User])
assert_type(two, Router[User])
assert_type(nested, Router[User])
assert_type(admin, Router[User])
assert_type(endpoint, Endpoint[User])
assert_type(only, Endpoint[User])
assert_type(free, Endpoint[None])
assert_type(admin.topic(Audit.topic_for(id=1)), Topic[Changed | Posted])


async def main() -> None:
    topic = admin.topic(inner.topic(Audit.topic_for(id=1)))
    async with connect_to(endpoint) as socket:
        room, _ = await socket.join(topic, Audit.join, Nothing())
        await endpoint.broadcast(topic, Posted(body="hi"))
        assert await room.expect(Posted) == Posted(body="hi")

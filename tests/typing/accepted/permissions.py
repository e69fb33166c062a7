"""What may stand as `allow`, and beside it."""

from __future__ import annotations

from typing import Any, assert_type

from pydantic import BaseModel

from channelkit import Channel, Endpoint, Event, Message, Ok, channel, on_event, on_join
from channelkit.channel import AnyChannel
from channelkit.testing import connect as connect_to


class User(BaseModel):
    name: str = "ann"


class Nothing(Message):
    pass


class Posted(Message):
    body: str


async def connect(params: Nothing) -> User:
    return User()


def of_this_channel(room: Room) -> bool:
    return room.room_id == 1


def of_every_channel_with_users(channel: Channel[User, Any]) -> bool:
    return channel.assigns.name == "ann"


def of_channels_that_post(channel: Channel[User, Posted]) -> bool:
    channel.push_nowait(Posted(body="asked"))
    return True


def of_any_channel(channel: AnyChannel) -> bool:
    return channel.topic == "room:1"


def of_anything(_: object) -> bool:
    return True


class Named:
    """An object that is asked."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, channel: Channel[User, Any]) -> bool:
        return channel.assigns.name == self._name


@channel("room:{room_id}")
class Room(Channel[User, Posted]):
    room_id: int

    @on_join
    async def join(self, params: Nothing) -> None:
        pass

    @on_event("this", allow=of_this_channel)
    async def this(self, message: Nothing) -> Ok:
        return Ok()

    @on_event("users", allow=of_every_channel_with_users)
    async def users(self, message: Nothing) -> Ok:
        return Ok()

    @on_event("post", allow=of_channels_that_post, concurrent=True, rate="10/s")
    async def post(self, message: Nothing) -> Ok:
        return Ok()

    @on_event("any", rate="600/m burst 10", allow=of_any_channel)
    async def any(self, message: Nothing) -> Ok:
        return Ok()

    @on_event("anything", allow=of_anything)
    async def anything(self, message: Nothing) -> Ok:
        return Ok()

    @on_event("named", allow=Named("ann"))
    async def named(self, message: Nothing) -> Ok:
        return Ok()

    @on_event("lambda", allow=lambda room: room.topic == "room:1")
    async def by_lambda(self, message: Nothing) -> Ok:
        return Ok()

    @staticmethod
    def is_open(room: Room) -> bool:
        return room.room_id == 1

    @on_event("static", allow=is_open)
    async def static(self, message: Nothing) -> Ok:
        return Ok()

    def mine(self) -> bool:
        return self.room_id == 1

    @on_event("method", allow=mine)
    async def method(self, message: Nothing) -> Ok:
        return Ok()


endpoint = Endpoint("/socket", channels=[Room], connect=connect)

assert_type(Room.this, Event[Room, Nothing, Ok])
assert_type(Room.users, Event[Room, Nothing, Ok])
assert_type(Room.named, Event[Room, Nothing, Ok])


async def main() -> None:
    async with connect_to(endpoint) as socket:
        room, _ = await socket.join(Room.topic_for(room_id=1), Room.join, Nothing())
        events = [
            Room.this,
            Room.users,
            Room.post,
            Room.any,
            Room.anything,
            Room.named,
            Room.by_lambda,
            Room.static,
            Room.method,
        ]
        for event in events:
            assert await room.call(event, Nothing()) == Ok()

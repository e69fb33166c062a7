"""The example of the design, in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, assert_type

from pydantic import BaseModel, Field

from channelkit import (
    Channel,
    Endpoint,
    Event,
    Exit,
    Join,
    Limits,
    Message,
    Refusal,
    Topic,
    after_join,
    channel,
    on_broadcast,
    on_event,
    on_info,
    on_join,
    on_leave,
)
from channelkit.testing import ClientRoom
from channelkit.testing import connect as connect_to


class Login(Message):
    name: str
    token: str


class User(BaseModel):
    name: str
    moderator: bool = False


class Unknown(Refusal, status=401):
    name: str


class JoinRoom(Message):
    token: str


class RoomState(Message):
    members: int


class RoomFull(Refusal):
    limit: int


class NewMsg(Message):
    body: Annotated[str, Field(max_length=2000)]


class Accepted(Message):
    id: int


class Kick(Message):
    user: str


class Posted(Message):
    user: str
    body: str


class Typing(Message, event="room:typing"):
    user: str


@dataclass(frozen=True)
class Tick:
    n: int


def is_moderator(room: Room) -> bool:
    return room.assigns.moderator


@channel("room:{room_id}")
class Room(Channel[User, Posted | Typing]):
    """A chat room."""

    room_id: int

    @on_join
    async def join(self, params: JoinRoom) -> RoomState | RoomFull:
        if params.token == "late":
            return RoomFull(limit=50)
        self.accepted = 0
        return RoomState(members=1)

    @after_join
    async def announce(self) -> None:
        await self.broadcast(Typing(user=self.assigns.name))

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Accepted:
        self.accepted += 1
        await self.broadcast(Posted(user=self.assigns.name, body=message.body))
        return Accepted(id=self.accepted)

    @on_event("kick", allow=is_moderator)
    async def kick(self, message: Kick) -> None:
        self.inform(Tick(n=self.accepted))

    @on_info
    async def tick(self, info: Tick) -> None:
        await self.push(Typing(user=str(info.n)))

    @on_broadcast
    async def hide_muted(self, message: Posted) -> Posted | None:
        return None if message.body == "spam" else message

    @on_leave
    async def left(self, reason: Exit) -> None:
        await self.broadcast_from(Posted(user=self.assigns.name, body="bye"))


@channel("lobby")
class Lobby(Channel[User]):
    """A channel that pushes nothing."""

    @on_join
    async def join(self, params: JoinRoom) -> None:
        pass

    @on_event("hi")
    async def hi(self, message: NewMsg) -> Accepted:
        return Accepted(id=len(message.body))


async def connect(params: Login) -> User | Unknown:
    if params.token == "":
        return Unknown(name=params.name)
    return User(name=params.name, moderator=params.name == "ann")


endpoint = Endpoint("/socket", channels=[Room, Lobby], connect=connect, limits=Limits(idle=30))

assert_type(endpoint, Endpoint[User])
assert_type(Room.new_msg, Event[Room, NewMsg, Accepted])
assert_type(Room.kick, Event[Room, Kick, None])
assert_type(Room.join, Join[Room, JoinRoom, RoomState | RoomFull])
assert_type(Room.topic_for(room_id=42), Topic[Posted | Typing])


async def main() -> None:
    async with connect_to(endpoint, Login(name="ann", token="x")) as socket:
        room, state = await socket.join(Room.topic_for(room_id=42), Room.join, JoinRoom(token="x"))
        assert_type(room, ClientRoom[Room])
        assert_type(state, RoomState | RoomFull)
        assert state == RoomState(members=1)

        accepted = await room.call(Room.new_msg, NewMsg(body="hi"))
        assert_type(accepted, Accepted)
        assert accepted == Accepted(id=1)

        posted = await room.expect(Posted)
        assert_type(posted, Posted)
        assert posted == Posted(user="ann", body="hi")

        await room.send(Room.kick, Kick(user="bob"))
        await endpoint.broadcast(Room.topic_for(room_id=42), Posted(user="nobody", body="hi"))
        assert await room.expect(Posted) == Posted(user="nobody", body="hi")

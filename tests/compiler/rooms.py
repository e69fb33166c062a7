"""The program of the design page: everything a channel can have, and nothing wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field

from channelkit import (
    Channel,
    Exit,
    Message,
    Ok,
    Refusal,
    after_join,
    channel,
    on_broadcast,
    on_event,
    on_info,
    on_join,
    on_leave,
)


class User(BaseModel):
    name: str
    moderator: bool = False


class Login(Message):
    token: str


class Denied(Refusal, status=401):
    """Not with this token."""


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


class Posted(Message):
    user: str
    body: str


class Typing(Message, event="user:typing"):
    user: str


class Kick(Message):
    user: str


@dataclass(frozen=True)
class Tick:
    n: int


def is_moderator(room: Room) -> bool:
    return room.assigns.moderator


@channel("room:{room_id}")
class Room(Channel[User, Posted | Typing]):
    """A chat room.

    More than the first paragraph.
    """

    room_id: int
    seen: int = 0

    @on_join
    async def join(self, params: JoinRoom) -> RoomState | RoomFull:
        return RoomState(members=1)

    @after_join
    async def announce(self) -> None: ...

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Accepted:
        """Post a message
        to the room.

        Everybody gets it.
        """
        return Accepted(id=1)

    @on_event("kick", allow=is_moderator)
    async def kick(self, message: Kick) -> None: ...

    @on_event("upload", concurrent=True)
    async def upload(self, message: NewMsg | bytes) -> Ok | RoomFull | None: ...

    @on_info
    async def tick(self, info: Tick) -> None: ...

    @on_broadcast
    async def hide_muted(self, message: Posted) -> Posted | None: ...

    @on_leave
    async def left(self, reason: Exit) -> None: ...


@channel("lobby:{day*}")
class Lobby(Channel[User]):
    day: str

    @on_join
    async def join(self, params: JoinRoom | bytes) -> None: ...


async def connect(params: Login) -> User | Denied:
    return User(name=params.token)

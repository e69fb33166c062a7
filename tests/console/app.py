"""Something of everything, for the console to be tried on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Literal

import anyio
from pydantic import BaseModel, Field, StringConstraints

from channelkit import (
    Channel,
    Endpoint,
    Message,
    Ok,
    Open,
    Presence,
    Refusal,
    Secret,
    Server,
    after_join,
    channel,
    on_event,
    on_join,
)

__all__ = ["changed", "server"]


class User(BaseModel):
    name: str


class Login(Message):
    """Who you are, and how you can prove it."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    token: Annotated[str, Secret(), Field(description="`letmein`, in this example.")]
    plan: Literal["free", "team"] = "free"


class BadToken(Refusal, status=401):
    """The token is none of ours: ask for a new one."""

    hint: str


class JoinRoom(Message):
    colour: Literal["red", "green", "blue"] = "green"


class RoomState(Message):
    topic: str
    members: int


class RoomClosed(Refusal):
    """The room is closed until somebody opens it again."""

    until: str


class Point(BaseModel):
    x: int
    y: Annotated[int, Field(ge=0, le=100)] = 0


class Text(BaseModel):
    kind: Literal["text"] = "text"
    body: Annotated[str, StringConstraints(min_length=1, max_length=280)]


class Drawing(BaseModel):
    kind: Literal["drawing"] = "drawing"
    points: Annotated[list[Point], Field(min_length=1)]


class Say(Message):
    """Say something, in words or in a drawing."""

    body: Annotated[str, StringConstraints(min_length=1, max_length=280)] = Field(
        examples=["Good morning"]
    )
    loud: bool = False
    tags: list[str] = Field(default=[])
    attachment: Annotated[Text | Drawing, Field(discriminator="kind")] | None = None


class Said(Message):
    """Somebody said something."""

    name: str
    body: str


class Accepted(Message):
    id: int


class TooLoud(Refusal):
    """Nobody shouts in here."""


class Count(Message):
    to: Annotated[int, Field(ge=0, le=20)] = 3


class Number(Message):
    n: int


class Nothing(Message):
    """Nothing."""


class Online(BaseModel):
    colour: str


def is_root(member: Room) -> bool:
    """Whether this member may do everything."""
    return member.assigns.name == "root"


@channel("room:{room_id}")
class Room(Channel[User, Said | Number]):
    """A room to talk in. Room 0 is closed."""

    room_id: int
    here = Presence(Online)

    @on_join
    async def join(self, params: JoinRoom) -> RoomState | RoomClosed:
        """Come in."""
        if self.room_id == 0:
            return RoomClosed(until="noon")
        self.colour = params.colour
        return RoomState(topic=self.topic, members=1)

    @after_join
    async def arrived(self) -> None:
        self.here.track(self.assigns.name, Online(colour=self.colour))
        await self.here.push_state()

    @on_event("say")
    async def say(self, message: Say) -> Accepted | TooLoud:
        """Say something to everybody in the room."""
        if message.loud:
            return TooLoud()
        await self.broadcast(Said(name=self.assigns.name, body=message.body))
        return Accepted(id=7)

    @on_event("count")
    async def count(self, message: Count) -> AsyncIterator[Number]:
        """Count, one number after the other."""
        for n in range(message.to):
            yield Number(n=n + 1)
            await anyio.lowlevel.checkpoint()

    @on_event("typing")
    async def typing(self, message: Nothing) -> None:
        """Tell that you are typing; there is no answer."""

    @on_event("close", allow=is_root)
    async def close(self, message: Nothing) -> Ok:
        """Close the room, if you may."""
        return Ok()

    @on_event("upload")
    async def upload(self, message: bytes) -> bytes:
        """Send bytes, and get them back the other way round."""
        return message[::-1]

    @on_event("echo")
    async def echo(self, message: Open) -> Open:
        """Say anything at all."""
        return message

    @on_event("crash")
    async def crash(self, message: Nothing) -> Ok:
        """Break down."""
        raise LookupError("as it was asked for")


@channel("lobby")
class Lobby(Channel[User]):
    """Where everybody waits."""

    @on_join
    async def join(self, params: Nothing) -> None:
        """Wait."""


class Tenant(Message):
    tenant: str


@channel("reports")
class Reports(Channel[None]):
    """Figures."""

    @on_join
    async def join(self, params: Nothing) -> None:
        """Read them."""


class Said2(Said, event="said"):
    """Somebody said something, at some time."""

    at: str = ""


@channel("room:{room_id}")
class Room2(Channel[User, Said2]):
    """A room to talk in, as it is after a change."""

    room_id: int

    @on_join
    async def join(self, params: JoinRoom) -> RoomState:
        """Come in."""
        return RoomState(topic=self.topic, members=1)


async def connect(params: Login) -> User | BadToken:
    """Let in who knows the word."""
    return User(name=params.name) if params.token == "letmein" else BadToken(hint="ask ann")


async def connect_tenant(params: Tenant) -> None:
    """Let every tenant in."""


endpoint: Endpoint[User] = Endpoint("/socket", [Room, Lobby], connect)
admin: Endpoint[None] = Endpoint("/{tenant}/admin", [Reports], connect_tenant)
server = Server(endpoint, admin)
changed = Server(Endpoint("/socket", [Room2], connect))

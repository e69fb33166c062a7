"""A small application that the tests in this folder talk to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

import anyio
from pydantic import BaseModel, Field

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    Limits,
    Message,
    Ok,
    Open,
    Refusal,
    Refused,
    after_join,
    channel,
    on_broadcast,
    on_event,
    on_info,
    on_join,
    on_leave,
)


@dataclass
class Journal:
    """What the handlers saw, in order."""

    lines: list[str] = field(default_factory=list[str])
    exits: list[tuple[str, Exit]] = field(default_factory=list[tuple[str, Exit]])
    hang_in_farewell: bool = False
    gate: anyio.Event = field(default_factory=anyio.Event)


class Login(Message):
    """The connect parameters."""

    name: str = "ann"


class User(BaseModel):
    """Who is connected; `journal` is the test's own."""

    model_config = {"arbitrary_types_allowed": True}

    name: str
    journal: Journal


class Banned(Refusal, status=401):
    """This name may not connect."""

    name: str


class JoinRoom(Message):
    """How to ask for a room."""

    how: str = "ok"


class RoomState(Message):
    """What a member learns when it joins."""

    room_id: int


class RoomFull(Refusal):
    """No place left."""

    limit: int


class Say(Message):
    """Something to say."""

    body: Annotated[str, Field(max_length=20)]


class Said(Message):
    """Something that was said."""

    name: str
    body: str


class Secret(Message):
    """Something that only moderators read."""

    body: str


class Welcome(Message):
    """Pushed to a member after its join."""

    name: str


class Raw(Open):
    """Anything."""


class Count(Message):
    """A number."""

    n: int


class Undeclared(Refusal):
    """Raised, though no handler declares it."""


@dataclass(frozen=True)
class Tick:
    """An info."""

    n: int


@dataclass(frozen=True)
class Boom:
    """An info whose handler raises."""


def is_ann(channel: Channel[User, Any]) -> bool:
    """Only ann may."""
    return channel.assigns.name == "ann"


@channel("room:{room_id}")
class Room(Channel[User, Said | Secret | Welcome | Count | Raw]):
    """A room with one of everything."""

    room_id: int

    @on_join
    async def join(self, params: JoinRoom) -> RoomState | RoomFull:
        """Join in one of the ways there are."""
        match params.how:
            case "full":
                return RoomFull(limit=50)
            case "raise":
                raise Refused(RoomFull(limit=51))
            case "undeclared":
                raise Refused(Undeclared())
            case "crash":
                raise RuntimeError("join went wrong")
            case "early":
                await self.broadcast(Said(name="nobody", body="too early"))
            case "wait":
                await self.assigns.journal.gate.wait()
            case "stubborn":
                with anyio.CancelScope(shield=True):
                    await self.assigns.journal.gate.wait()
            case "hang":
                await anyio.sleep_forever()
            case _:
                pass
        self.count = 0
        return RoomState(room_id=self.room_id)

    @after_join
    async def greet(self) -> None:
        """Push after the reply."""
        await self.push(Welcome(name=self.assigns.name))

    @on_event("say")
    async def say(self, message: Say) -> Ok:
        """Tell everybody."""
        await self.broadcast(Said(name=self.assigns.name, body=message.body))
        return Ok()

    @on_event("say_from")
    async def say_from(self, message: Say) -> None:
        """Tell the others."""
        await self.broadcast_from(Said(name=self.assigns.name, body=message.body))

    @on_event("whisper")
    async def whisper(self, message: Say) -> Ok:
        """Tell everybody what only ann reads."""
        await self.broadcast(Secret(body=message.body))
        return Ok()

    @on_event("count")
    async def counted(self, message: Say) -> Count | RoomFull:
        """Count, up to three."""
        self.count += 1
        return Count(n=self.count) if self.count <= 3 else RoomFull(limit=3)

    @on_event("wait")
    async def wait(self, message: Say) -> Count:
        """Answer once the gate is open."""
        await self.assigns.journal.gate.wait()
        return Count(n=0)

    @on_event("beside", concurrent=True)
    async def beside(self, message: Say) -> Count:
        """Answer once the gate is open, while others are handled."""
        self.assigns.journal.lines.append(f"beside {message.body}")
        await self.assigns.journal.gate.wait()
        if message.body == "crash":
            raise RuntimeError("beside went wrong")
        if message.body == "stop":
            self.stop()
        return Count(n=len(message.body))

    @on_event("doze")
    async def doze(self, message: Say) -> Ok:
        """Take two seconds."""
        await anyio.sleep(2)
        return Ok()

    @on_event("crash")
    async def crash(self, message: Say) -> Ok:
        """Raise."""
        raise RuntimeError("event went wrong")

    @on_event("undeclared")
    async def undeclared(self, message: Say) -> Ok:
        """Refuse with what is not declared."""
        raise Refused(Undeclared())

    @on_event("refuse")
    async def refuse(self, message: Say) -> Ok | RoomFull:
        """Refuse from a helper."""
        raise Refused(RoomFull(limit=7))

    @on_event("moderate", allow=is_ann)
    async def moderate(self, message: Say) -> Ok:
        """Do what only ann may."""
        return Ok()

    @on_event("stop")
    async def stop_now(self, message: Say) -> Ok:
        """Reply, then stop: normally, or with the body as the error."""
        self.stop(error=message.body or None)
        return Ok()

    @on_event("close")
    async def close(self, message: Say) -> Ok:
        """Reply, then close the socket."""
        self.socket.close(4001, message.body)
        return Ok()

    @on_event("bytes")
    async def echo_bytes(self, message: bytes | Say) -> bytes | Count:
        """Give bytes back, count text."""
        return message if isinstance(message, bytes) else Count(n=len(message.body))

    @on_event("raw")
    async def raw(self, message: Raw) -> Raw:
        """Push anything, then give it back."""
        await self.push(message)
        return message

    @on_event("inform")
    async def inform_self(self, message: Say) -> Ok:
        """Send an info to itself."""
        self.inform(Tick(len(message.body)))
        return Ok()

    @on_info
    async def tick(self, info: Tick) -> None:
        """Push a number."""
        await self.push(Count(n=info.n))

    @on_info
    async def boom(self, info: Boom) -> None:
        """Raise."""
        raise RuntimeError("info went wrong")

    @on_broadcast
    async def for_ann(self, message: Secret) -> Secret | None:
        """Let only ann read secrets."""
        return Secret(body=message.body.upper()) if self.assigns.name == "ann" else None

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Write it down, say goodbye."""
        self.assigns.journal.exits.append((self.assigns.name, reason))
        await self.broadcast_from(Said(name=self.assigns.name, body="bye"))
        if self.assigns.journal.hang_in_farewell:
            await anyio.sleep_forever()


def make_endpoint(journal: Journal, limits: Limits | None = None) -> Endpoint[User]:
    """The application, with what its handlers write into."""

    async def connect(params: Login) -> User | Banned:
        if params.name == "mallory":
            return Banned(name=params.name)
        return User(name=params.name, journal=journal)

    return Endpoint(
        "/socket",
        [Room],
        connect,
        identify=lambda user: f"user:{user.name}",
        limits=limits or Limits(),
    )

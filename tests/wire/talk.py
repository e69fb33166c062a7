"""A room where clients of the first Phoenix meet those of today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from channelkit import (
    Channel,
    Exit,
    Message,
    Ok,
    Refusal,
    after_join,
    channel,
    on_event,
    on_info,
    on_join,
    on_leave,
)

__all__ = ["Count", "Name", "Note", "Noted", "Said", "Say", "Stranger", "Talk", "Welcome"]


class Name(Message):
    """Who comes."""

    name: str


class Welcome(Message, event="join"):
    """What channels of the time pushed, to say that a join went well."""

    status: str


class Stranger(Refusal):
    """Nobody knows that name."""


class Say(Message):
    """Something to say."""

    body: str


class Said(Message):
    """Something that was said."""

    name: str
    body: str


class Count(Message):
    """How much was said."""

    n: int


class Noted(Message, event="info"):
    """An info, passed on."""

    n: int


@dataclass(frozen=True)
class Note:
    """An info."""

    n: int


@channel("rooms:{name}")
class Talk(Channel[None, Said | Welcome | Noted]):
    """A room where both generations meet."""

    name: str
    who: str = ""
    said: int = 0
    exits: ClassVar[list[tuple[str, Exit]]] = []

    @on_join
    async def join(self, params: Name) -> Stranger | None:
        """Let in whom we know."""
        if params.name == "mallory":
            return Stranger()
        self.who = params.name
        return None

    @after_join
    async def greet(self) -> None:
        """Say that it went well: on the old wire nothing else does."""
        await self.push(Welcome(status="connected"))

    @on_event("say")
    async def say(self, message: Say) -> Count:
        """Tell everybody."""
        self.said += 1
        await self.broadcast(Said(name=self.who, body=message.body))
        return Count(n=self.said)

    @on_event("whisper")
    async def whisper(self, message: Say) -> Ok:
        """Tell the others."""
        await self.broadcast_from(Said(name=self.who, body=message.body))
        return Ok()

    @on_info
    async def note(self, info: Note) -> None:
        """Pass it on."""
        await self.push(Noted(n=info.n))

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Write it down."""
        Talk.exits.append((self.who, reason))

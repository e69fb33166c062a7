"""What is said on /socket, declared for clients.

Written by `channelkit client --language python` from the contract
sha256:c0236b0e4bddbda5f9d9fa8e65ebc0cb3e18f15ebffbd53ebed280fe865a2f55
Do not edit it: write it anew when the contract changes.

The parameters of a connection are Hello.
"""

# ruff: noqa

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from channelkit import (
    Channel,
    Message,
    Ok,
    Presence,
    Refusal,
    channel,
    on_event,
    on_join,
)
from pydantic import BaseModel, Field

__all__ = [
    "Accepted",
    "Arrived",
    "ChatRoom",
    "Departed",
    "Hello",
    "JoinRoom",
    "Keystroke",
    "Kick",
    "NameTaken",
    "NewMsg",
    "NoSuchMember",
    "Posted",
    "Removed",
    "RoomFull",
    "Seated",
    "Typing",
    "Welcome",
]


class Hello(Message):
    """The connect parameters."""

    visitor: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


class JoinRoom(Message):
    """Ask for a seat under a name."""

    name: Annotated[str, Field(max_length=24, pattern=r"^\w[\w .'\-]*$")]


class Posted(Message):
    """Something was said."""

    id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    user: str
    body: str
    at: dt.datetime


class Welcome(Message):
    """The room as it is at the join; who is in it comes as its presence."""

    you: str
    history: list[Posted]


class NameTaken(Refusal):
    """Somebody else in the room has this name."""

    name: str


class RoomFull(Refusal):
    """Every seat is taken."""

    limit: int


class NewMsg(Message):
    """Say something. The id is the sender's: sent again with it, it is not said again."""

    id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    body: Annotated[str, Field(max_length=2000, min_length=1)]


class Accepted(Message):
    """A message has its place in the room."""

    at: dt.datetime


class Keystroke(Message):
    """I am typing. Sent every few seconds while it is true."""


class Kick(Message):
    """Remove a member from the room."""

    name: Annotated[str, Field(max_length=24, pattern=r"^\w[\w .'\-]*$")]


class NoSuchMember(Refusal):
    """Nobody in the room has this name any more."""

    name: str


class Typing(Message):
    """A member is typing; true for a few seconds."""

    name: str


class Arrived(Message):
    """A member joined."""

    name: str


class Departed(Message):
    """A member's time in the room ended; `removed_by` names the moderator who ended it."""

    name: str
    removed_by: str | None


class Removed(Message):
    """Your own time here ended: by a moderator, or, without one, by your other window."""

    by: str | None


class Seated(BaseModel):
    """A member is here. Seats are counted in order of arrival: the lowest is the moderator's."""

    seat: int


@channel("room:{name}", declared=True)
class ChatRoom(Channel[Any, Posted | Typing | Arrived | Departed | Removed]):
    """A room to talk in. Whoever has been here longest may remove others."""

    name: Annotated[str, Field(max_length=40)]

    here = Presence(Seated)

    @on_join
    async def join(self, params: JoinRoom) -> Welcome | NameTaken | RoomFull:
        """Take a seat. A visitor whose old connection still holds the name takes that over."""
        raise NotImplementedError

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Accepted:
        """Say something to everybody in the room, once."""
        raise NotImplementedError

    @on_event("typing")
    async def typing(self, message: Keystroke) -> None:
        """Show the others that this member is typing."""
        raise NotImplementedError

    # Allowed by is_moderator.
    @on_event("kick")
    async def kick(self, message: Kick) -> Ok | NoSuchMember:
        """Remove a member."""
        raise NotImplementedError

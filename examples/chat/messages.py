"""What the chat says: every message and refusal that goes over its wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from channelkit import Message, Refusal

__all__ = [
    "Accepted",
    "Arrived",
    "Departed",
    "Hello",
    "Id",
    "JoinRoom",
    "Keystroke",
    "Kick",
    "Name",
    "NameTaken",
    "NewMsg",
    "NoSuchMember",
    "Posted",
    "Removed",
    "RoomFull",
    "Seated",
    "Typing",
    "Visitor",
    "Welcome",
]

# Letters first: no name of spaces, and no invisible signs that make two names look like one.
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=24, pattern=r"^\w[\w .'\-]*$")
]
Body = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Id = Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]


class Visitor(BaseModel):
    """The socket's assigns: a browser tab, by an id that only it knows."""

    id: Id


# From the browser.


class Hello(Message):
    """The connect parameters."""

    visitor: Id


class JoinRoom(Message):
    """Ask for a seat under a name."""

    name: Name


class NewMsg(Message):
    """Say something. The id is the sender's: sent again with it, it is not said again."""

    id: Id
    body: Body


class Keystroke(Message):
    """I am typing. Sent every few seconds while it is true."""


class Kick(Message):
    """Remove a member from the room."""

    name: Name


# To the browser.


class Posted(Message):
    """Something was said."""

    id: Id
    user: str
    body: str
    at: datetime


class Welcome(Message):
    """The room as it is at the join; who is in it comes as its presence."""

    you: str
    history: list[Posted]


class Accepted(Message):
    """A message has its place in the room."""

    at: datetime


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


class Seated(Message):
    """A member is here. Seats are counted in order of arrival: the lowest is the moderator's."""

    seat: int


# Refusals.


class RoomFull(Refusal):
    """Every seat is taken."""

    limit: int


class NameTaken(Refusal):
    """Somebody else in the room has this name."""

    name: str


class NoSuchMember(Refusal):
    """Nobody in the room has this name any more."""

    name: str

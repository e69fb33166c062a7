"""What a session asks of the runtime, as values. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from .exits import Exit
    from .member import Member
    from .wire import Push, Reply

__all__ = ["Action", "Close", "Deliver", "Send", "Start", "Stop"]


class Send(NamedTuple):
    """Encode and send an envelope; broadcasts are no link's own."""

    envelope: Push | Reply


class Start(NamedTuple):
    """Run the join of this member; where it replaces another, once that one has ended."""

    member: Member


class Deliver(NamedTuple):
    """Put a push into the member's inbox."""

    member: Member
    push: Push


class Stop(NamedTuple):
    """End the member's task for this reason; its `ended` follows."""

    member: Member
    exit: Exit


class Close(NamedTuple):
    """Close the connection for this reason."""

    exit: Exit


Action: TypeAlias = Send | Start | Deliver | Stop | Close

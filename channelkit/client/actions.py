"""What the client's machine asks of its runtime, as values. Pure."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, final

if TYPE_CHECKING:
    from ..wire import Body, Broadcast, Push, Ref, Reply
    from .machine import ClientMachine
    from .room_machine import RoomMachine
    from .transitions import RoomState, SocketState

__all__ = [
    "Action",
    "Call",
    "CancelTimer",
    "Connect",
    "Deliver",
    "Disconnect",
    "Expects",
    "Fail",
    "Item",
    "Resolve",
    "RoomBecame",
    "SocketBecame",
    "StartTimer",
    "Timed",
    "Transmit",
]


class Expects(Enum):
    """What is to come of a push."""

    NOTHING = auto()
    """It is done once it was sent."""
    REPLY = auto()
    STREAM = auto()
    """Pushes with its ref, then a reply; its time is counted anew from each."""


@final
class Call:
    """One push of the program, until it is done; each is sent once at most.

    Attributes:
        room: Where it is pushed.
        timeout: Seconds until it fails, "timeout"; those that it waits to be sent count.
        ref: Its ref, None before it is sent.
    """

    __slots__ = ("event", "expects", "payload", "ref", "room", "timeout")

    def __init__(
        self,
        room: RoomMachine,
        event: str,
        payload: Body,
        *,
        timeout: float,
        expects: Expects = Expects.REPLY,
    ) -> None:
        self.room = room
        self.event = event
        self.payload = payload
        self.timeout = timeout
        self.expects = expects
        self.ref: Ref = None

    def __repr__(self) -> str:
        return f"<Call {self.event!r} on {self.room.topic!r}, ref {self.ref!r}>"


Timed: TypeAlias = "ClientMachine | RoomMachine | Call"
"""Who may have a timer: each has one at most."""


class Connect(NamedTuple):
    """Open a connection; `opened` or `closed` follows, unless `Disconnect` comes first."""


class Disconnect(NamedTuple):
    """Close the connection, or give up to open it; the machine has done with it."""

    code: int
    reason: str


class Transmit(NamedTuple):
    """Encode and send this."""

    push: Push


class StartTimer(NamedTuple):
    """Report `fired` after so many seconds; a timer of this owner that runs is replaced."""

    owner: Timed
    seconds: float


class CancelTimer(NamedTuple):
    """Forget this owner's timer, if one runs."""

    owner: Timed


class Resolve(NamedTuple):
    """A call is done: its reply came, or it was sent and none is expected."""

    call: Call
    reply: Reply | None


class Fail(NamedTuple):
    """A call is over without a reply."""

    call: Call
    reason: str


class Item(NamedTuple):
    """One item of a call's stream."""

    call: Call
    push: Push


class Deliver(NamedTuple):
    """A push or broadcast for a room."""

    room: RoomMachine
    envelope: Push | Broadcast


class SocketBecame(NamedTuple):
    """The connection has a new state.

    Attributes:
        code: The close code, where one ended: 1006 without a close frame.
        retry_in: Seconds until the next try, while waiting.
    """

    state: SocketState
    code: int | None = None
    reason: str = ""
    retry_in: float | None = None


class RoomBecame(NamedTuple):
    """A room has a new state.

    Attributes:
        reply: The join's: where it is joined, or was refused.
        reason: Why it is errored or closed, where no reply says so.
        retry_in: Seconds until it is joined again; None where that waits for the connection.
    """

    room: RoomMachine
    state: RoomState
    reply: Reply | None = None
    reason: str | None = None
    retry_in: float | None = None


Action: TypeAlias = (
    Connect
    | Disconnect
    | Transmit
    | StartTimer
    | CancelTimer
    | Resolve
    | Fail
    | Item
    | Deliver
    | SocketBecame
    | RoomBecame
)

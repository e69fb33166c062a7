"""The client's transition tables: what every input causes in every state, as data. Pure.

They are phoenix.js's rules, with the differences that `docs/client.md` names.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ROOM_TABLE",
    "ROOM_TARGETS",
    "SOCKET_TABLE",
    "SOCKET_TARGETS",
    "RoomInput",
    "RoomRule",
    "RoomState",
    "SocketInput",
    "SocketRule",
    "SocketState",
]


class SocketState(StrEnum):
    """Where the connection stands."""

    CLOSED = "closed"
    """Not begun, or over for good."""
    CONNECTING = "connecting"
    OPEN = "open"
    WAITING = "waiting"
    """For the time of the next try."""


class SocketInput(StrEnum):
    """What can happen to a connection."""

    CONNECT = "connect"
    OPENED = "opened"
    LOST = "closed with any code but 1000, or not opened"
    ENDED = "closed with 1000, or refused for good"
    TIMER = "the timer"
    SILENCE = "the timer, and nothing came since the last heartbeat"
    CLOSE = "close"


class SocketRule(StrEnum):
    """What is done about it."""

    DIAL = "Connect; timer: `timeout` → connecting"
    GREET = "timer: `heartbeat`; rooms join → open"
    RETRY = "rooms are suspended; timer: `reconnect_after` → waiting"
    ABANDON = "Disconnect; rooms are suspended; timer: `reconnect_after` → waiting"
    BEAT = "send a heartbeat; timer: `heartbeat`"
    END = "rooms close → closed"
    HANG_UP = "Disconnect; rooms close → closed"
    IGNORE = "nothing"


class RoomState(StrEnum):
    """Where a room, one join of one topic, stands."""

    CLOSED = "closed"
    """Not begun, or over for good."""
    JOINING = "joining"
    """The join waits for its reply, or for the connection to open."""
    JOINED = "joined"
    ERRORED = "errored"
    """It was lost, and is joined again: when the connection is back, or the timer says so."""
    LEAVING = "leaving"


class RoomInput(StrEnum):
    """What can happen to a room."""

    JOIN = "join, the connection is open"
    JOIN_EARLY = "join, the connection is not open"
    OPENED = "the connection opened"
    LOST = "the connection was lost"
    ENDED = "the connection is over for good"
    GRANTED = "ok to the join"
    REFUSED = "error to the first join"
    REFUSED_AGAIN = "error to a later join"
    TIMED_OUT = "no reply to the first join"
    TIMED_OUT_AGAIN = "no reply to a later join"
    TIMER = "the timer"
    LEAVE = "leave"
    LEAVE_UNSENT = "leave, and this connection carries no join"
    LEFT = "reply to the leave, or none in time"
    REPLACED = "another join of the topic"
    PHX_CLOSE = "`phx_close`"
    PHX_ERROR = "`phx_error`"
    EVENT = "other push or broadcast"
    STALE = "push with another join_ref"
    PUSH = "push"
    PUSH_AT_BOUND = "push, and `buffer` pushes wait"


class RoomRule(StrEnum):
    """What is done about it."""

    SEND_JOIN = "send `phx_join` → joining"
    WAIT = "nothing yet → joining"
    SUSPEND = 'calls that were sent fail, "disconnected" → errored'
    ADMIT = "send what waits, in order → joined"
    REFUSE = "the join resolves with the reply → closed"
    GIVE_UP = 'send `phx_leave`; the join fails, "timeout" → closed'
    RETRY = "calls that were sent fail; timer: `rejoin_after` → errored"
    RETRY_LATE = "send `phx_leave`; timer: `rejoin_after` → errored"
    SEND_LEAVE = "send `phx_leave` → leaving"
    CLOSE = "all calls fail → closed"
    TRANSMIT = "send it"
    HOLD = "keep it until joined"
    REJECT = 'it fails, "closed"'
    FULL = 'it fails, "full"'
    DELIVER = "Deliver"
    IGNORE = "nothing"


_X, _C, _O, _W = SocketState.CLOSED, SocketState.CONNECTING, SocketState.OPEN, SocketState.WAITING

SOCKET_TABLE: Final[Mapping[SocketInput, Mapping[SocketState, SocketRule]]] = {
    SocketInput.CONNECT: {
        _X: SocketRule.DIAL,
        _C: SocketRule.IGNORE,
        _O: SocketRule.IGNORE,
        _W: SocketRule.DIAL,
    },
    SocketInput.OPENED: {_C: SocketRule.GREET},
    SocketInput.LOST: {_C: SocketRule.RETRY, _O: SocketRule.RETRY},
    SocketInput.ENDED: {_C: SocketRule.END, _O: SocketRule.END},
    SocketInput.TIMER: {_C: SocketRule.ABANDON, _O: SocketRule.BEAT, _W: SocketRule.DIAL},
    SocketInput.SILENCE: {_O: SocketRule.ABANDON},
    SocketInput.CLOSE: {
        _X: SocketRule.IGNORE,
        _C: SocketRule.HANG_UP,
        _O: SocketRule.HANG_UP,
        _W: SocketRule.END,
    },
}
"""The connection: input and state → rule. A pair that is missing cannot occur."""

SOCKET_TARGETS: Final[Mapping[SocketRule, SocketState]] = {
    SocketRule.DIAL: _C,
    SocketRule.GREET: _O,
    SocketRule.RETRY: _W,
    SocketRule.ABANDON: _W,
    SocketRule.END: _X,
    SocketRule.HANG_UP: _X,
}
"""The state after a rule, for the rules that change it."""

_Z, _G, _D, _E, _L = (
    RoomState.CLOSED,
    RoomState.JOINING,
    RoomState.JOINED,
    RoomState.ERRORED,
    RoomState.LEAVING,
)

ROOM_TABLE: Final[Mapping[RoomInput, Mapping[RoomState, RoomRule]]] = {
    RoomInput.JOIN: {_Z: RoomRule.SEND_JOIN},
    RoomInput.JOIN_EARLY: {_Z: RoomRule.WAIT},
    RoomInput.OPENED: {_G: RoomRule.SEND_JOIN, _E: RoomRule.SEND_JOIN},
    RoomInput.LOST: {
        _G: RoomRule.SUSPEND,
        _D: RoomRule.SUSPEND,
        _E: RoomRule.SUSPEND,
        _L: RoomRule.CLOSE,
    },
    RoomInput.ENDED: {
        _G: RoomRule.CLOSE,
        _D: RoomRule.CLOSE,
        _E: RoomRule.CLOSE,
        _L: RoomRule.CLOSE,
    },
    RoomInput.GRANTED: {_G: RoomRule.ADMIT},
    RoomInput.REFUSED: {_G: RoomRule.REFUSE},
    RoomInput.REFUSED_AGAIN: {_G: RoomRule.RETRY},
    RoomInput.TIMED_OUT: {_G: RoomRule.GIVE_UP},
    RoomInput.TIMED_OUT_AGAIN: {_G: RoomRule.RETRY_LATE},
    RoomInput.TIMER: {_E: RoomRule.SEND_JOIN},
    RoomInput.LEAVE: {_G: RoomRule.SEND_LEAVE, _D: RoomRule.SEND_LEAVE, _L: RoomRule.IGNORE},
    RoomInput.LEAVE_UNSENT: {_Z: RoomRule.IGNORE, _G: RoomRule.CLOSE, _E: RoomRule.CLOSE},
    RoomInput.LEFT: {_L: RoomRule.CLOSE},
    RoomInput.REPLACED: {
        _G: RoomRule.CLOSE,
        _D: RoomRule.CLOSE,
        _E: RoomRule.CLOSE,
        _L: RoomRule.CLOSE,
    },
    RoomInput.PHX_CLOSE: {
        _G: RoomRule.CLOSE,
        _D: RoomRule.CLOSE,
        _E: RoomRule.IGNORE,
        _L: RoomRule.CLOSE,
    },
    RoomInput.PHX_ERROR: {
        _G: RoomRule.RETRY,
        _D: RoomRule.RETRY,
        _E: RoomRule.IGNORE,
        _L: RoomRule.CLOSE,
    },
    RoomInput.EVENT: {
        _G: RoomRule.DELIVER,
        _D: RoomRule.DELIVER,
        _E: RoomRule.IGNORE,
        _L: RoomRule.DELIVER,
    },
    RoomInput.STALE: {
        _G: RoomRule.IGNORE,
        _D: RoomRule.IGNORE,
        _E: RoomRule.IGNORE,
        _L: RoomRule.IGNORE,
    },
    RoomInput.PUSH: {
        _Z: RoomRule.REJECT,
        _G: RoomRule.HOLD,
        _D: RoomRule.TRANSMIT,
        _E: RoomRule.HOLD,
        _L: RoomRule.REJECT,
    },
    RoomInput.PUSH_AT_BOUND: {_G: RoomRule.FULL, _E: RoomRule.FULL},
}
"""A room: input and state → rule. A pair that is missing cannot occur."""

ROOM_TARGETS: Final[Mapping[RoomRule, RoomState]] = {
    RoomRule.SEND_JOIN: _G,
    RoomRule.WAIT: _G,
    RoomRule.SUSPEND: _E,
    RoomRule.ADMIT: _D,
    RoomRule.REFUSE: _Z,
    RoomRule.GIVE_UP: _Z,
    RoomRule.RETRY: _E,
    RoomRule.RETRY_LATE: _E,
    RoomRule.SEND_LEAVE: _L,
    RoomRule.CLOSE: _Z,
}
"""The state after a rule, for the rules that change it."""

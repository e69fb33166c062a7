"""Why a member's time in its topic ended: the typed union that `on_leave` gets.

`docs/wire.md` has the table from cause to exit, close code and log line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from .wire import CHANNEL_CRASH, CLOSE, ERROR, EXPIRED, OVERLOADED, REVOKED, refused

if TYPE_CHECKING:
    from pydantic import JsonValue

__all__ = [
    "BadEncoding",
    "BadFrame",
    "Closed",
    "ConnectionLost",
    "Crashed",
    "Disconnected",
    "Drained",
    "Exit",
    "Expired",
    "Left",
    "Overloaded",
    "Replaced",
    "Revoked",
    "ShutDown",
    "Stopped",
    "TimedOut",
    "TooBig",
    "TooSlow",
    "close_code",
    "fault",
    "last_words",
]

UNAUTHORIZED: Final = 3000
"""Close code "Unauthorized" of IANA's registry: connect again, but with a fresh token."""


@dataclass(frozen=True, slots=True)
class Left:
    """The client left the topic (`phx_leave`)."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The peer closed the connection; 1005 stands for a close frame without a code."""

    code: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The connection ended without a close frame."""


@dataclass(frozen=True, slots=True)
class BadFrame:
    """The peer broke the protocol: a frame or an envelope that is none."""

    code: int


@dataclass(frozen=True, slots=True)
class BadEncoding:
    """The peer sent text that is not UTF-8, or is not JSON."""


@dataclass(frozen=True, slots=True)
class TooBig:
    """The peer sent a message above the limit."""


@dataclass(frozen=True, slots=True)
class TooSlow:
    """The peer did not read what was sent to it."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The peer sent nothing for too long."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The same socket joined the topic again."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The channel stopped itself: normally, or with an error."""

    error: str | None = None


@dataclass(frozen=True, slots=True)
class Crashed:
    """A handler of this member raised; `error` is what it raised."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Overloaded:
    """More infos and intercepted broadcasts waited for this member than the limit allows."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The application closed the socket: by its id, or through `self.socket.close`."""

    code: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Expired:
    """The time of the member, or of the whole socket, was up: `expire_at`, `expires_at`."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """The application took the member's grant back: `Endpoint.revoke`."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Drained:
    """The server drained its connections before it stopped."""


@dataclass(frozen=True, slots=True)
class ShutDown:
    """The server ended this connection because it is ending itself, at once."""


Exit: TypeAlias = (
    Left
    | Closed
    | ConnectionLost
    | BadFrame
    | BadEncoding
    | TooBig
    | TooSlow
    | TimedOut
    | Replaced
    | Stopped
    | Crashed
    | Overloaded
    | Disconnected
    | Expired
    | Revoked
    | Drained
    | ShutDown
)


def close_code(reason: Exit) -> tuple[int, str] | None:
    """The close code and reason that tell the peer of this exit; None where none can be told.

    phoenix.js reconnects on every code but 1000, so 1000 is sent only where
    the application, or the peer, asked for it.
    """
    match reason:
        case Closed(code) | BadFrame(code):
            return code, ""
        case Disconnected(code, text):
            return code, text
        case BadEncoding():
            return 1007, ""
        case TooBig():
            return 1009, "message too big"
        case TooSlow():
            return 1013, "too slow"
        case TimedOut():
            return 1001, "idle"
        case Expired():
            return UNAUTHORIZED, "expired"
        case Crashed():
            return 1011, ""
        case Overloaded():
            return 1013, "overloaded"
        case Drained() | ShutDown():
            return 1012, "shutting down"
        case _:
            return None


def last_words(reason: Exit | None) -> tuple[str, dict[str, JsonValue]]:
    """The event and payload that tell a member's client of its end; without a reason, a close."""
    match reason:
        case Crashed() | Stopped(error=str()):
            return ERROR, refused(CHANNEL_CRASH)
        case Overloaded():
            return ERROR, refused(OVERLOADED)
        case Expired():
            return CLOSE, refused(EXPIRED)
        case Revoked():
            return CLOSE, refused(REVOKED)
        case _:
            return CLOSE, {}


def fault(code: int) -> BadFrame | BadEncoding | TooBig:
    """The exit of a peer that broke the protocol, by the close code that answers it."""
    match code:
        case 1007:
            return BadEncoding()
        case 1009:
            return TooBig()
        case _:
            return BadFrame(code)

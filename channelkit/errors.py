"""Every exception of channelkit, as one tree.

ChannelKitError
├─ DeclarationError      the author wrote a channel that cannot work (compile time)
├─ LocalProtocolError    our program used channelkit out of order
├─ RemoteProtocolError   the peer broke the protocol
├─ Refused               a handler said no; becomes an error reply, not a traceback
├─ ContractError         a contract cannot be read
├─ CallFailed            a call got an error that its event does not declare
│  └─ ConnectFailed      a client could not connect
├─ Overrun               our program read a client's pushes too slowly
├─ RoomClosed            the server ended a client's room
└─ Disconnected          the other side is gone
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from .messages import Refusal

__all__ = [
    "CallFailed",
    "ChannelKitError",
    "ConnectFailed",
    "ContractError",
    "DeclarationError",
    "Disconnected",
    "LocalProtocolError",
    "Overrun",
    "Place",
    "Problem",
    "Refused",
    "RemoteProtocolError",
    "RoomClosed",
]


class ChannelKitError(Exception):
    """The root of all that channelkit raises on its own account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a declaration stands."""

    file: str
    line: int
    name: str
    """What stands there, for example ``Room.new_msg``."""
    source: str
    """The line as written, without its indentation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in a declaration, with its remedy."""

    code: str
    """``CK0xx``; `docs/problems.md` has a paragraph for each."""
    what: str
    places: tuple[Place, ...]
    """Where it is wrong; for a conflict, both sides, the later declaration first."""
    expected: str
    got: str
    remedy: str


class DeclarationError(ChannelKitError):
    """The channels cannot work as declared.

    Attributes:
        problems: Everything that is wrong, sorted by file and line.
    """

    def __init__(self, problems: Sequence[Problem], text: str) -> None:
        super().__init__(text)
        self.problems = tuple(problems)


class LocalProtocolError(ChannelKitError):
    """Our own program used channelkit out of order, as with a push before the join is done."""


class RemoteProtocolError(ChannelKitError):
    """The peer broke the protocol.

    Attributes:
        close_code: The close code that answers it (RFC 6455 §7.4.1).
        ref: The ref of the frame at fault, where one could be read.
        topic: Its topic, where one could be read.
        has_ref: Whether a ref could be read (it may be null).
    """

    def __init__(
        self,
        text: str,
        *,
        close_code: int,
        has_ref: bool = False,
        ref: JsonValue = None,
        topic: str | None = None,
    ) -> None:
        super().__init__(text)
        self.close_code = close_code
        self.has_ref = has_ref
        self.ref = ref
        self.topic = topic


class Refused(ChannelKitError):
    """Raised in a handler or a helper of it: answers with the refusal, which must be declared.

    Attributes:
        refusal: What the client reads.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(type(refusal).__name__)
        self.refusal = refusal


class ContractError(ChannelKitError):
    """This text holds no contract, or one that cannot be read."""


class CallFailed(ChannelKitError):
    """A call was answered by the framework, not by its handler.

    Attributes:
        reason: The documented reason, such as ``"invalid payload"``, ``"overloaded"``,
            ``"rate_limited"``, ``"unmatched topic"`` or ``"channel_crash"``.
        response: The whole response as it came.
    """

    def __init__(self, reason: str, response: JsonValue = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.response = response

    @property
    def retry_after(self) -> int | None:
        """Milliseconds after which to ask again, where it was ``"rate_limited"``."""
        wait = self.response.get("retry_after") if isinstance(self.response, dict) else None
        return wait if isinstance(wait, int) else None


class ConnectFailed(CallFailed):
    """A client could not connect, and no refusal that it knows says why.

    Attributes:
        reason: The server's word, such as ``"invalid payload"`` or ``"unsupported vsn"``; else
            ``"unreachable"``, ``"timeout"``, ``"bad handshake"``, or ``"refused"`` without a word.
        status: The HTTP status that came instead of a connection, None where none did.
        response: The JSON that came with it.
    """

    def __init__(self, reason: str, status: int | None = None, response: JsonValue = None) -> None:
        super().__init__(reason, response)
        self.status = status

    def __str__(self) -> str:
        """The reason, and the status where one came: a wrong path has no other word for it."""
        return self.reason if self.status is None else f"{self.reason} (HTTP {self.status})"


class Overrun(ChannelKitError):
    """Pushes came faster than the program read them, and some were dropped.

    Attributes:
        missed: How many.
    """

    def __init__(self, missed: int) -> None:
        super().__init__(f"{missed} pushes were dropped: more came than were read")
        self.missed = missed


class RoomClosed(ChannelKitError):
    """A client's room is over, and the client did not end it.

    Its ``__cause__`` is what ended the whole socket, where that was it.

    Attributes:
        reason: ``"expired"``, ``"revoked"`` or ``"closed"``, as the server says.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Disconnected(ChannelKitError):
    """The other side is gone.

    Attributes:
        code: The close code, 1006 where no close frame came.
        reason: The reason in the close frame.
    """

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"closed with {code}" + (f" ({reason})" if reason else ""))
        self.code = code
        self.reason = reason

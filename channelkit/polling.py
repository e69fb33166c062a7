"""A long-poll session: what waits for its client, who asks for it, and until when. Pure.

The client asks with one GET after another (protocol.md B1b). What it is sent
between two of them waits here; a GET that finds nothing waits itself, for the
length of the window. Time is an argument, in seconds of any clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from .limits import Limits

__all__ = ["Answer", "Polling", "Status", "Turn"]

PATIENCE: Final = 1.5
"""Windows without a GET after which the client counts as gone (protocol.md B1b)."""


class Status(IntEnum):
    """What an answer says, in its body: the HTTP status is 200 whatever happened."""

    MESSAGES = 200
    """POST: the session took it. GET: here is what waited."""
    NOTHING = 204
    """Nothing came within the window; ask again."""
    REFUSED = 403
    """The origin, the version or `connect` refused."""
    HELD = 408
    """The session did not take a POST within the window."""
    GONE = 410
    """There is no such session: to a GET, a new one is open."""
    ENDED = 500
    """The session has ended under a GET that waited: phoenix.js of any version connects anew.

    Before 1.8.2 it takes 410 for another opening, and believes itself still joined.
    """


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """What one GET is told."""

    status: Status
    messages: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """One GET that waits, and when its window ends."""

    until: float


@final
class Polling:
    """The client's side of one session.

    Attributes:
        full: Whether more than half of what the outbox may hold waits here:
            above it, the connection keeps further frames to itself.

    Args:
        window: Seconds that a GET waits for something to come.
        now: When the session was opened, which counts as its first GET.
    """

    __slots__ = ("_asked_at", "_bytes", "_ended", "_limits", "_messages", "_turn", "_window")

    def __init__(self, window: float, limits: Limits, now: float) -> None:
        self._window = window
        self._limits = limits
        self._messages: list[str] = []
        self._bytes = 0
        self._turn: Turn | None = None
        self._asked_at = now
        self._ended = False

    # What the client is sent.

    def put(self, message: bytes) -> None:
        """Keep a message for the next answer."""
        self._messages.append(message.decode())
        self._bytes += len(message)

    @property
    def count(self) -> int:
        """Messages that wait."""
        return len(self._messages)

    @property
    def size(self) -> int:
        """Their bytes."""
        return self._bytes

    @property
    def full(self) -> bool:
        limits = self._limits
        return 2 * self._bytes > limits.outbox or 2 * len(self._messages) > limits.outbox_frames

    # The client's GETs.

    def begin(self, now: float) -> Turn:
        """A GET came. Only the last one is remembered: one that still waits has nothing to get."""
        self._turn = turn = Turn(now + self._window)
        self._asked_at = now
        return turn

    def ready(self, turn: Turn) -> bool:
        """Whether this GET can be answered before its window is over."""
        return turn is not self._turn or bool(self._messages) or self._ended

    def take(self, turn: Turn, now: float) -> Answer:
        """The answer to a GET, which ends its turn; what it holds is forgotten here.

        To be called when the answer can be written: where its client is known
        to be gone, `withdraw` keeps everything for the next GET.
        """
        if turn is not self._turn:
            return Answer(Status.NOTHING)
        self.withdraw(turn, now)
        if self._messages:
            messages, self._messages, self._bytes = tuple(self._messages), [], 0
            return Answer(Status.MESSAGES, messages)
        return Answer(Status.ENDED if self._ended else Status.NOTHING)

    def withdraw(self, turn: Turn, now: float) -> None:
        """A GET waits no more."""
        if turn is self._turn:
            self._turn = None
            self._asked_at = now

    # The end.

    def expired(self, now: float) -> bool:
        """Whether the client has not asked for too long; while a GET waits, it has."""
        return self._turn is None and now - self._asked_at > PATIENCE * self._window

    def end(self, *, keep: bool) -> None:
        """The session is over: a GET gets what still waits, where that is kept, and then ENDED."""
        self._ended = True
        if not keep:
            self._messages, self._bytes = [], 0

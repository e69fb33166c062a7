"""What a program is told of its connection and its rooms, and how it follows that."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar, final
from weakref import WeakSet

import anyio
import anyio.lowlevel

from .inbox import Signal

if TYPE_CHECKING:
    from ..payloads import Verdict
    from .transitions import RoomState, SocketState

__all__ = ["Changes", "RoomChange", "SocketChange", "Watched"]

KEPT: Final = 100
"""Changes that wait to be read; the oldest are forgotten."""

Change = TypeVar("Change")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SocketChange:
    """The connection has a new state.

    Attributes:
        code: The close code, where a connection ended: 1006 without a close frame.
        reason: What came with it, or why it could not be opened.
        retry_in: Seconds until the next try, while waiting.
    """

    state: SocketState
    code: int | None = None
    reason: str = ""
    retry_in: float | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChange:
    """A room has a new state.

    Attributes:
        verdict: What the join answered: each time it is joined, and where it was refused.
        reason: Why it is errored or closed.
        retry_in: Seconds until it joins again; None where that waits for the connection.
    """

    state: RoomState
    verdict: Verdict = None
    reason: str | None = None
    retry_in: float | None = None


@final
class Changes(Generic[Change]):
    """The changes since this was made, in order; ends behind the last. The oldest of 100 go."""

    def __init__(self, *, over: bool) -> None:
        self._changes: deque[Change] = deque(maxlen=KEPT)
        self._over = over
        self._changed = Signal()

    def put(self, change: Change, *, last: bool) -> None:
        """One more."""
        self._changes.append(change)
        self._over = last
        self._changed.ring()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Change:
        """The next change."""
        await anyio.lowlevel.checkpoint_if_cancelled()
        while not self._changes:
            if self._over:
                raise StopAsyncIteration
            await self._changed.wait()
        change = self._changes.popleft()
        await anyio.lowlevel.cancel_shielded_checkpoint()
        return change


@final
class Watched(Generic[Change]):
    """Something with changes: the last of them, and all who follow."""

    def __init__(self) -> None:
        self.last: Change | None = None
        self._over = False
        self._followers: WeakSet[Changes[Change]] = WeakSet()
        self._changed = Signal()

    def tell(self, change: Change, *, last: bool) -> None:
        """One more change."""
        self.last = change
        self._over = last
        for follower in tuple(self._followers):
            follower.put(change, last=last)
        self._changed.ring()

    def changes(self) -> Changes[Change]:
        """Those from now on."""
        follower = Changes[Change](over=self._over)
        self._followers.add(follower)
        return follower

    async def next(self) -> None:
        """Wait for the next change."""
        await self._changed.wait()

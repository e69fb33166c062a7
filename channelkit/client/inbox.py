"""What waits to be read by the program: bounded, and never waited for by the connection."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar, final

import anyio
import anyio.lowlevel

from ..errors import Overrun

__all__ = ["Inbox", "Signal"]

T = TypeVar("T")


@final
class Signal:
    """Wakes all who wait for the next change of something."""

    def __init__(self) -> None:
        self._event = anyio.Event()

    def ring(self) -> None:
        """Something changed."""
        event, self._event = self._event, anyio.Event()
        event.set()

    async def wait(self) -> None:
        """Wait for the next change."""
        await self._event.wait()


@final
class Inbox(Generic[T]):
    """Items in order, for an iteration that may end.

    At its bound it takes no more: what was taken before is still read, then
    `Overrun` tells how many were dropped, and it takes what comes next.
    """

    def __init__(self, bound: int) -> None:
        self._items: deque[T] = deque()
        self._bound = bound
        self._missed = 0
        self._over = False
        self._failure: BaseException | None = None
        self._changed = Signal()

    def put(self, item: T) -> None:
        """Add an item; at the bound it is dropped."""
        if self._over:
            return
        if self._missed or len(self._items) >= self._bound:
            self._missed += 1
        else:
            self._items.append(item)
            self._changed.ring()

    def end(self, failure: BaseException | None = None) -> None:
        """Let the iteration end behind what is there: normally, or with this failure."""
        if not self._over:
            self._over, self._failure = True, failure
            self._changed.ring()

    def drop(self) -> None:
        """End the iteration here: what is there is not read."""
        self._items.clear()
        self._missed = 0
        self.end()

    async def __anext__(self) -> T:
        """The next item.

        Raises:
            Overrun: Some were dropped at the bound.
            BaseException: The failure that it ended with.
        """
        await anyio.lowlevel.checkpoint_if_cancelled()
        while not self._items:
            self._raise_end()
            await self._changed.wait()
        item = self._items.popleft()
        await anyio.lowlevel.cancel_shielded_checkpoint()
        return item

    def _raise_end(self) -> None:
        if self._missed:
            missed, self._missed = self._missed, 0
            raise Overrun(missed)
        if self._failure is not None:
            raise self._failure
        if self._over:
            raise StopAsyncIteration

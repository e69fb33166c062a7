"""How fast new connections are taken: as many as there is room for, while the loop keeps up."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import anyio

if TYPE_CHECKING:
    from ..limits import Limits

__all__ = ["Pace"]


@final
class Pace:
    """Whether another connection may be accepted now.

    Nobody is refused: those who may not come in yet wait in the system's backlog.
    """

    __slots__ = ("_changed", "_lagging", "_limits", "_open")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open = 0
        self._lagging = False
        self._changed: anyio.Event | None = None

    @property
    def lagging(self) -> bool:
        """Whether the event loop was late when it was last looked at."""
        return self._lagging

    @property
    def may_accept(self) -> bool:
        """Whether there is room, and the event loop keeps up."""
        return self._open < self._limits.sockets and not self._lagging

    async def wait(self) -> None:
        """Wait until another connection may be accepted."""
        while not self.may_accept:
            self._changed = self._changed or anyio.Event()
            await self._changed.wait()

    def opened(self) -> None:
        """A connection was accepted."""
        self._open += 1

    def closed(self) -> None:
        """A connection is gone."""
        self._open -= 1
        self._tell()

    def measured(self, lag: float) -> None:
        """The event loop ran so many seconds late."""
        self._lagging = lag > self._limits.lag
        self._tell()

    def _tell(self) -> None:
        if self._changed is not None and self.may_accept:
            self._changed.set()
            self._changed = None

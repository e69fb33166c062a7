"""Handlers that run beside the channel task: `concurrent=True`, bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

import anyio

from .calls import Crashes

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["Beside"]


@final
class Beside:
    """Runs up to `limit` handlers of one member at once.

    Args:
        spawn: Starts a task that outlives the call.
        failed: Told what a handler raised.
    """

    __slots__ = ("_changed", "_failed", "_limit", "_running", "_spawn")

    def __init__(
        self,
        limit: int,
        spawn: Callable[[Callable[[], Coroutine[Any, Any, None]]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._limit = limit
        self._spawn = spawn
        self._failed = failed
        self._running: set[anyio.CancelScope] = set()
        self._changed = anyio.Event()

    @property
    def full(self) -> bool:
        """Whether as many run as may."""
        return len(self._running) >= self._limit

    async def wait_room(self) -> None:
        """Wait until fewer run than may."""
        while self.full:
            await self._changed.wait()

    def start(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run this too."""
        scope = anyio.CancelScope()
        self._running.add(scope)

        async def bounded() -> None:
            try:
                with Crashes(self._failed), scope:
                    await run()
            finally:
                self._running.discard(scope)
                self._changed.set()
                self._changed = anyio.Event()

        self._spawn(bounded)

    @property
    def running(self) -> int:
        """How many run now."""
        return len(self._running)

    def cancel(self) -> None:
        """Cancel all that run."""
        for scope in self._running:
            scope.cancel()

    async def settle(self, grace: float) -> None:
        """Wait until none runs; those that still do after so many seconds are cancelled."""
        if grace > 0:
            with anyio.move_on_after(grace):
                await self._wait_done()
        self.cancel()
        await self._wait_done()

    async def _wait_done(self) -> None:
        while self._running:
            await self._changed.wait()

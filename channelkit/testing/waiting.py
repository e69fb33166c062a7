"""Waiting for what must happen, and knowing when it cannot any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar, final

import anyio
import anyio.lowlevel

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Patience"]

T = TypeVar("T")

PASSES = 50
"""Passes of the event loop that a message and its answer may need before anyone looks closer."""

RECHECK = 0.01
"""Seconds after which to look again while a handler runs."""


@final
class Patience:
    """Waits as long as something can still happen.

    Args:
        idle: Whether no handler runs and nothing waits to be handled.
        limit: Seconds after which a handler that never ends fails the wait.
        quiet: Whether it is idle but for streams that wait for something.
    """

    def __init__(
        self, idle: Callable[[], bool], limit: float, quiet: Callable[[], bool] | None = None
    ) -> None:
        self._idle = idle
        self._limit = limit
        self._quiet = quiet or idle

    async def until(self, look: Callable[[], T | None], missing: Callable[[], str]) -> T:
        """What `look` finds, as soon as it finds something.

        Raises:
            AssertionError: Everything is at rest, so it cannot come any more;
                `missing` says what did.
        """
        with anyio.move_on_after(self._limit):
            while True:
                found = look()
                for _ in range(PASSES):
                    if found is not None:
                        return found
                    await anyio.lowlevel.checkpoint()
                    found = look()
                if self._idle():
                    # Other tasks of the test may still be about to do something.
                    await anyio.wait_all_tasks_blocked()
                    found = look()
                    if found is not None:
                        return found
                    if self._idle():
                        self._fail(missing())
                with anyio.move_on_after(RECHECK):
                    await anyio.sleep_forever()
        return self._fail(f"{missing()}\na handler still ran after {self._limit} s")

    async def passes(self) -> None:
        """Let the event loop do what it has to do now."""
        for _ in range(PASSES):
            await anyio.lowlevel.checkpoint()

    async def settled(self) -> None:
        """Wait until every task waits for something: time, a lock, a gate of the test."""
        await anyio.wait_all_tasks_blocked()

    async def at_rest(self) -> None:
        """Wait until everything is at rest; open streams are, while they wait.

        Raises:
            AssertionError: A handler never ends.
        """
        with anyio.move_on_after(self._limit):
            while True:
                await self.passes()
                if self._quiet():
                    await anyio.wait_all_tasks_blocked()
                    if self._quiet():
                        return
                with anyio.move_on_after(RECHECK):
                    await anyio.sleep_forever()
        self._fail(f"a handler still ran after {self._limit} s")

    @staticmethod
    def _fail(text: str) -> NoReturn:
        raise AssertionError(text)

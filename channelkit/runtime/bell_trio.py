"""The bell on trio; loaded only where trio runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast, final

import anyio
import trio

from .bell import Loop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from .crew import Crew

__all__ = ["LOOP", "TrioBell"]


@final
class TrioBell:
    """Wakes one trio task by rescheduling it."""

    __slots__ = ("_waiter",)

    def __init__(self) -> None:
        self._waiter: trio.lowlevel.Task | None = None

    @property
    def waiting(self) -> bool:
        """Whether a task waits and was not woken yet."""
        return self._waiter is not None

    def ring(self) -> None:
        """Wake the waiting task in the loop's next pass."""
        waiter = self._waiter
        if waiter is not None:
            self._waiter = None
            trio.lowlevel.reschedule(waiter)

    async def wait(self) -> None:
        """Wait for the next ring; one task at a time."""
        self._waiter = trio.lowlevel.current_task()
        await trio.lowlevel.wait_task_rescheduled(self._abort)

    def _abort(self, _: object) -> trio.lowlevel.Abort:
        self._waiter = None
        return trio.lowlevel.Abort.SUCCEEDED


def _background(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    trio.lowlevel.spawn_system_task(run)


def _crew(_: Callable[[], None]) -> Crew:
    return cast("Crew", anyio.create_task_group())  # which cancels its block where a task fails


LOOP: Final = Loop(trio.current_time, trio.current_time, TrioBell, _background, _crew)

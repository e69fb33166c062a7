"""Waking one waiting task in one step, and the event loop's clock: asyncio here, trio beside.

An `anyio.Event` is made anew for every wait and wakes in two steps; a channel
task waits once per message, so it waits on a `Bell`.
"""

from __future__ import annotations

import asyncio
import importlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast, final

from .crew import AsyncioCrew

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from .crew import Crew

__all__ = ["AsyncioBell", "Bell", "Loop", "current_loop"]


class Bell(Protocol):
    """Wakes the one task that waits; a ring that nobody waits for is lost."""

    @property
    def waiting(self) -> bool: ...
    def ring(self) -> None: ...
    async def wait(self) -> None: ...


@final
class AsyncioBell:
    """A bell on an asyncio loop, uvloop's too."""

    __slots__ = ("_loop", "_waiter")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None

    @property
    def waiting(self) -> bool:
        """Whether a task waits and was not woken yet."""
        return self._waiter is not None and not self._waiter.done()

    def ring(self) -> None:
        """Wake the waiting task in the loop's next pass."""
        waiter = self._waiter
        if waiter is not None:
            self._waiter = None
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self) -> None:
        """Wait for the next ring; one task at a time."""
        self._waiter = waiter = self._loop.create_future()
        await waiter


@dataclass(frozen=True, slots=True)
class Loop:
    """What the runtime needs of the running event loop.

    Attributes:
        clock: What deadlines are counted in. On uvloop it has whole milliseconds.
        stopwatch: What durations are measured with, as fine as the machine can.
        background: Runs something that belongs to no connection. It must end
            by itself, and raise nothing.
        crew: Makes the tasks of a connection; asks for its end where one of them fails.
    """

    clock: Callable[[], float]
    stopwatch: Callable[[], float]
    bell: Callable[[], Bell]
    background: Callable[[Callable[[], Coroutine[Any, Any, None]]], None]
    crew: Callable[[Callable[[], None]], Crew]


def current_loop() -> Loop:
    """The running event loop's clock and bells."""
    try:
        clock = asyncio.get_running_loop().time
        return Loop(clock, time.perf_counter, AsyncioBell, _background, AsyncioCrew)
    except RuntimeError:
        # trio is no dependency: its module is loaded only where trio runs.
        return cast("Loop", importlib.import_module("channelkit.runtime.bell_trio").LOOP)


_running: set[asyncio.Task[None]] = set()
"""The loop itself holds its tasks weakly."""


def _background(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    task = asyncio.get_running_loop().create_task(run())
    _running.add(task)
    task.add_done_callback(_running.discard)

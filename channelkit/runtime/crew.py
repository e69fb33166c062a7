"""The tasks of one connection: a task group as small as that allows.

There is one for each connection, and a task group of anyio weighs more than
all that it runs: a cancel scope and an event for itself and for each task.
Nothing here needs them. What runs in a crew ends by itself, within its bounds,
once the connection is closed, and raises nothing but our own mistakes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol, Self, final

import anyio

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["AsyncioCrew", "Crew"]


class Crew(Protocol):
    """Runs tasks for as long as its block lasts, and waits for them at its end.

    What a task raises ends the connection, and comes out of the block.
    """

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exception: object) -> bool: ...
    def start_soon(self, run: Callable[[], Coroutine[Any, Any, None]], /) -> object: ...


@final
class AsyncioCrew:
    """A crew on an asyncio loop, uvloop's too.

    Args:
        failed: Called when a task has raised something; the block has to end then.
    """

    __slots__ = ("_error", "_failed", "_loop", "_tasks", "_waiter")

    def __init__(self, failed: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._failed = failed
        self._tasks: list[asyncio.Task[None]] = []
        self._error: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> bool:
        while self._tasks:
            self._waiter = self._loop.create_future()
            with anyio.CancelScope(shield=True):
                await self._waiter
        if self._error is not None:
            raise self._error
        return False

    def start_soon(self, run: Callable[[], Coroutine[Any, Any, None]], /) -> None:
        """Run this too."""
        task = self._loop.create_task(run())
        self._tasks.append(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.remove(task)
        if not task.cancelled() and task.exception() is not None:
            self._error = self._error or task.exception()
            self._failed()
        if not self._tasks and self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

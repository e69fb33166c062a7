"""What goes wrong by chance: handlers that raise, connections that are cancelled or lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from channelkit.exits import ConnectionLost
from channelkit.runtime.connection import Connection

if TYPE_CHECKING:
    from random import Random

    import anyio

__all__ = ["Fault", "Faults", "followed"]


class Fault(Exception):
    """Raised by a handler, by chance."""


@dataclass
class Faults:
    """Decides, at each await of a handler and of the runtime, whether something goes wrong there.

    Attributes:
        rate: How probable that is.
        scopes: What a connection runs in.
        count: How often something did.
    """

    random: Random
    rate: float
    scopes: dict[Connection, anyio.CancelScope] = field(
        default_factory=dict["Connection", "anyio.CancelScope"]
    )
    count: int = 0

    def in_handler(self) -> None:
        """A handler has waited for something.

        Raises:
            Fault: By chance.
        """
        if self.random.random() < self.rate:
            self.count += 1
            raise Fault

    def in_runtime(self, connection: Connection) -> None:
        """A task of this connection is about to wait: the connection may end right here."""
        if self.random.random() < self.rate / 10:
            self.count += 1
            if self.random.random() < 0.5:
                self.scopes[connection].cancel()
            else:
                connection.lost(ConnectionLost())

    @contextmanager
    def everywhere(self) -> Generator[None]:
        """Follow every task of every connection for as long as the block lasts."""
        followed_class: Any = Connection
        spawn = followed_class.spawn

        def following(connection: Connection, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
            async def task() -> None:
                await followed(run(), partial(self.in_runtime, connection))

            spawn(connection, task)

        followed_class.spawn = following
        try:
            yield
        finally:
            followed_class.spawn = spawn


def followed(
    coroutine: Coroutine[Any, Any, None], suspended: Callable[[], None]
) -> Awaitable[None]:
    """The same coroutine, its suspensions told of; knows nothing of the event loop."""
    return _Followed(coroutine, suspended)


class _Followed:
    def __init__(self, coroutine: Coroutine[Any, Any, None], suspended: Callable[[], None]) -> None:
        self._coroutine = coroutine
        self._suspended = suspended

    def __await__(self) -> Generator[Any, Any, None]:
        resume: Callable[[], Any] = partial(self._coroutine.send, None)
        while True:
            try:
                trap = resume()
            except StopIteration:
                return
            self._suspended()
            try:
                sent = yield trap
            except BaseException as error:
                resume = partial(self._coroutine.throw, error)
            else:
                resume = partial(self._coroutine.send, sent)

"""What all connections of one endpoint share: table, limits, topics, and who is connected."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, final

from anyio.lowlevel import current_token

from .pubsub import PubSub
from .tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Generator

    from anyio.lowlevel import EventLoopToken

    from ..dispatch import DispatchTable
    from ..limits import Limits
    from ..rates import Rate
    from .connection import Connection

__all__ = ["Hub"]


@final
class Hub:
    """The meeting point of an endpoint's connections on one event loop.

    Attributes:
        rate: How often each of its sockets may push, None for as often as it likes.
        token: That loop, for other threads; None while nobody is connected.
    """

    def __init__(self, table: DispatchTable, limits: Limits, *, rate: Rate | None = None) -> None:
        self.table = table
        self.limits = limits
        self.rate = rate
        self.pubsub = PubSub()
        self.tracker = Tracker(self.pubsub, limits)
        self.connections: set[Connection] = set()
        self.token: EventLoopToken | None = None
        self._by_id: dict[str, set[Connection]] = {}

    @contextmanager
    def registered(self, connection: Connection) -> Generator[None]:
        """Count a connection in for as long as the block lasts."""
        if not self.connections:
            self.token = current_token()
        self.connections.add(connection)
        if connection.id is not None:
            self._by_id.setdefault(connection.id, set()).add(connection)
        try:
            yield
        finally:
            self.connections.discard(connection)
            if connection.id is not None:
                same = self._by_id[connection.id]
                same.discard(connection)
                if not same:
                    del self._by_id[connection.id]
            if not self.connections:
                self.token = None

    def identified(self, id: str) -> tuple[Connection, ...]:  # noqa: A002  (it is the socket's id)
        """The connections that `identify` gave this id."""
        return tuple(self._by_id.get(id, ()))

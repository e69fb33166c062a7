"""The sockets of one endpoint: which there are, by id, and what they hold."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Generic

import anyio
from anyio.lowlevel import current_token
from typing_extensions import TypeVar

from ..draining import Stats
from .calls import Crashes
from .carried import Carried
from .instruments import Instruments
from .log import crashed, warning

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from anyio.lowlevel import EventLoopToken

    from ..exits import Exit
    from ..limits import Limits

__all__ = ["Pool"]

S = TypeVar("S", bound=Carried, default=Any)


class Pool(Generic[S]):
    """The connections of one endpoint on one event loop.

    Attributes:
        connections: Those that run.
        on_disconnect: Told once of each connection that is over.
        wall: The system's clock, in seconds since the epoch: what a moment of expiry is held
            against when it is set.
        token: That loop, for other threads; None while nobody is connected.
        hibernate_after: Seconds of silence after which a connection gives
            memory back; None for never.
        instruments: Who is told of what happens here.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        on_disconnect: Callable[[Any, Exit], Awaitable[None]] | None = None,
        hibernate_after: float | None = None,
        instruments: Instruments | None = None,
    ) -> None:
        self.limits = limits
        self.on_disconnect = on_disconnect
        self.wall: Callable[[], float] = time.time
        self.hibernate_after = hibernate_after
        self.instruments = instruments or Instruments(slow=limits.slow_handler)
        self.connections: set[S] = set()
        self.token: EventLoopToken | None = None
        self._by_id: dict[str, set[S]] = {}

    def enter(self, connection: S) -> None:
        """Count a connection in."""
        if not self.connections:
            self.token = current_token()
        self.connections.add(connection)
        if connection.id is not None:
            self._by_id.setdefault(connection.id, set()).add(connection)

    def leave(self, connection: S) -> None:
        """Count it out."""
        self.connections.discard(connection)
        if connection.id is not None:
            same = self._by_id[connection.id]
            same.discard(connection)
            if not same:
                del self._by_id[connection.id]
        if not self.connections:
            self.token = None

    def stats(self) -> Stats:
        """What the sockets are and hold now."""
        backlogs = [connection.backlog for connection in self.connections]
        waiting = [connection.outbox.waiting for connection in self.connections]
        return Stats(
            sockets=len(self.connections),
            members=sum(members for members, _ in backlogs),
            inbox=sum(inbox for _, inbox in backlogs),
            outbox_frames=sum(frames for frames, _ in waiting),
            outbox_bytes=sum(size for _, size in waiting),
        )

    def identified(self, id: str) -> tuple[S, ...]:  # noqa: A002  (it is the socket's id)
        """The connections that `identify` gave this id."""
        return tuple(self._by_id.get(id, ()))

    async def disconnected(
        self,
        assigns: object,
        reason: Exit,
        *,
        peer: str,
        id: str | None,  # noqa: A002  (it is the socket's id)
    ) -> None:
        """Tell the application that a connection it welcomed is over.

        Not cut short by cancellation, and bounded; what it raises is logged.
        """
        if self.on_disconnect is None:
            return
        crashes = Crashes(lambda error: crashed("on_disconnect crashed", error, peer=peer, id=id))
        seconds = self.limits.leave
        with anyio.CancelScope(shield=True), crashes, anyio.move_on_after(seconds) as timer:
            await self.on_disconnect(assigns, reason)
        if timer.cancelled_caught:
            warning("on_disconnect timed out", peer=peer, id=id)

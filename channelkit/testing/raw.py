"""The client's side of one connection without channels, in memory."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, final

from ..raw_frames import Ping, Pong, RawFrame, control, raw
from ..runtime.raw_connection import RawConnection
from .dialing import let_in, running
from .memory import MemoryCarrier
from .waiting import Patience

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from pydantic import JsonValue

    from ..connect_info import ConnectInfo
    from ..exits import Closed
    from ..messages import Message
    from ..raw_endpoint import RawEndpoint
    from ..raw_frames import Sent
    from ..runtime.pool import Pool
    from ..wire import Frame

__all__ = ["RawClient", "connect_raw"]


@final
class RawClient:
    """A connection as its client sees it; made by `connect_raw`.

    Attributes:
        unread: Frames that no `expect` has taken yet, in order.
        carrier: The link in memory, for tests of the wire itself.
    """

    def __init__(self, pool: Pool[RawConnection], patience: float) -> None:
        self.unread: list[Sent] = []
        self.patience = Patience(self._idle, patience)
        self.carrier = MemoryCarrier[RawConnection](self._came)
        self._pool = pool

    async def send(self, frame: Sent) -> None:
        """Send text, bytes, a `Ping` or a `Pong`. Raises ValueError for what has no form."""
        if isinstance(frame, (Ping, Pong)):
            control(frame)  # no longer than it may be
            self.carrier.write_control(frame)
        else:
            self.carrier.write_frame(raw(frame).data, binary=isinstance(frame, bytes))

    async def expect(self) -> Sent:
        """The next frame; a ping that was sent brings its pong, as from any server.

        Raises:
            AssertionError: None came, and none can come any more.
        """
        await self.patience.until(lambda: self.unread or None, lambda: "no frame came")
        return self.unread.pop(0)

    async def expect_nothing(self) -> None:
        """Wait until everything is at rest, and fail if anything came that is unread."""
        await self.patience.at_rest()
        if self.unread:
            raise AssertionError(f"expected nothing, unread: {self.unread!r}")

    async def expect_closed(self) -> Closed:
        """How the server closed the connection."""
        return await self.patience.until(
            lambda: self.carrier.closed, lambda: f"it was not closed; unread: {self.unread!r}"
        )

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close from the client's side: what was sent before is handled first."""
        self.carrier.part(code, reason)

    def drop(self) -> None:
        """Lose the connection, without a word."""
        self.carrier.hang_up(None)

    async def elapse(self, seconds: float) -> None:
        """Let the server look at the clock, then again as if that time had passed in silence."""
        await self.patience.passes()
        connection = self.carrier.connection
        if connection is not None:
            now = connection.loop.clock()
            connection.tick(now)
            connection.tick(now + seconds)

    def _came(self, frame: Frame) -> None:
        assert isinstance(frame, RawFrame)
        self.unread.append(frame.content)

    def _idle(self) -> bool:
        return all(connection.idle for connection in self._pool.connections)


@asynccontextmanager
async def connect_raw(
    endpoint: RawEndpoint[Any],
    params: Message | Mapping[str, JsonValue] | None = None,
    *,
    info: ConnectInfo | None = None,
    patience: float = 5.0,
) -> AsyncGenerator[RawClient]:
    """Connect to a raw endpoint in memory; at the end of the block the client closes.

    Args:
        params: The connect parameters, the path's variables among them.
        info: As for `connect`.
        patience: As for `connect`.

    Raises:
        Refused: `connect` refused; carries the typed refusal.
        CallFailed: The connect parameters are invalid.
    """
    welcome = await let_in(endpoint, params, info)
    client = RawClient(endpoint.pool, patience)
    connection = RawConnection(
        endpoint.pool,
        endpoint.compile(),
        client.carrier,
        assigns=welcome.assigns,
        id=welcome.id,
        expires=welcome.expires,
    )
    client.carrier.connection = connection
    async with running(connection, client.close):
        yield client

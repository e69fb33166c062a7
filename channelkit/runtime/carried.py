"""A running connection as its carrier, its pool and the sweeper know it; its frames are below."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio

from ..exits import Closed, ConnectionLost, Drained, ShutDown, TimedOut, TooSlow
from .bell import current_loop
from .expiry import Expiry
from .notices import tell_disconnected
from .outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import datetime

    from ..exits import Exit
    from .bell import Bell
    from .carrier import Carrier
    from .crew import Crew
    from .pool import Pool

__all__ = ["Carried"]


class Carried(ABC):
    """What every connection does, whatever its frames mean: live, be looked at, end.

    A carrier feeds it (`received`, `controlled`, `writing_paused`,
    `writing_resumed`, `lost`); `run` lasts as long as the connection does.

    Attributes:
        exit: Why it is over, None before.
        expiry: When it, or a member of it, ends by itself.
        reading: Whether the carrier delivers what the peer sends.
        idle_timeout: Seconds that the peer may send nothing; None for ever.

    Args:
        assigns: What `connect` returned.
        id: What `identify` says of it.
        expires: When it ends by itself, None for never.
        peer: Who it is, for the log.
        over: What `run` waits on until it is over; a link that has to be
            read by a task does so while it is waited on.
    """

    def __init__(
        self,
        pool: Pool[Any],
        carrier: Carrier,
        *,
        assigns: object = None,
        id: str | None = None,  # noqa: A002  (it is the socket's id)
        expires: datetime | None = None,
        peer: str = "",
        over: Bell | None = None,
    ) -> None:
        self.assigns = assigns
        self.id = id
        self.peer = peer
        self.loop = current_loop()
        self.exit: Exit | None = None
        self.outbox = Outbox(carrier, pool.limits, self._overflowed)
        self.idle_timeout: float | None = pool.limits.idle
        self.reading = False
        self.pool = pool
        self._carrier = carrier
        self._over = over or self.loop.bell()
        self._crew: Crew | None = None
        self._heard = True
        self._since = self._heard_at = self._stirred_at = self.loop.clock()
        self._paused_at: float | None = None
        self._drowsy = False
        self._asleep = False
        self._draining = False
        self.expiry = Expiry(self)
        if expires is not None:
            self.expiry.set(expires)

    # What its frames mean.

    @abstractmethod
    def received(self, data: bytes, *, binary: bool) -> None:
        """Take one message of the peer."""

    @abstractmethod
    def inform(self, info: object) -> int:
        """Hand an info to the handlers of this connection; how many took it."""

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that it has joined."""
        return ()

    @property
    @abstractmethod
    def idle(self) -> bool:
        """Whether no handler of it runs and nothing waits to be handled."""

    @property
    @abstractmethod
    def _held_up(self) -> bool:
        """Whether what was read before must be handled before more is read."""

    @property
    @abstractmethod
    def backlog(self) -> tuple[int, int]:
        """How many members it has, and what waits for their handlers."""

    def _told_of_drain(self) -> list[anyio.Event]:
        """Tell its handlers that the server drains; each event is set when one knows."""
        return []

    @abstractmethod
    def _ended(self, reason: Exit) -> None:
        """Tell the handlers that it is over."""

    def _started(self) -> None:  # noqa: B027  (nothing by default)
        """Begin what runs beside the reading."""

    def _looked_at(self, now: float) -> None:  # noqa: B027  (nothing by default)
        """Look at the clocks of the handlers."""

    # Its life.

    async def run(self) -> None:
        """Serve until the connection is over, whatever ends it.

        There is one way out: reading stops, the handlers are cancelled, each
        says farewell within its bounds, then the carrier closes.
        """
        try:
            self.pool.enter(self)
            try:
                await self._serve()
            finally:
                self.pool.leave(self)
        finally:
            reason = self.exit or ShutDown()
            await self.pool.disconnected(self.assigns, reason, peer=self.peer, id=self.id)

    async def _serve(self) -> None:
        try:
            async with self.loop.crew(self._failed) as self._crew:
                self._started()
                self._read_on()
                try:
                    while self.exit is None:
                        await self._over.wait()
                finally:
                    self.close(ShutDown())
        finally:
            reason = self.exit or ShutDown()
            self.outbox.finish()
            self._carrier.close(reason)
            tell_disconnected(self, reason, self._since)

    def spawn(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run something for as long as this connection lasts."""
        assert self._crew is not None
        self._crew.start_soon(run)

    def _failed(self) -> None:
        """A task of ours has raised what it should have kept."""
        self.close(ShutDown())

    def close(self, reason: Exit) -> None:
        """End this connection; the first reason counts."""
        if self.exit is not None:
            return
        self.exit = reason
        self._read_on()
        self._ended(reason)
        if isinstance(reason, (TooSlow, ConnectionLost, Closed)):
            self.outbox.drop()
        self._over.ring()

    def drain(self) -> None:
        """End it because the server drains; its handlers are told first, and have a moment."""
        if self.exit is not None or self._draining:
            return
        self._draining = True
        told = self._told_of_drain()
        if told:
            self.spawn(partial(self._drain, told))
        else:
            self.close(Drained())

    async def _drain(self, told: list[anyio.Event]) -> None:
        with anyio.move_on_after(self.pool.limits.drain):
            for event in told:
                await event.wait()
        self.close(Drained())

    def hibernate(self) -> None:
        """Give memory back at the sweeper's next look; what comes after makes it anew."""
        self._drowsy = True

    # From the carrier.

    def heard(self) -> None:
        """A part of a message came: the peer lives."""
        self._heard = True

    def controlled(self, payload: bytes, *, ping: bool) -> None:
        """Take a ping, which the carrier answers, or a pong."""
        self._heard = True

    def parting(self) -> bool:
        """Whether the carrier may take the frame that ends the connection, or is to wait.

        It waits until its reading is resumed.
        """
        return True

    def writing_paused(self) -> None:
        """The carrier is above its high-water mark: read nothing until it is below."""
        self.outbox.pause()
        self._paused_at = self.loop.clock()
        self._read_on()

    def writing_resumed(self) -> None:
        """The carrier is below its mark again."""
        self.outbox.resume()
        if not self.outbox.paused:
            self._paused_at = None
            self._read_on()

    def lost(self, reason: Exit) -> None:
        """The peer is gone, or broke the carrier's protocol."""
        self.close(reason)

    def _overflowed(self) -> None:
        self.close(TooSlow())
        self.outbox.drop()  # it may be closing already, for another reason

    # From the sweeper and the test kit.

    def tick(self, now: float) -> None:
        """Look at the time: who expires, idle peers, slow ones, and handlers that are stuck."""
        if now >= self.expiry.earliest:
            self.expiry.end(now)
        limits = self.pool.limits
        heard = self._heard or not self.reading
        if heard:
            self._heard = False
            self._heard_at = now
        elif self.idle_timeout is not None and now - self._heard_at > self.idle_timeout:
            self.close(TimedOut())
        if self._paused_at is not None and now - self._paused_at > limits.too_slow_after:
            self.close(TooSlow())
        if self._drowsy or self.pool.hibernate_after is not None:
            self._rest(now, stirred=heard)
        self._looked_at(now)

    def _rest(self, now: float, *, stirred: bool) -> None:
        """Hibernate once, where it was asked for, or nothing came and went for long enough."""
        after = self.pool.hibernate_after
        if self._carrier.stirred() or stirred:
            self._stirred_at = now
            self._asleep = False
        if self._drowsy or (
            after is not None and not self._asleep and now - self._stirred_at >= after
        ):
            self._drowsy = False
            self._asleep = True
            self._carrier.hibernate()

    def _read_on(self) -> None:
        """Read, unless somebody who cannot keep up forbids it."""
        reading = self.exit is None and not self.outbox.paused and not self._held_up
        if reading != self.reading:
            self.reading = reading
            if reading:
                self._carrier.resume_reading()
            else:
                self._carrier.pause_reading()

"""One connection without channels: its frames to one instance's callbacks, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, final

import anyio

from ..exits import Crashed, Overloaded, ShutDown
from ..raw_frames import Ping, Pong
from . import log
from .calls import Crashes, being_cancelled
from .carried import Carried
from .facade import Facade

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import datetime

    from ..exits import Disconnected, Exit
    from ..raw_socket import AnyRawSocket, RawPlan
    from .bell import Bell
    from .carrier import Carrier
    from .pool import Pool

__all__ = ["RawConnection"]


class _Info(NamedTuple):
    value: object


class _Drain(NamedTuple):
    told: anyio.Event


@final
class RawConnection(Carried):
    """The running side of one client link whose frames hold no envelopes.

    What comes waits in one inbox, in order; what the peer sends in there is
    bounded, so that at the bound it is not read. A close frame waits until all
    before it is handled, so that its answers still leave.

    Args:
        assigns, id, expires, peer, over: See `Carried`.
    """

    def __init__(
        self,
        pool: Pool[RawConnection],
        plan: RawPlan,
        carrier: Carrier,
        *,
        assigns: object = None,
        id: str | None = None,  # noqa: A002  (it is the socket's id)
        expires: datetime | None = None,
        peer: str = "",
        over: Bell | None = None,
    ) -> None:
        self._inbox: list[str | bytes | Ping | Pong | _Info | _Drain] = []
        self._frames = 0
        self._infos = 0
        self._full = False
        self._full_since: float | None = None
        self._parting: float | None = None
        self._patient = True
        self._busy = True
        self._closing: Disconnected | None = None
        super().__init__(
            pool, carrier, assigns=assigns, id=id, expires=expires, peer=peer, over=over
        )
        self._plan = plan
        self._bell = self.loop.bell()
        self._scope = anyio.CancelScope()
        self._instance: AnyRawSocket = object.__new__(plan.socket)
        self._instance.__dict__["_port"] = self

    # From the carrier.

    def received(self, data: bytes, *, binary: bool) -> None:
        """Take one message of the peer."""
        self._heard = True
        self._take(data if binary else data.decode())

    def controlled(self, payload: bytes, *, ping: bool) -> None:
        """Take a control frame, where the class has an opinion on them."""
        self._heard = True
        if "on_control" in self._plan.callbacks:
            self._take(Ping(payload) if ping else Pong(payload))

    def parting(self) -> bool:
        """Let what came before the end be handled first, for at most `Limits.leave`."""
        if not self._busy and not self._inbox:
            return True
        if self._patient:
            self._parting = self.loop.clock()
            self._read_on()
        return not self._patient

    def _take(self, frame: str | bytes | Ping | Pong) -> None:
        self._inbox.append(frame)
        self._frames += 1
        if self._frames >= self.pool.limits.inbox:
            self._full = True
            self._read_on()
        self._bell.ring()

    # From the program.

    @property
    def socket(self) -> Facade:
        """What `self.socket` is to the instance."""
        return Facade(self, self._disconnect)

    def inform(self, info: object) -> int:
        """Put an info into the inbox; says whether it was taken."""
        if self.exit is not None:
            return 0
        if self._infos >= self.pool.limits.infos:
            self.close(Overloaded())
            return 0
        self._infos += 1
        self._inbox.append(_Info(info))
        self._bell.ring()
        return 1

    @property
    def backlog(self) -> tuple[int, int]:
        """See `Carried.backlog`; it has no members."""
        return 0, self._frames

    def _told_of_drain(self) -> list[anyio.Event]:
        if "on_drain" not in self._plan.callbacks:
            return []
        self._inbox.append(_Drain(told := anyio.Event()))
        self._bell.ring()
        return [told]

    def _disconnect(self, reason: Disconnected) -> None:
        """Close after the running callback."""
        self._closing = self._closing or reason
        self._bell.ring()

    # How it runs.

    @property
    def idle(self) -> bool:
        """Whether no callback runs and nothing waits to be handled."""
        return self.exit is None and not self._busy and not self._inbox

    def _started(self) -> None:
        self.spawn(self._live)

    @property
    def _held_up(self) -> bool:
        return self._full or self._parting is not None

    def _ended(self, reason: Exit) -> None:
        self._scope.cancel()

    def _looked_at(self, now: float) -> None:
        """Find callbacks that take too long for a peer that waits."""
        if not self._full:
            self._full_since = None
        elif self._full_since is None:
            self._full_since = now
        elif now - self._full_since > self.pool.limits.stall_timeout:
            self._full_since = now
            log.warning("socket stalled", peer=self.peer, id=self.id)
        if self._parting is not None and now - self._parting > self.pool.limits.leave:
            self._patient = False
            self._part()

    def _part(self) -> None:
        """Let the carrier take the frame that waits to end it."""
        if self._parting is not None:
            self._parting = None
            self._read_on()

    async def _live(self) -> None:
        """Run the instance's whole life; its farewell comes whatever ends it."""
        try:
            with Crashes(self._crashed), self._scope:
                if "on_open" in self._plan.callbacks:
                    await self._answer(self._instance.on_open())
                while self.exit is None:
                    if self._closing is not None:
                        self.close(self._closing)
                    elif self._inbox:
                        await self._handle(self._inbox.pop(0))
                    else:
                        await self._wait()
        finally:
            if being_cancelled():  # with the whole server
                self.close(ShutDown())
            with anyio.CancelScope(shield=True):
                await self._farewell()

    async def _wait(self) -> None:
        """Wait for the next thing to do."""
        self._busy = False
        self._part()
        if not self._inbox and self._closing is None:
            await self._bell.wait()
        self._busy = True

    async def _handle(self, item: str | bytes | Ping | Pong | _Info | _Drain) -> None:
        started = self.loop.clock()
        if isinstance(item, _Info):
            self._infos -= 1
            await self._answer(self._instance.on_info(item.value))
        elif isinstance(item, _Drain):
            try:
                await self._answer(self._instance.on_drain())
            finally:
                item.told.set()
        else:
            self._frames -= 1
            if self._full and 2 * self._frames <= self.pool.limits.inbox:
                self._full = False
                self._read_on()
            if isinstance(item, (Ping, Pong)):
                await self._answer(self._instance.on_control(item))
            else:
                await self._answer(self._instance.on_frame(item))
        took = self.loop.clock() - started
        if took > self.pool.limits.slow_handler:
            log.warning("slow callback", peer=self.peer, id=self.id, seconds=round(took, 3))

    async def _answer(self, callback: Awaitable[str | bytes | None]) -> None:
        """Await a callback, and send what it returns."""
        answer = await callback
        if answer is not None:
            await self.socket.send_frame(answer)

    async def _farewell(self) -> None:
        reason = self.exit or ShutDown()
        for item in self._inbox:
            if isinstance(item, _Drain):
                item.told.set()
        if "on_terminate" in self._plan.callbacks:
            with (
                Crashes(self._farewell_crashed),
                anyio.move_on_after(self.pool.limits.leave) as timer,
            ):
                await self._instance.on_terminate(reason)
            if timer.cancelled_caught:
                log.warning("on_terminate timed out", peer=self.peer, id=self.id)

    def _crashed(self, error: Exception) -> None:
        log.crashed("socket crashed", error, peer=self.peer, id=self.id)
        self.close(Crashed(error))

    def _farewell_crashed(self, error: Exception) -> None:
        log.crashed("on_terminate crashed", error, peer=self.peer, id=self.id)

"""One client link running: frames in, the session's actions out, its channel tasks."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, assert_never, final

import anyio

from ..errors import RemoteProtocolError
from ..exits import Closed, ConnectionLost, ShutDown, TimedOut, TooSlow
from ..rates import Buckets
from ..serializers import Unsendable
from ..session import Close, Deliver, Send, Session, Start, Stop
from ..wire import HEARTBEAT, LEAVE, NO_BINARY, PHOENIX, Push, Reply, rate_limited, refused
from .bell import current_loop
from .channel_task import ChannelTask
from .expiry import Expiry
from .log import info, told, warning
from .outbox import Outbox
from .unsaid import dropped, unanswered

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable, Iterable
    from datetime import datetime

    from anyio.abc import TaskGroup

    from ..exits import Exit, Revoked
    from ..mailbox import Mailbox
    from ..member import Member
    from ..rates import Rate
    from ..serializers import Serializer
    from ..session import Action
    from .bell import Bell
    from .carrier import Carrier
    from .hub import Hub
    from .pubsub import Publication

__all__ = ["Connection"]


@final
class Connection:
    """The running side of one client link.

    A carrier feeds it (`received`, `writing_paused`, `writing_resumed`,
    `lost`); `run` lasts as long as the connection does.

    Attributes:
        exit: Why it is over, None before.
        expiry: When it, or a member of it, ends by itself.
        reading: Whether the carrier delivers what the peer sends.

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
        hub: Hub,
        carrier: Carrier,
        serializer: Serializer,
        *,
        assigns: object = None,
        id: str | None = None,  # noqa: A002  (it is the socket's id)
        expires: datetime | None = None,
        peer: str = "",
        over: Bell | None = None,
    ) -> None:
        self.hub = hub
        self.serializer = serializer
        self.assigns = assigns
        self.id = id
        self.peer = peer
        self.loop = current_loop()
        self.exit: Exit | None = None
        self.outbox = Outbox(carrier, hub.limits, self._overflowed)
        self._carrier = carrier
        self._session = Session(hub.table, hub.limits)
        self._buckets: Buckets | None = None
        # Without a rate nothing stands between the serializer and the session.
        self._receive: Callable[[Push], list[Action]] = (
            self._session.receive if hub.rate is None else partial(self._receive_rated, hub.rate)
        )
        self._channels: dict[Member, ChannelTask] = {}
        self._over = over or self.loop.bell()
        self._tasks: TaskGroup | None = None
        self._heard_at = self.loop.clock()
        self._heard = True
        self._idle = math.inf if serializer.patient else hub.limits.idle
        self.reading = False
        self._paused_at: float | None = None
        self._clogged: Member | None = None
        self._clogged_at = 0.0
        self.expiry = Expiry(self)
        if expires is not None:
            self.expiry.set(expires)

    async def run(self) -> None:
        """Serve until the connection is over, whatever ends it.

        There is one way out: reading stops, the channel tasks are cancelled,
        each says farewell within its bounds, then the carrier closes.
        """
        try:
            with self.hub.registered(self):
                try:
                    async with anyio.create_task_group() as self._tasks:
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
                    info("disconnected", peer=self.peer, id=self.id, exit=told(reason))
        finally:
            reason = self.exit or ShutDown()
            await self.hub.disconnected(self.assigns, reason, peer=self.peer, id=self.id)

    # From the carrier.

    def received(self, data: bytes, *, binary: bool) -> None:
        """Take one message of the peer."""
        self._heard = True
        serializer = self.serializer
        try:
            push = serializer.decode_binary(data) if binary else serializer.decode(data)
        except RemoteProtocolError as error:
            self.perform(self._session.violated(error))
            return
        self.perform(self._receive(push))
        if self._session.clogged is not None:
            self._read_on()

    def _receive_rated(self, rate: Rate, push: Push) -> list[Action]:
        """Receive a push, unless its socket sends too fast; heartbeats and leaves always may."""
        free = push.event == LEAVE or (push.event == HEARTBEAT and push.topic == PHOENIX)
        wait = 0 if free else self.wait_of(None, rate)
        if not wait or self.exit is not None:
            return self._session.receive(push)
        response = rate_limited(wait)
        return [Send(Reply(push.join_ref, push.ref, push.topic, "error", response))]

    def heard(self) -> None:
        """A control frame came: the peer lives."""
        self._heard = True

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

    # From the session.

    def perform(self, actions: Iterable[Action]) -> None:
        """Do what the session says."""
        for action in actions:
            if isinstance(action, Deliver):  # nearly always; a match statement takes thrice as long
                self._channels[action.member].deliver(action.push)
            else:
                self._perform(action)

    def _perform(self, action: Send | Start | Stop | Close) -> None:
        match action:
            case Send():
                self._send(action.envelope)
            case Start():
                self._start(action.member)
            case Stop():
                self._stop(action.member, action.exit)
            case Close():
                self.close(action.exit)
            case _:
                assert_never(action)

    def _send(self, envelope: Push | Reply) -> None:
        if isinstance(envelope, Reply):
            self.reply(envelope)
        else:
            self.push(envelope)

    def _start(self, member: Member) -> None:
        if self.exit is not None:  # a frame sent just before has closed us: too slow, or lost
            return
        predecessor = None if member.replaced is None else self._channels.get(member.replaced)
        task = self._channels[member] = ChannelTask(self, self._session, member, predecessor)
        self.spawn(task.run)

    def _stop(self, member: Member, reason: Exit) -> None:
        task = self._channels.get(member)
        if task is not None:  # else its Start is still to come, and will do nothing
            task.end(reason)

    def _overflowed(self) -> None:
        self.close(TooSlow())
        self.outbox.drop()  # it may be closing already, for another reason

    # From the channel tasks.

    def wait_of(self, key: Hashable, rate: Rate) -> int:
        """Count one more of these on this connection: 0, or after how many ms it may come."""
        if self._buckets is None:
            self._buckets = Buckets()
        return self._buckets.take(key, rate, self.loop.clock())

    def spawn(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run something for as long as this connection lasts."""
        assert self._tasks is not None
        self._tasks.start_soon(run)

    def forget(self, member: Member) -> None:
        """A member's task is over."""
        self.expiry.forget(self._channels.pop(member))
        self.relieved()

    def relieved(self) -> None:
        """A member took a push out of its inbox: read on if it was that which held us."""
        self._read_on()

    def reply(self, reply: Reply) -> None:
        """Send a reply; binary where it has no form becomes an error that says so.

        Raises:
            ValueError: The response is no JSON.
        """
        try:
            frame = self.serializer.reply(reply)
        except Unsendable:
            reply = reply._replace(status="error", response=refused(NO_BINARY))
            frame = self.serializer.reply(reply)
        if frame is not None:
            self.outbox.put(frame)
        elif reply.status == "error":
            unanswered(reply, self.peer)

    def push(self, push: Push) -> None:
        """Send a push; binary where it has no form is dropped and logged. Raises as `reply`."""
        try:
            frame = self.serializer.push(push)
        except Unsendable:
            dropped(push.topic, push.event, self.peer)
            return
        if frame is not None:
            self.outbox.put(frame)

    def publish(self, publication: Publication) -> None:
        """Send a broadcast; raises as `push`."""
        try:
            frame = publication.frame(self.serializer)
        except Unsendable:
            topic, event, _ = publication.broadcast
            dropped(topic, event, self.peer)
            return
        self.outbox.put(frame)

    # From the endpoint, the sweeper and the test kit.

    @property
    def idle(self) -> bool:
        """Whether no handler of it runs and nothing waits to be handled."""
        return self.exit is None and all(task.idle for task in self._channels.values())

    def close(self, reason: Exit) -> None:
        """End this connection; the first reason counts."""
        if self.exit is not None:
            return
        self.exit = reason
        self._read_on()
        self.perform(self._session.closed(reason))
        if isinstance(reason, (TooSlow, ConnectionLost, Closed)):
            self.outbox.drop()
        self._over.ring()

    def revoke(self, topic: str | None, reason: Revoked) -> int:
        """End the joins of a topic, or all, at once; says how many that were."""
        tasks = tuple(self._channels.values())
        ending = [
            task for task in tasks if task.exit is None and topic in (None, task.member.topic)
        ]
        for task in ending:
            task.end(reason)
        return len(ending)

    def inform(self, info: object) -> int:
        """Send an info to every joined member, the newest first (A.3); how many took it."""
        tasks = reversed(tuple(self._channels.values()))
        return sum(task.inform(info) for task in tasks if task.grant is not None)

    def member_of(self, topic: str) -> Mailbox | None:
        """The joined member of a topic, None without one."""
        joined = (task for task in self._channels.values() if task.grant and task.open)
        return next((task.port.mailbox for task in joined if task.member.topic == topic), None)

    def tick(self, now: float) -> None:
        """Look at the time: who expires, idle peers, slow ones, and handlers that are stuck."""
        if now >= self.expiry.earliest:
            self.expiry.end(now)
        limits = self.hub.limits
        if self._heard or not self.reading:
            self._heard = False
            self._heard_at = now
        elif now - self._heard_at > self._idle:
            self.close(TimedOut())
        if self._paused_at is not None and now - self._paused_at > limits.too_slow_after:
            self.close(TooSlow())
        clogged = self._session.clogged
        if clogged is not self._clogged:
            self._clogged, self._clogged_at = clogged, now
        elif clogged is not None and now - self._clogged_at > limits.stall_timeout:
            warning("stalled", peer=self.peer, topic=clogged.topic)
            self._session.stalled(clogged)
            self._read_on()

    def _read_on(self) -> None:
        """Read, unless somebody who cannot keep up forbids it."""
        reading = self.exit is None and not self.outbox.paused and self._session.clogged is None
        if reading != self.reading:
            self.reading = reading
            if reading:
                self._clogged = None
                self._carrier.resume_reading()
            else:
                self._carrier.pause_reading()

"""One client link running: frames in, the session's actions out, its channel tasks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, assert_never, final

from ..errors import RemoteProtocolError
from ..rates import Buckets
from ..serializers import Unsendable
from ..session import Close, Deliver, Send, Session, Start, Stop
from ..wire import HEARTBEAT, LEAVE, NO_BINARY, PHOENIX, Push, Ref, Reply, rate_limited, refused
from .carried import Carried
from .channel_task import ChannelTask
from .log import warning
from .unsaid import dropped, unanswered

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from datetime import datetime

    import anyio

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
class Connection(Carried):
    """The running side of one client link that speaks channels.

    Args:
        assigns, id, expires, peer, over: See `Carried`.
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
        super().__init__(
            hub, carrier, assigns=assigns, id=id, expires=expires, peer=peer, over=over
        )
        self.hub = hub
        self.serializer = serializer
        if serializer.patient:
            self.idle_timeout = None
        self._session = Session(hub.table, hub.limits)
        self._buckets: Buckets | None = None
        # Without a rate nothing stands between the serializer and the session.
        self._receive: Callable[[Push], list[Action]] = (
            self._session.receive if hub.rate is None else partial(self._receive_rated, hub.rate)
        )
        self._channels: dict[Member, ChannelTask] = {}
        self._clogged: Member | None = None
        self._clogged_at = 0.0

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

    # From the channel tasks.

    def wait_of(self, key: Hashable, rate: Rate) -> int:
        """Count one more of these on this connection: 0, or after how many ms it may come."""
        if self._buckets is None:
            self._buckets = Buckets()
        return self._buckets.take(key, rate, self.loop.clock())

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

    # What ends it, and what looks at it.

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that it has joined."""
        return tuple(
            member.topic for member, task in self._channels.items() if task.grant is not None
        )

    @property
    def idle(self) -> bool:
        """Whether no handler of it runs and nothing waits to be handled."""
        return self.exit is None and all(task.idle for task in self._channels.values())

    @property
    def quiet(self) -> bool:
        """Whether it is idle but for open streams."""
        return self.exit is None and all(task.quiet for task in self._channels.values())

    def task_of(self, topic: str, join_ref: Ref) -> ChannelTask | None:
        """The task of the member that came of this join, None before and after its life."""
        for member, task in self._channels.items():
            if member.topic == topic and member.join_ref == join_ref:
                return task
        return None

    def revoke(self, topic: str | None, reason: Revoked) -> int:
        """End the joins of a topic, or all, at once; says how many that were."""
        tasks = tuple(self._channels.values())
        ending = [
            task for task in tasks if task.exit is None and topic in (None, task.member.topic)
        ]
        for task in ending:
            task.end(reason)
        return len(ending)

    def _told_of_drain(self) -> list[anyio.Event]:
        told = [task.drain() for task in self._channels.values()]
        return [event for event in told if event is not None]

    @property
    def backlog(self) -> tuple[int, int]:
        """See `Carried.backlog`."""
        members = [member for member, task in self._channels.items() if task.grant is not None]
        return len(members), sum(member.backlog for member in self._channels)

    def inform(self, info: object) -> int:
        """Send an info to every joined member, the newest first (A.3); how many took it."""
        tasks = reversed(tuple(self._channels.values()))
        return sum(task.inform(info) for task in tasks if task.grant is not None)

    def member_of(self, topic: str) -> Mailbox | None:
        """The joined member of a topic, None without one."""
        joined = (task for task in self._channels.values() if task.grant and task.open)
        return next((task.port.mailbox for task in joined if task.member.topic == topic), None)

    def _ended(self, reason: Exit) -> None:
        self.perform(self._session.closed(reason))

    @property
    def _held_up(self) -> bool:
        return self._session.clogged is not None

    def _looked_at(self, now: float) -> None:
        """Find a handler that keeps an inbox full."""
        clogged = self._session.clogged
        if clogged is not self._clogged:
            self._clogged, self._clogged_at = clogged, now
        elif clogged is not None and now - self._clogged_at > self.hub.limits.stall_timeout:
            warning("stalled", peer=self.peer, topic=clogged.topic)
            self._session.stalled(clogged)
            self._read_on()

    def _read_on(self) -> None:
        super()._read_on()
        if self.reading:
            self._clogged = None

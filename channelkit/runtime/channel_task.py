"""The task of one member: its join, its events one at a time, its farewell."""

from __future__ import annotations

import math
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, final

import anyio
import anyio.lowlevel

from ..exits import Crashed, Expired, Left, Overloaded, ShutDown, Stopped
from ..transitions import State
from ..wire import JOIN_TIMEOUT, LEAVE, Push, refused
from . import log
from .calls import Crashes, being_cancelled
from .handling import Drain, Handling, Info, released
from .here import MemberHere
from .notices import tell_joined, tell_left
from .port import ChannelPort
from .verdicts import decided, why_not

if TYPE_CHECKING:
    from ..channel import AnyChannel
    from ..dispatch import Grant
    from ..exits import Disconnected, Exit
    from ..member import Member
    from ..payloads import Answer
    from ..session import Session
    from ..wire import Body
    from .connection import Connection
    from .pubsub import Publication

__all__ = ["ChannelTask"]


@final
class ChannelTask:
    """Runs one member from its join to its close.

    Attributes:
        grant: What its join was granted, None before.
        exit: Why it ends; the first reason counts.
        over: Its farewell is done: nothing of it goes out any more.
    """

    __slots__ = (
        "__weakref__",
        "_bell",
        "_clock",
        "_closing",
        "_connection",
        "_finished",
        "_handling",
        "_inbox",
        "_infos",
        "_limits",
        "_predecessor",
        "_scope",
        "_session",
        "_since",
        "exit",
        "grant",
        "here",
        "instance",
        "member",
        "over",
        "port",
    )

    def __init__(
        self,
        connection: Connection,
        session: Session,
        member: Member,
        predecessor: ChannelTask | None,
    ) -> None:
        self.member = member
        self.grant: Grant | None = None
        self.exit: Exit | None = None
        self.over = False
        self._connection = connection
        self._session = session
        self._predecessor = predecessor
        self._scope = anyio.CancelScope()
        self._bell = connection.loop.bell()
        self._clock = connection.loop.clock
        self._since = connection.loop.stopwatch()
        self._limits = connection.hub.limits
        # Bounded, and nearly always empty: an empty deque is 600 bytes, for each member.
        self._inbox: list[Push | Publication | Info | Drain] = []
        self._infos = 0
        self._handling: Handling | None = None
        self._closing: Disconnected | None = None
        self._finished: anyio.Event | None = None
        self.port = ChannelPort(connection, self)
        match = member.match
        presence = match.route.presence
        self.here = None if presence is None else MemberHere(presence, connection, self)
        self.instance: AnyChannel = object.__new__(match.route.channel)
        self.instance.__dict__.update(match.parameters, _port=self.port)

    # From outside: each returns at once.

    def deliver(self, push: Push) -> None:
        """Put a push into the inbox; a leave limits how long the rest takes, and ends streams."""
        if push.event == LEAVE:
            self._scope.deadline = self._clock() + self._limits.leave
            if self._handling is not None:
                self._handling.leaving()
        self._inbox.append(push)
        self._bell.ring()

    def published(self, publication: Publication) -> None:
        """Take a broadcast: on to the client, or to the channel where it intercepts the event."""
        if publication.broadcast.event in self.member.match.route.intercepts:
            publication.encode()  # what has no JSON form is the publisher's crash, not this one's
            self._queue(publication)
        else:
            self._connection.publish(publication)

    @property
    def open(self) -> bool:
        """Whether it takes infos: not once it ends."""
        return self.exit is None

    def inform(self, info: object) -> bool:
        """Put an info into the inbox; False where nobody would take it out again."""
        return self.exit is None and self._queue(Info(info))

    def relieved(self) -> None:
        """An info or an intercepted broadcast was taken out of the inbox."""
        self._infos -= 1

    def _queue(self, item: Publication | Info) -> bool:
        if self._infos >= self._limits.infos:
            self.end(Overloaded())
            return False
        self._infos += 1
        self._inbox.append(item)
        self._bell.ring()
        return True

    def crash(self, error: Exception) -> None:
        """End now: what runs beside the inbox raised this."""
        self._crashed(error)
        self._scope.cancel()

    def stop(self, reason: Exit) -> None:
        """End after the running handler's reply."""
        if self.exit is None:
            self.exit = reason
            self._bell.ring()

    def disconnect(self, reason: Disconnected) -> None:
        """Close the whole connection after the running handler's reply."""
        self._closing = self._closing or reason
        if self.over:
            self._connection.close(reason)
        else:
            self._bell.ring()

    def end(self, reason: Exit) -> None:
        """End now, cancelling what runs; no broadcast reaches the client any more."""
        if self.exit is None:
            self.exit = reason
        self._unsubscribe()
        self._scope.cancel()

    def drain(self) -> anyio.Event | None:
        """Tell the handler that the server drains; the event says when it knows, if it has one."""
        if self.grant is None or self.over or self.member.match.route.on_drain is None:
            return None
        self._inbox.append(Drain(told := anyio.Event()))
        self._bell.ring()
        return told

    def put_back(self, push: Push) -> None:
        """Put a push that was taken out back to the inbox's front: nobody has handled it."""
        self._inbox.insert(0, push)

    def take_again(self) -> None:
        """Take the push out that was put back."""
        self._inbox.pop(0)

    @property
    def ending(self) -> bool:
        """Whether its end has begun, or is asked for: what still runs may be cut short."""
        leaving = self.member.state is State.LEAVING
        return leaving or self.exit is not None or self._scope.cancel_called

    def expire(self) -> None:
        """End because its time is up: the running handler has `Limits.leave`, a join none."""
        if self.grant is None:
            self.end(Expired())
            return
        self._unsubscribe()
        self.stop(Expired())
        until = self._clock() + self._limits.leave
        self._scope.deadline = min(self._scope.deadline, until)

    @property
    def quiet(self) -> bool:
        """Whether it is idle but for streams, which may be open for ever."""
        handlers = self._handling is not None and self._handling.handlers
        return self._bell.waiting and not self._inbox and not handlers

    @property
    def idle(self) -> bool:
        """Whether nothing of it runs and nothing waits for it."""
        handling = self._handling is not None and self._handling.beside
        return self._bell.waiting and not self._inbox and not handling

    # The life.

    async def run(self) -> None:
        """Run the member's whole life; its farewell comes whatever ends it."""
        try:
            with Crashes(self._crashed), self._scope:
                await self._succeed()
                answer = await self._join()
                if answer is not None:
                    await self._serve(answer)
        finally:
            if being_cancelled():  # with the whole connection: the peer is told nothing of members
                self._connection.close(ShutDown())
            with anyio.CancelScope(shield=True):
                await self._succeed()
                await self._finish()

    async def _succeed(self) -> None:
        """Wait for the member that this one replaces: what it has to say comes first."""
        if self._predecessor is not None:
            await self._predecessor.wait_over()
            self._predecessor = None

    async def wait_over(self) -> None:
        """Wait until the farewell is done."""
        if not self.over:
            self._finished = self._finished or anyio.Event()
            await self._finished.wait()

    async def _join(self) -> Answer | None:
        """The answer that grants; None where the join was refused, and told so."""
        self._since = self._connection.loop.stopwatch()
        self._scope.deadline = self._clock() + self._limits.join
        verdict, answer = await decided(
            self.member.match.route,
            self.instance,
            self.member.join,
            self._connection.serializer,
            partial(self._log_crash, "join crashed"),
        )
        status, response = answer
        if status == "error":
            self._refuse(response)
            return None
        self.grant = self.member.match.route.grant(verdict)
        tell_joined(self._connection, self.member, answer, self._since)
        self._since = self._connection.loop.stopwatch()
        if self._scope.cancel_called:  # it came too late: the time is up, or the peer is gone
            await anyio.lowlevel.checkpoint()
        self._scope.deadline = math.inf
        return answer

    def _refuse(self, response: Body) -> None:
        if self.grant is None:  # else it was told of, and what is told of it next is its end
            tell_joined(self._connection, self.member, ("error", response), self._since)
        self._connection.perform(self._session.refused(self.member, response))

    async def _serve(self, answer: Answer) -> None:
        connection, inbox = self._connection, self._inbox
        route = self.member.match.route
        assert self.grant is not None
        handling = self._handling = Handling(self, connection, self._session, self.grant)
        with self.here or nullcontext(), connection.hub.pubsub.subscribe(self.member.topic, self):
            connection.perform(self._session.granted(self.member, answer[1]))
            if route.after_join is not None:
                await route.after_join(self.instance)
            while self.exit is None:
                if self._closing is not None:
                    await handling.settle(quietly=True)
                    connection.close(self._closing)
                elif not inbox:
                    await self._bell.wait()
                else:
                    await handling.take(inbox.pop(0))

    # The end.

    async def _finish(self) -> None:
        """Say farewell once, and tell the session that the member is gone."""
        if self._scope.cancelled_caught and self.member.state is State.JOINING:
            self._refuse(refused(why_not(self.exit)))
        if self.exit is None:  # the time is up: a leave's, or the join's, whatever it grants
            leaving = self.member.state is State.LEAVING
            self.exit = Left() if leaving else Stopped(JOIN_TIMEOUT)
        if self.grant is not None:
            await self._farewell(self.exit)
        self.over = True
        released(self._inbox)
        unhandled = [item for item in self._inbox if isinstance(item, Push) and item.event != LEAVE]
        self._connection.perform(self._session.ended(self.member, self.exit, unhandled))
        if self._finished is not None:
            self._finished.set()
        if self._closing is not None:
            self._connection.close(self._closing)
        self._connection.forget(self.member)

    async def _farewell(self, reason: Exit) -> None:
        if self._handling is not None:
            alone = isinstance(reason, Expired) and self._connection.exit is None
            await self._handling.settle(quietly=alone or isinstance(reason, (Left, Stopped)))
        if isinstance(reason, Left):
            self._connection.perform(self._session.left(self.member))
        on_leave = self.member.match.route.on_leave
        if on_leave is not None:
            crashes = Crashes(partial(self._log_crash, "on_leave crashed"))
            with crashes, anyio.move_on_after(self._limits.leave) as timer:
                await on_leave(self.instance, reason)
            if timer.cancelled_caught:
                log.warning("on_leave timed out", **self.names())
        tell_left(self._connection, self.member, reason, self._since)

    def _crashed(self, error: Exception) -> None:
        self._log_crash("crashed", error)
        if self.exit is None:
            self.exit = Crashed(error)

    # What they share.

    def _unsubscribe(self) -> None:
        self._connection.hub.pubsub.unsubscribe(self.member.topic, self)

    def names(self) -> dict[str, object]:
        """Who this is, for the log."""
        connection = self._connection
        return {"topic": self.member.topic, "peer": connection.peer, "id": connection.id}

    def _log_crash(self, event: str, error: Exception) -> None:
        log.crashed(event, error, **self.names())

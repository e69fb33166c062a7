"""The task of one member: its join, its events one at a time, its farewell."""

from __future__ import annotations

import math
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, final

import anyio
import anyio.lowlevel

from ..errors import Refused
from ..exits import Crashed, Left, Overloaded, ShutDown, Stopped
from ..payloads import Invalid
from ..transitions import State
from ..wire import (
    FORBIDDEN,
    JOIN_TIMEOUT,
    LEAVE,
    OVERLOADED,
    UNKNOWN_EVENT,
    Push,
    Reply,
    refused,
)
from . import log
from .beside import Beside
from .calls import Crashes, being_cancelled
from .port import ChannelPort
from .pubsub import Publication
from .verdicts import changed, decided, informed

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from ..channel import AnyChannel
    from ..dispatch import EventPlan, Grant
    from ..exits import Disconnected, Exit
    from ..member import Member
    from ..payloads import Answer
    from ..session import Session
    from ..wire import Body
    from .connection import Connection

__all__ = ["ChannelTask"]


class _Info(NamedTuple):
    value: object


@final
class ChannelTask:
    """Runs one member from its join to its close.

    Attributes:
        grant: What its join was granted, None before.
        exit: Why it ends; the first reason counts.
        over: Its farewell is done: nothing of it goes out any more.
    """

    __slots__ = (
        "_bell",
        "_beside",
        "_clock",
        "_closing",
        "_connection",
        "_finished",
        "_inbox",
        "_infos",
        "_instance",
        "_limits",
        "_port",
        "_predecessor",
        "_scope",
        "_session",
        "exit",
        "grant",
        "member",
        "over",
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
        self._limits = connection.hub.limits
        self._inbox: deque[Push | Publication | _Info] = deque()
        self._infos = 0
        self._beside: Beside | None = None
        self._closing: Disconnected | None = None
        self._finished: anyio.Event | None = None
        self._port = ChannelPort(connection, self)
        match = member.match
        self._instance: AnyChannel = object.__new__(match.route.channel)
        self._instance.__dict__.update(match.parameters, _port=self._port)

    # From outside: each returns at once.

    def deliver(self, push: Push) -> None:
        """Put a push into the inbox; a leave also limits how long the rest may take."""
        if push.event == LEAVE:
            self._scope.deadline = self._clock() + self._limits.leave
        self._inbox.append(push)
        self._bell.ring()

    def published(self, publication: Publication) -> None:
        """Take a broadcast: on to the client, or to the channel where it intercepts the event."""
        if publication.broadcast.event in self.member.match.route.intercepts:
            publication.encode()  # what has no JSON form is the publisher's crash, not this one's
            self._queue(publication)
        else:
            self._connection.publish(publication)

    def inform(self, info: object) -> None:
        """Put an info into the inbox."""
        self._queue(_Info(info))

    def _queue(self, item: Publication | _Info) -> None:
        if self._infos >= self._limits.infos:
            self.end(Overloaded())
            return
        self._infos += 1
        self._inbox.append(item)
        self._bell.ring()

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
        """End now, cancelling what runs."""
        if self.exit is None:
            self.exit = reason
        self._scope.cancel()

    @property
    def idle(self) -> bool:
        """Whether nothing of it runs and nothing waits for it."""
        beside = self._beside is not None and self._beside.running
        return self._bell.waiting and not self._inbox and not beside

    # The life.

    async def run(self) -> None:
        """Run the member's whole life; its farewell comes whatever ends it."""
        try:
            with Crashes(self._crashed), self._scope:
                if self._predecessor is not None:  # the first join's farewell comes first
                    await self._predecessor.wait_over()
                    self._predecessor = None
                answer = await self._join()
                if answer is not None:
                    await self._serve(answer)
        finally:
            if being_cancelled():  # with the whole connection: the peer is told nothing of members
                self._connection.close(ShutDown())
            with anyio.CancelScope(shield=True):
                await self._finish()

    async def wait_over(self) -> None:
        """Wait until the farewell is done."""
        if not self.over:
            self._finished = self._finished or anyio.Event()
            await self._finished.wait()

    async def _join(self) -> Answer | None:
        """The answer that grants; None where the join was refused, and told so."""
        self._scope.deadline = self._clock() + self._limits.join
        verdict, answer = await decided(
            self.member.match.route,
            self._instance,
            self.member.join,
            self._connection.serializer,
            partial(self._log_crash, "join crashed"),
        )
        status, response = answer
        if status == "error":
            self._refuse(response)
            return None
        self.grant = self.member.match.route.grant(verdict)
        if self._scope.cancel_called:  # it came too late: the time is up, or the peer is gone
            await anyio.lowlevel.checkpoint()
        self._scope.deadline = math.inf
        return answer

    def _refuse(self, response: Body) -> None:
        reason = response.get("reason") if isinstance(response, dict) else None
        log.info("join refused", **self._names(), reason=reason)
        self._connection.perform(self._session.refused(self.member, response))

    async def _serve(self, answer: Answer) -> None:
        connection, inbox = self._connection, self._inbox
        route = self.member.match.route
        with connection.hub.pubsub.subscribe(self.member.topic, self):
            connection.perform(self._session.granted(self.member, answer[1]))
            log.info("joined", **self._names(), params=log.masked(self.member.join.payload))
            if route.after_join is not None:
                await route.after_join(self._instance)
            while self.exit is None:
                if self._closing is not None:
                    await self._settle_beside(quietly=True)
                    connection.close(self._closing)
                elif not inbox:
                    await self._bell.wait()
                else:
                    await self._taken_out(inbox.popleft())

    def _taken_out(self, item: Push | Publication | _Info) -> Awaitable[None]:
        """What is to be done about the next thing in the inbox."""
        if isinstance(item, Push):
            self._session.taken(self.member)
            if not self._connection.reading:
                self._connection.relieved()
            assert self.grant is not None
            plan = self.grant.plan(item.event)
            if plan is None or plan.concurrent:
                return self._special(plan, item)
            return self._answer(plan, item)
        self._infos -= 1
        if isinstance(item, Publication):
            return self._intercept(item)
        return informed(self.member.match.route, self._instance, item.value, self._names())

    async def _special(self, plan: EventPlan | None, push: Push) -> None:
        """A leave, an unknown event, or one that runs beside the others."""
        if plan is not None:
            if self._beside is None:
                spawn = self._connection.spawn
                self._beside = Beside(self._limits.concurrent, spawn, self._failed_beside)
            await self._beside.start(partial(self._answer, plan, push))
        elif push.event == LEAVE:
            self.exit = Left()
        else:
            self._reply(push, ("error", refused(UNKNOWN_EVENT)))

    async def _answer(self, plan: EventPlan, push: Push) -> None:
        """Handle one event: permission, payload, call, check of the result, reply."""
        if plan.allow is not None and not plan.allow(self._instance):
            self._reply(push, ("error", refused(FORBIDDEN)))
            return
        message = plan.accepts.decode(push.payload)
        if isinstance(message, Invalid):
            self._reply(push, ("error", message.response()))
            return
        clock = self._clock
        started = clock()
        try:
            result = await plan.handler(self._instance, message)
        except Refused as refusal:
            result = refusal.refusal
        took = clock() - started
        if took > self._limits.slow_handler:
            log.warning("slow handler", **self._names(), event=push.event, seconds=round(took, 3))
        answer = plan.answers.settle(result)
        if answer is not None:
            self._reply(push, answer)

    async def _intercept(self, publication: Publication) -> None:
        """Let the channel change a broadcast, or drop it; what remains goes out as a push."""
        route = self.member.match.route
        message = await changed(route, self._instance, publication, self._names())
        if message is not None:
            await self._port.push(message)

    # The end.

    async def _finish(self) -> None:
        """Say farewell once, and tell the session that the member is gone."""
        if self._scope.cancelled_caught and self.member.state is State.JOINING:
            self._refuse(refused(JOIN_TIMEOUT if self.exit is None else OVERLOADED))
        if self.exit is None:  # the time is up: a leave's, or the join's, whatever it grants
            leaving = self.member.state is State.LEAVING
            self.exit = Left() if leaving else Stopped(JOIN_TIMEOUT)
        if self.grant is not None:
            await self._farewell(self.exit)
        self.over = True
        unhandled = [item for item in self._inbox if isinstance(item, Push) and item.event != LEAVE]
        self._connection.perform(self._session.ended(self.member, self.exit, unhandled))
        if self._finished is not None:
            self._finished.set()
        if self._closing is not None:
            self._connection.close(self._closing)
        self._connection.forget(self.member)

    async def _farewell(self, reason: Exit) -> None:
        await self._settle_beside(quietly=isinstance(reason, (Left, Stopped)))
        if isinstance(reason, Left):
            self._connection.perform(self._session.left(self.member))
        on_leave = self.member.match.route.on_leave
        if on_leave is not None:
            crashes = Crashes(partial(self._log_crash, "on_leave crashed"))
            with crashes, anyio.move_on_after(self._limits.leave) as timer:
                await on_leave(self._instance, reason)
            if timer.cancelled_caught:
                log.warning("on_leave timed out", **self._names())
        log.info("left", **self._names(), exit=log.told(reason))

    async def _settle_beside(self, *, quietly: bool) -> None:
        """Let concurrent handlers finish where the end is a quiet one; cancel what remains."""
        if self._beside is not None:
            await self._beside.settle(self._limits.leave if quietly else 0)

    def _crashed(self, error: Exception) -> None:
        self._log_crash("crashed", error)
        if self.exit is None:
            self.exit = Crashed(error)

    def _failed_beside(self, error: Exception) -> None:
        self._crashed(error)
        self._scope.cancel()

    # What they share.

    def _reply(self, push: Push, answer: Answer) -> None:
        status, response = answer
        member = self.member
        self._connection.reply(Reply(member.join_ref, push.ref, member.topic, status, response))

    def _names(self) -> dict[str, object]:
        """Who this is, for the log."""
        connection = self._connection
        return {"topic": self.member.topic, "peer": connection.peer, "id": connection.id}

    def _log_crash(self, event: str, error: Exception) -> None:
        log.crashed(event, error, **self._names())

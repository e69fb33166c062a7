"""What is done about each thing in a member's inbox: pushes, infos, intercepted broadcasts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, final

import anyio
from anyio import get_cancelled_exc_class

from ..errors import Refused
from ..exits import Left
from ..payloads import Invalid
from ..wire import (
    CHANNEL_CLOSED,
    FORBIDDEN,
    LEAVE,
    UNKNOWN_EVENT,
    Push,
    Reply,
    rate_limited,
    refused,
)
from . import log
from .beside import Beside
from .notices import tell_handled
from .pubsub import Publication
from .streams import Streams
from .verdicts import changed, informed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from ..dispatch import EventPlan, Grant
    from ..payloads import Answer
    from ..rates import Rate
    from ..session import Session
    from ..wire import Body
    from .channel_task import ChannelTask
    from .connection import Connection

__all__ = ["Drain", "Handling", "Info", "released"]


class Info(NamedTuple):
    """A value from this program, in an inbox."""

    value: object


class Drain(NamedTuple):
    """The server drains, in an inbox; `told` is set once its handler knows."""

    told: anyio.Event


def released(inbox: Iterable[object]) -> None:
    """Nobody will handle what is in this inbox: a drain does not wait for it."""
    for item in inbox:
        if isinstance(item, Drain):
            item.told.set()


@final
class Handling:
    """Handles what a granted member's inbox holds, one after another.

    Args:
        grant: Where the event plans come from.
    """

    __slots__ = (
        "_beside",
        "_connection",
        "_grant",
        "_instruments",
        "_limits",
        "_session",
        "_stopwatch",
        "_streams",
        "_task",
    )

    def __init__(
        self, task: ChannelTask, connection: Connection, session: Session, grant: Grant
    ) -> None:
        self._task = task
        self._connection = connection
        self._session = session
        self._grant = grant
        self._stopwatch = connection.loop.stopwatch
        self._limits = connection.hub.limits
        self._instruments = connection.hub.instruments
        self._beside: Beside | None = None
        self._streams: Streams | None = None

    @property
    def beside(self) -> int:
        """How many handlers and streams run beside the inbox."""
        return self.handlers + (0 if self._streams is None else self._streams.running)

    @property
    def handlers(self) -> int:
        """How many handlers run beside the inbox."""
        return 0 if self._beside is None else self._beside.running

    def take(self, item: Push | Publication | Info | Drain) -> Awaitable[None]:
        """What is to be done about the next thing in the inbox."""
        task = self._task
        if isinstance(item, Push):
            self._session.taken(task.member)
            if not self._connection.reading:
                self._connection.relieved()
            plan = self._grant.plan(item.event)
            if plan is None or plan.special:
                return self._special(plan, item)
            return self._answer(plan, item)
        if isinstance(item, Drain):
            return self._drained(item)
        task.relieved()
        if isinstance(item, Publication):
            return self._intercept(item)
        return informed(task.member.match.route, task.instance, item.value, task.names())

    async def _drained(self, item: Drain) -> None:
        on_drain = self._task.member.match.route.on_drain
        try:
            if on_drain is not None:
                await on_drain(self._task.instance)
        finally:
            item.told.set()

    def leaving(self) -> None:
        """The client wants to leave: it waits for handlers, but for no stream."""
        if self._streams is not None:
            self._streams.close()

    async def settle(self, *, quietly: bool) -> None:
        """Close all streams; let handlers finish where the end is a quiet one, or cancel them."""
        self.leaving()
        if self._beside is not None:
            await self._beside.settle(self._limits.leave if quietly else 0)
        if self._streams is not None:
            await self._streams.wait_closed()

    async def _special(self, plan: EventPlan | None, push: Push) -> None:
        """A leave, an unknown event, one with a rate, a stream, or one beside the others."""
        if plan is None:
            if push.event == LEAVE:
                self._task.exit = Left()
            else:
                self.reply(push, ("error", refused(UNKNOWN_EVENT)))
        elif plan.rate is not None and (wait := self._wait_of(plan.event, plan.rate)):
            self.refuse(plan, push, rate_limited(wait))
        elif plan.stream is not None:
            if self._streams is None:
                self._streams = Streams(self, self._task, self._connection)
            self._streams.open(plan, plan.stream, push)
        elif plan.concurrent:
            await self._start_beside(plan, push)
        else:
            await self._answer(plan, push)

    async def _start_beside(self, plan: EventPlan, push: Push) -> None:
        if self._beside is None:
            self._beside = Beside(self._limits.concurrent, self._connection.spawn, self._task.crash)
        if self._beside.full:
            self._task.put_back(push)  # it is in the inbox while it waits: an end may come first
            await self._beside.wait_room()
            if self._task.exit is not None:
                return
            self._task.take_again()
        self._beside.start(partial(self._answer, plan, push))

    def _wait_of(self, event: str, rate: Rate) -> int:
        """After how many ms this event may come again; counted for the socket, not the join."""
        pattern = self._task.member.match.route.pattern.text
        return self._connection.wait_of((pattern, event), rate)

    async def _answer(self, plan: EventPlan, push: Push) -> None:
        """Handle one event: permission, payload, call, check of the result, reply."""
        instance = self._task.instance
        if plan.allow is not None and not plan.allow(instance):
            self.refuse(plan, push, refused(FORBIDDEN))
            return
        message = plan.accepts.decode(push.payload)
        if isinstance(message, Invalid):
            self.refuse(plan, push, message.response())
            return
        stopwatch = self._stopwatch
        started = stopwatch()
        try:
            try:
                result = await plan.handler(instance, message)
            except Refused as refusal:
                result = refusal.refusal
            took = stopwatch() - started
            answer = plan.answers.settle(result)
            if answer is not None:
                self.reply(push, answer)
        except get_cancelled_exc_class():
            self.cut_short(push)
            raise
        except Exception:
            self.handled(plan, push, stopwatch() - started, None, crashed=True)
            raise
        if took > self._instruments.watch_from:  # it was slow, or somebody hears of every event
            self._noticed(plan, push, took, answer)

    async def _intercept(self, publication: Publication) -> None:
        """Let the channel change a broadcast, or drop it; what remains goes out as a push."""
        task = self._task
        route = task.member.match.route
        message = await changed(route, task.instance, publication, task.names())
        if message is not None:
            await task.port.push(message)

    def cut_short(self, push: Push) -> None:
        """Answer a push whose handler is cancelled because its member ends."""
        if self._task.ending and self._connection.exit is None:
            self.reply(push, ("error", refused(CHANNEL_CLOSED)))

    def refuse(self, plan: EventPlan, push: Push, response: Body) -> None:
        """Answer an error without asking the handler."""
        answer: Answer = "error", response
        self.reply(push, answer)
        self.handled(plan, push, 0.0, answer)

    def _noticed(self, plan: EventPlan, push: Push, took: float, answer: Answer | None) -> None:
        if took > self._limits.slow_handler:
            names = self._task.names()
            log.warning("slow handler", **names, event=push.event, seconds=round(took, 3))
        self.handled(plan, push, took, answer)

    def handled(
        self,
        plan: EventPlan,
        push: Push,
        took: float,
        answer: Answer | None,
        *,
        crashed: bool = False,
    ) -> None:
        """Tell those who hear of every event, if there are any."""
        if self._instruments.heard:
            member = self._task.member
            tell_handled(self._connection, member, plan, push, took, answer, crashed=crashed)

    def reply(self, push: Push, answer: Answer) -> None:
        """Send the reply to a push of this member."""
        status, response = answer
        member = self._task.member
        self._connection.reply(Reply(member.join_ref, push.ref, member.topic, status, response))

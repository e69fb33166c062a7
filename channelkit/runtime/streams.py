"""Events answered by a stream: each runs beside the inbox, and pushes what it yields."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, final

import anyio
import anyio.lowlevel

from ..errors import LocalProtocolError, Refused
from ..messages import Message, Refusal
from ..payloads import Invalid, narrowed, pushable
from ..serializers import Unsendable
from ..wire import CHANNEL_CLOSED, FORBIDDEN, NO_BINARY, OVERLOADED, Push, refused
from . import log
from .beside import Beside

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ..dispatch import EventPlan, StreamPlan
    from ..payloads import Answer
    from .channel_task import ChannelTask
    from .connection import Connection
    from .handling import Handling

__all__ = ["Streams"]

_DONE: Final[Answer] = ("ok", {})
_CUT: Final[Answer] = ("error", refused(CHANNEL_CLOSED))


@final
class Streams:
    """The open streams of one member, at most `Limits.streams`."""

    __slots__ = ("_beside", "_connection", "_handling", "_task")

    def __init__(self, handling: Handling, task: ChannelTask, connection: Connection) -> None:
        self._handling = handling
        self._task = task
        self._connection = connection
        self._beside = Beside(connection.hub.limits.streams, connection.spawn, task.crash)

    @property
    def running(self) -> int:
        """How many are open."""
        return self._beside.running

    def open(self, plan: EventPlan, stream: StreamPlan, push: Push) -> None:
        """Begin to answer a push; what stands against it is answered at once."""
        instance = self._task.instance
        if plan.allow is not None and not plan.allow(instance):
            return self._handling.refuse(plan, push, refused(FORBIDDEN))
        message = plan.accepts.decode(push.payload)
        if isinstance(message, Invalid):
            return self._handling.refuse(plan, push, message.response())
        if self._task.ending:
            return self._handling.reply(push, _CUT)
        if self._beside.full:
            return self._handling.refuse(plan, push, refused(OVERLOADED))
        items = stream.handler(instance, message)
        return self._beside.start(partial(self._run, plan, stream, push, items))

    def close(self) -> None:
        """Stop them all: each closes its generator, then is answered "channel closed"."""
        self._beside.cancel()

    async def wait_closed(self) -> None:
        """Stop them all, and wait until they are over."""
        await self._beside.settle(0)

    async def _run(
        self,
        plan: EventPlan,
        stream: StreamPlan,
        push: Push,
        items: AsyncGenerator[Message | Refusal, None],
    ) -> None:
        stopwatch = self._connection.loop.stopwatch
        started = stopwatch()
        try:
            answer = await self._streamed(plan, stream, push, items)
        except anyio.get_cancelled_exc_class():
            self._handling.cut_short(push)
            raise
        except Exception:
            self._handling.handled(plan, push, stopwatch() - started, None, crashed=True)
            raise
        self._handling.reply(push, answer)
        self._handling.handled(plan, push, stopwatch() - started, answer)

    async def _streamed(
        self,
        plan: EventPlan,
        stream: StreamPlan,
        push: Push,
        items: AsyncGenerator[Message | Refusal, None],
    ) -> Answer:
        """Push what the generator yields, and close it whatever ends it; gives its answer."""
        answer: Answer | None = None
        # Entered before the generator begins, which may be suspended inside scopes of its own:
        # one that was entered after these would have to be left before them.
        with anyio.CancelScope() as cleanup:
            try:
                answer = await self._drained(plan, stream, push, items)
            except Refused as refusal:
                answer = plan.answers.settle(refusal.refusal)
            except Unsendable:
                answer = "error", refused(NO_BINARY)
            finally:
                cleanup.shield = True
                limits, clock = self._connection.hub.limits, self._connection.loop.clock
                cleanup.deadline = clock() + limits.leave
                await items.aclose()
        if cleanup.cancelled_caught:
            names = self._task.names()
            log.warning("stream cleanup timed out", **names, event=push.event)
        if answer is None:  # it was cancelled, and the end of its cleanup's time hides that
            await anyio.lowlevel.checkpoint()
        return answer or _CUT

    async def _drained(
        self,
        plan: EventPlan,
        stream: StreamPlan,
        push: Push,
        items: AsyncGenerator[Message | Refusal, None],
    ) -> Answer | None:
        outbox = self._connection.outbox
        async for item in items:
            if isinstance(item, Refusal):
                return plan.answers.settle(item)
            self._push(stream, push, item)
            if outbox.paused:
                await outbox.wait_writable()
            else:  # a generator that never waits is not the only one who wants to run
                await anyio.lowlevel.checkpoint()
        return _DONE

    def _push(self, stream: StreamPlan, asked: Push, item: Message) -> None:
        """Send an item under its event, with the ref of the push that asked for it."""
        declared = narrowed(item, stream.items)
        if not isinstance(declared, Message):
            raise LocalProtocolError(
                f"yielded {type(item).__name__}, which its return annotation does not declare; "
                "add it there"
            )
        member, event = self._task.member, stream.items[type(declared)]
        push = Push(member.join_ref, asked.ref, member.topic, event, pushable(declared))
        frame = self._connection.serializer.push(push)
        if frame is not None:
            self._connection.outbox.put(frame)

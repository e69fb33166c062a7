"""What an author's code raises, wherever it does, costs its own member and nobody else."""

from __future__ import annotations

import asyncio

import anyio
import pytest

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    Message,
    Ok,
    Refusal,
    Refused,
    after_join,
    channel,
    exits,
    on_broadcast,
    on_event,
    on_info,
    on_join,
    on_leave,
)
from channelkit.testing import connect

from .hall import dial

pytestmark = pytest.mark.anyio


class Where(Message):
    """Where to raise what."""

    where: str = ""
    what: str = "stray"


class Nothing(Message):
    """No fields."""


class Told(Message):
    """Intercepted."""


class No(Refusal):
    """Declared nowhere."""


class Unprintable(Exception):
    """Cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


def _cancellations() -> list[BaseException]:
    """What only code on asyncio can raise itself."""
    cancelled = anyio.get_cancelled_exc_class()
    return [cancelled()] if cancelled is asyncio.CancelledError else []


async def raise_it(what: str) -> None:
    """Raise one of the odd things that code can raise."""
    match what:
        case "refusal":
            raise Refused(No())
        case "unprintable":
            raise Unprintable
        case "group":
            raise BaseExceptionGroup("several", [ValueError("a"), *_cancellations()])
        case "group of strays" if _cancellations():
            raise BaseExceptionGroup("several", _cancellations())
        case _ if _cancellations():
            future = asyncio.get_running_loop().create_future()
            future.cancel()
            await future
        case _:
            raise RuntimeError("trio has no such thing")


@channel("odd:{name}")
class Odd(Channel[None, Told]):
    """Raises where it is told to."""

    name: str

    async def _raise_in(self, where: str) -> None:
        if self.asked.where == where:
            await raise_it(self.asked.what)

    @on_join
    async def enter(self, params: Where) -> None:
        """Let in."""
        self.asked = params
        await self._raise_in("join")

    @after_join
    async def after(self) -> None:
        """Go on."""
        await self._raise_in("after_join")

    @on_event("event")
    async def event(self, message: Nothing) -> Ok:
        """Answer."""
        await self._raise_in("event")
        return Ok()

    @on_event("beside", concurrent=True)
    async def beside(self, message: Nothing) -> Ok:
        """Answer."""
        await self._raise_in("beside")
        return Ok()

    @on_event("stuck")
    async def stuck(self, message: Nothing) -> Ok:
        """Raise when cancelled, among other tasks that are."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(anyio.sleep_forever)
            try:
                await anyio.sleep_forever()
            finally:
                raise ValueError("while cleaning up")
        return Ok()

    @on_info
    async def info(self, info: int) -> None:
        """Take it."""
        await self._raise_in("info")

    @on_broadcast
    async def told(self, message: Told) -> Told:
        """Let it through."""
        await self._raise_in("intercept")
        return message

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Go."""
        EXITS.append(reason)
        await self._raise_in("leave")


EXITS: list[Exit] = []


@pytest.fixture(autouse=True)
def _no_exits() -> None:
    EXITS.clear()


@pytest.mark.parametrize("what", ["stray", "refusal", "unprintable", "group", "group of strays"])
@pytest.mark.parametrize(
    "where", ["join", "after_join", "event", "beside", "info", "intercept", "leave"]
)
async def test_whatever_is_raised_wherever_costs_one_member(where: str, what: str) -> None:
    endpoint = Endpoint("/socket", [Odd])
    topic = Odd.topic_for(name="bad")
    async with connect(endpoint) as ann:
        good, _ = await ann.join(Odd.topic_for(name="good"), Odd.enter, Where())
        ann.push(str(topic), "phx_join", {"where": where, "what": what}, join_ref="j")
        await ann.patience.passes()
        event = where if where in ("event", "beside") else "phx_leave"
        endpoint.inform(topic, 1)
        await endpoint.broadcast(topic, Told())
        ann.push(str(topic), event, {}, join_ref="j")
        await ann.patience.passes()

        assert await good.call(Odd.event, Nothing()) == Ok()
        await ann.heartbeat()
        assert len(endpoint.hub.pubsub) == 1
        ends = [type(exit_) for exit_ in EXITS]
    assert ends == {"join": [], "leave": [exits.Left]}.get(where, [exits.Crashed])


async def test_what_a_handler_raises_while_the_server_is_cancelled_stays_with_it() -> None:
    endpoint = Endpoint("/socket", [Odd])
    with anyio.CancelScope() as server_scope:
        async with anyio.create_task_group() as server:
            ann = dial(endpoint, None, server)
            room, _ = await ann.join(Odd.topic_for(name="a"), Odd.enter, Where())
            await room.send(Odd.stuck, Nothing())
            await ann.patience.passes()
            server_scope.cancel()

    assert [exits.ShutDown()] == EXITS
    assert len(endpoint.hub.connections) == 0


class Abort(BaseException):
    """Means the whole program."""


async def test_what_means_the_whole_program_passes() -> None:
    @channel("last")
    class Last(Channel[None]):
        @on_join
        async def enter(self, params: Nothing) -> None:
            raise Abort

    endpoint = Endpoint("/socket", [Last])
    with pytest.raises(BaseExceptionGroup) as caught:
        async with anyio.create_task_group() as server:
            dial(endpoint, None, server).push("last", "phx_join", {}, join_ref="1")

    assert caught.value.split(Abort)[1] is None
    assert len(endpoint.hub.connections) == 0

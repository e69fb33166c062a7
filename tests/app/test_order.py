"""The order in which frames leave: what protocol B1.6 promises, and a test for each promise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest
from pydantic import BaseModel

from channelkit import (
    Channel,
    Endpoint,
    Message,
    Ok,
    after_join,
    channel,
    on_broadcast,
    on_event,
    on_join,
    on_leave,
)
from channelkit.exits import Exit
from channelkit.testing import Ended, connect
from channelkit.wire import Push, Reply

if TYPE_CHECKING:
    from channelkit.testing import ClientRoom, ClientSocket

pytestmark = pytest.mark.anyio


@dataclass
class Stage:
    """What the test and the handlers share."""

    gate: anyio.Event = field(default_factory=anyio.Event)
    begun: list[int] = field(default_factory=list[int])
    endpoints: list[Endpoint[Any]] = field(default_factory=list[Endpoint[Any]])


class User(BaseModel, arbitrary_types_allowed=True):
    """The assigns."""

    stage: Stage


class Do(Message):
    """What to do, in this order."""

    steps: tuple[str, ...] = ()


class Number(Message):
    """A number."""

    n: int


class Plain(Message):
    """Goes out as it is."""

    n: int


class Passed(Message):
    """Goes through the channel."""

    n: int


@channel("room")
class Room(Channel[User, Plain | Passed]):
    """Does as it is told."""

    @on_join
    async def join(self, params: Do) -> None:
        """Wait at the gate, or have something broadcast meanwhile."""
        for step in params.steps:
            match step:
                case "broadcast":
                    await self.assigns.stage.endpoints[0].broadcast(ROOM, Plain(n=0))
                case _:
                    await self.assigns.stage.gate.wait()

    @after_join
    async def greet(self) -> None:
        """Push, then broadcast."""
        await self.push(Plain(n=100))
        await self.broadcast(Plain(n=101))

    @on_event("do")
    async def do(self, message: Do) -> Ok:
        """One step after the other; the number of each goes with it."""
        for n, step in enumerate(message.steps):
            match step:
                case "push":
                    await self.push(Plain(n=n))
                case "broadcast":
                    await self.broadcast(Plain(n=n))
                case "passed":
                    await self.broadcast(Passed(n=n))
                case "stop":
                    self.stop()
                case _:
                    self.stop(error=step)
        return Ok()

    @on_event("later", concurrent=True)
    async def later(self, message: Number) -> Number:
        """Answer the later the smaller the number, once the gate is open."""
        self.assigns.stage.begun.append(message.n)
        await self.assigns.stage.gate.wait()
        for _ in range(20 * (3 - message.n)):
            await anyio.lowlevel.checkpoint()
        return message

    @on_broadcast
    async def passed(self, message: Passed) -> Passed | None:
        """Wait at the gate with number 0; drop number 1; let the rest through."""
        if message.n == 0:
            await self.assigns.stage.gate.wait()
        return None if message.n == 1 else message

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Say something that nobody of this member hears any more."""
        await self.broadcast(Plain(n=200))


ROOM = Room.topic_for()


def made() -> tuple[Endpoint[User], Stage]:
    """The application, and what it shares with the test."""
    stage = Stage()

    async def admit(params: Do) -> User:
        return User(stage=stage)

    stage.endpoints.append(endpoint := Endpoint("/socket", [Room], admit))
    return endpoint, stage


async def joined(socket: ClientSocket) -> ClientRoom[Room]:
    """The room, joined, its greeting read."""
    room, _ = await socket.join(ROOM, Room.join, Do())
    assert [(await room.expect(Plain)).n for _ in range(2)] == [100, 101]
    return room


async def told(socket: ClientSocket, room: ClientRoom[Room], *steps: str) -> list[object]:
    """What the client reads from this event on, in short."""
    before = len(socket.received)
    socket.push(str(ROOM), "do", {"steps": list(steps)}, join_ref=room.join_ref)
    await socket.patience.at_rest()
    return read(socket)[before:]


def read(socket: ClientSocket) -> list[object]:
    """Everything the client has read: events with their numbers, replies with their status."""
    found: list[object] = []
    for one in socket.received:
        if isinstance(one, Reply):
            found.append(one.status)
        else:
            payload = one.payload if isinstance(one.payload, dict) else {}
            found.append((one.event, payload["n"]) if "n" in payload else one.event)
    return found


async def test_the_joins_reply_is_the_first_frame_and_misses_no_broadcast_behind_it() -> None:
    endpoint, stage = made()
    async with connect(endpoint) as ann, connect(endpoint) as bob:
        await joined(bob)
        ann.push(str(ROOM), "phx_join", {"steps": ["wait"]}, join_ref="1")
        await anyio.wait_all_tasks_blocked()
        await endpoint.broadcast(ROOM, Plain(n=1))
        stage.gate.set()
        await bob.patience.at_rest()
        await endpoint.broadcast(ROOM, Plain(n=2))

        assert read(ann) == ["ok", ("plain", 100), ("plain", 101), ("plain", 2)]


async def test_a_broadcast_in_the_join_itself_does_not_reach_the_joiner() -> None:
    endpoint, _ = made()
    async with connect(endpoint) as ann:
        ann.push(str(ROOM), "phx_join", {"steps": ["broadcast"]}, join_ref="1")
        await ann.patience.at_rest()

        assert read(ann) == ["ok", ("plain", 100), ("plain", 101)]


async def test_a_handlers_pushes_broadcasts_and_reply_leave_in_its_order() -> None:
    endpoint, _ = made()
    async with connect(endpoint) as ann:
        room = await joined(ann)
        heard = await told(ann, room, "push", "broadcast", "push", "broadcast")

    assert heard == [("plain", 0), ("plain", 1), ("plain", 2), ("plain", 3), "ok"]


async def test_an_own_intercepted_broadcast_follows_the_reply_and_is_a_push() -> None:
    endpoint, stage = made()
    stage.gate.set()
    async with connect(endpoint) as ann:
        room = await joined(ann)
        heard = await told(ann, room, "passed", "push", "passed", "passed", "broadcast")

        intercepted = [("passed", n) for n in (0, 2, 3)]
        assert heard == [("plain", 1), ("plain", 4), "ok", *intercepted]
        assert ann.received[-1] == Push(room.join_ref, None, str(ROOM), "passed", {"n": 3})


async def test_an_intercept_that_waits_holds_what_is_behind_it_but_not_plain_broadcasts() -> None:
    endpoint, stage = made()
    async with connect(endpoint) as ann:
        room = await joined(ann)
        before = len(ann.received)
        for n in (0, 2):
            await endpoint.broadcast(ROOM, Passed(n=n))
        await endpoint.broadcast(ROOM, Plain(n=9))
        ann.push(str(ROOM), "do", {"steps": ["push"]}, join_ref=room.join_ref)
        await anyio.wait_all_tasks_blocked()
        waiting = read(ann)[before:]
        stage.gate.set()
        await ann.patience.at_rest()

        assert waiting == [("plain", 9)]
        assert read(ann)[before + 1 :] == [("passed", 0), ("passed", 2), ("plain", 0), "ok"]


async def test_a_leaves_reply_comes_behind_what_was_asked_before_it_and_its_close_last() -> None:
    endpoint, stage = made()
    stage.gate.set()
    async with connect(endpoint) as ann:
        room = await joined(ann)
        before = len(ann.received)
        ann.push(
            str(ROOM), "do", {"steps": ["push", "passed", "broadcast"]}, join_ref=room.join_ref
        )
        ann.push(str(ROOM), "phx_leave", {}, join_ref=room.join_ref)
        await ann.patience.at_rest()
        await endpoint.broadcast(ROOM, Plain(n=9))
        await endpoint.broadcast(ROOM, Passed(n=9))
        heard = read(ann)[before:]

    assert heard == [("plain", 0), ("plain", 2), "ok", "ok", "phx_close"]


@pytest.mark.parametrize(("step", "end"), [("stop", "phx_close"), ("oh no", "phx_error")])
async def test_a_stop_with_a_reply_is_the_reply_and_then_the_end(step: str, end: str) -> None:
    endpoint, _ = made()
    async with connect(endpoint) as ann:
        room = await joined(ann)
        heard = await told(ann, room, "push", step, "push")

        assert heard == [("plain", 0), ("plain", 2), "ok", end]
        assert (await room.expect_ended()).event == end


async def test_concurrent_events_begin_in_their_order_and_are_answered_as_they_are_done() -> None:
    endpoint, stage = made()
    async with connect(endpoint) as ann:
        room = await joined(ann)
        pushes = [ann.push(str(ROOM), "later", {"n": n}, join_ref=room.join_ref) for n in range(3)]
        await anyio.wait_all_tasks_blocked()
        begun = list(stage.begun)
        stage.gate.set()
        await ann.patience.at_rest()
        replies = [one for one in ann.received if isinstance(one, Reply)][1:]

    assert sorted(begun) == [0, 1, 2]
    assert [reply.ref for reply in replies] == [push.ref for push in reversed(pushes)]
    assert [reply.response for reply in replies] == [{"n": 2}, {"n": 1}, {"n": 0}]


async def test_an_intercept_that_gives_another_message_is_the_members_crash(
    caplog: pytest.LogCaptureFixture,
) -> None:
    wrong: Any = Plain(n=1)

    @channel("wrong")
    class Wrong(Channel[None, Plain | Passed]):
        @on_join
        async def join(self, params: Do) -> None: ...

        @on_broadcast
        async def passed(self, message: Passed) -> Passed:
            found: Passed = None if message.n == 0 else wrong  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
            return found

    endpoint = Endpoint("/socket", [Wrong])
    for n in range(2):
        async with connect(endpoint) as ann:
            room, _ = await ann.join(Wrong.topic_for(), Wrong.join, Do())
            await endpoint.broadcast(Wrong.topic_for(), Passed(n=n))

            assert await room.expect_ended() == Ended("phx_error", "channel_crash")
    assert "returned Plain, which its return annotation does not declare" in caplog.text
    assert "returned NoneType, which its return annotation does not declare" in caplog.text

"""`self.socket` and `endpoint.sockets`: raw frames, idle time, hibernation, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import pytest

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    Limits,
    Message,
    Ok,
    Open,
    channel,
    exits,
    on_event,
    on_join,
    on_leave,
)
from channelkit.raw_frames import Ping, Pong
from channelkit.testing import ClientRoom, ClientSocket, Closed, connect

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.anyio

EXITS: list[Exit] = []


class Done(Message):
    """Pushed between raw frames."""


@channel("desk")
class Desk(Channel[str, Done]):
    """Does to its socket what it is told."""

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in."""
        EXITS.clear()

    @on_event("frames")
    async def frames(self, message: Open) -> Ok:
        """Send raw frames around a push."""
        self.socket.send_frame_nowait("é")
        await self.push(Done())
        await self.socket.send_frame(b"\x00\xff")
        self.socket.ping(b"one")
        self.socket.pong()
        return Ok()

    @on_event("terminate")
    async def end(self, message: Open) -> Ok:
        """End normally, behind the reply."""
        self.socket.terminate()
        return Ok()

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Write it down."""
        EXITS.append(reason)


async def login(params: Open) -> str:
    """Let everybody in."""
    return "ann"


def make_endpoint(limits: Limits | None = None, **options: Any) -> Endpoint[str]:
    return Endpoint(
        "/socket", [Desk], login, identify=lambda name: name, limits=limits or Limits(), **options
    )


async def joined(ann: ClientSocket) -> ClientRoom[Desk]:
    room, _ = await ann.join(Desk.topic_for(), Desk.join, Open(payload={}))
    return room


async def test_a_channel_sends_raw_frames_beside_its_pushes() -> None:
    async with connect(make_endpoint()) as ann:
        room = await joined(ann)
        await room.call(Desk.frames, Open(payload={}))

        assert [await ann.expect_frame() for _ in range(4)] == [
            "é",
            b"\x00\xff",
            Ping(b"one"),
            Pong(),
        ]
        assert await room.expect(Done) == Done()


async def test_terminate_closes_1000_behind_the_reply_and_tells_the_exit() -> None:
    async with connect(make_endpoint()) as ann:
        room = await joined(ann)

        assert await room.call(Desk.end, Open(payload={})) == Ok()
        assert await ann.expect_closed() == Closed(1000)
    assert [exits.Disconnected(1000)] == EXITS


async def test_the_endpoint_finds_sockets_by_id_and_all() -> None:
    endpoint = make_endpoint()
    async with connect(endpoint) as ann, connect(endpoint) as bob:
        await joined(ann)
        for socket in endpoint.sockets("ann"):
            await socket.send_frame("to all of ann's")

        assert await ann.expect_frame() == await bob.expect_frame() == "to all of ann's"
        assert endpoint.sockets("nobody") == ()
        assert sorted(socket.topics for socket in endpoint.sockets()) == [(), ("desk",)]
        assert {(socket.id, socket.peer) for socket in endpoint.sockets()} == {("ann", "")}


async def test_the_endpoint_closes_a_socket_with_any_code() -> None:
    endpoint = make_endpoint()
    async with connect(endpoint) as ann:
        await joined(ann)
        (socket,) = endpoint.sockets("ann")
        socket.close(1011, "as asked")

        assert await ann.expect_closed() == Closed(1011, "as asked")
    assert [exits.Disconnected(1011, "as asked")] == EXITS


async def test_what_cannot_be_sent_is_the_callers_mistake() -> None:
    endpoint = make_endpoint()
    async with connect(endpoint):
        (socket,) = endpoint.sockets()
        acts: list[Callable[[], object]] = [
            lambda: socket.close(1005),
            lambda: socket.close(1000, "x" * 124),
            lambda: socket.ping(b"x" * 126),
            lambda: socket.pong(b"x" * 126),
            lambda: socket.send_frame_nowait("\ud800"),
            lambda: setattr(socket, "idle_timeout", 0),
        ]
        for act in acts:
            with pytest.raises(ValueError, match=r"close|ping|pong|surrogate|idle"):
                act()


async def test_raw_frames_count_in_the_outbox() -> None:
    endpoint = make_endpoint(Limits(outbox=1000))
    async with connect(endpoint) as ann:
        (socket,) = endpoint.sockets()
        ann.carrier.block()
        for _ in range(11):
            socket.send_frame_nowait(b"x" * 100)

        assert (await ann.expect_closed()).code == 1013


async def test_sending_a_raw_frame_waits_for_a_slow_peer() -> None:
    endpoint = make_endpoint()
    async with connect(endpoint) as ann, anyio.create_task_group() as tasks:
        (socket,) = endpoint.sockets()
        ann.carrier.block()
        tasks.start_soon(socket.send_frame, "x")
        await ann.patience.settled()
        waiting = not ann.frames
        ann.carrier.unblock()

        assert waiting
        assert await ann.expect_frame() == "x"


async def test_after_the_end_nothing_is_sent() -> None:
    endpoint = make_endpoint()
    async with connect(endpoint) as ann:
        (socket,) = endpoint.sockets()
        socket.terminate()
        await ann.expect_closed()
        socket.send_frame_nowait("late")
        socket.ping()
        await socket.send_frame("later")

        assert ann.frames == []


async def test_the_idle_timeout_is_the_sockets_own() -> None:
    endpoint = make_endpoint(Limits(idle=60))
    async with connect(endpoint) as ann, connect(endpoint) as bob:
        await joined(ann)
        first, second = sorted(endpoint.sockets(), key=lambda socket: not socket.topics)
        assert first.idle_timeout == 60
        first.idle_timeout = 5
        second.idle_timeout = None
        await ann.elapse(4.9)
        open_still = ann.carrier.closed is None
        await ann.elapse(5.1)
        await bob.elapse(100_000)

        assert open_still
        assert await ann.expect_closed() == Closed(1001, "idle")
        assert bob.carrier.closed is None


async def test_an_idle_socket_hibernates_once_and_again_after_it_woke() -> None:
    async with connect(make_endpoint(hibernate_after=10)) as ann:
        await joined(ann)
        await ann.elapse(9.9)
        awake = ann.carrier.hibernated
        await ann.elapse(10)
        once = ann.carrier.hibernated
        await ann.elapse(30)
        await ann.elapse(40)
        still = ann.carrier.hibernated
        await ann.heartbeat()
        await ann.elapse(9)
        woken = ann.carrier.hibernated
        await ann.elapse(10)

        assert (awake, once, still, woken, ann.carrier.hibernated) == (0, 1, 1, 1, 2)


async def test_a_socket_hibernates_when_it_is_asked_to() -> None:
    endpoint = make_endpoint()
    async with connect(endpoint) as ann:
        (socket,) = endpoint.sockets()
        await ann.elapse(1)
        never = ann.carrier.hibernated
        socket.hibernate()
        await ann.elapse(1)
        await ann.elapse(2)

        assert (never, ann.carrier.hibernated) == (0, 1)


def test_hibernate_after_is_positive() -> None:
    with pytest.raises(ValueError, match="hibernate_after is a positive number of seconds"):
        make_endpoint(hibernate_after=0)

"""A drain: in rounds, told to channels, with figures, within its time."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from typing import Any

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
    RawEndpoint,
    RawSocket,
    Server,
    Stats,
    channel,
    exits,
    on_drain,
    on_event,
    on_join,
    on_leave,
)
from channelkit.testing import connect, connect_raw

from .app import running, serving
from .client import TEXT, Closed, Peer, frame, push

pytestmark = pytest.mark.anyio


class Bye(Message):
    """Pushed before the end."""


class Assigns:
    """What the handlers did, and the gate that one may wait at."""

    def __init__(self) -> None:
        self.exits: list[Exit] = []
        self.gate = anyio.Event()
        self.entered = anyio.Event()


@channel("room:{how}")
class Room(Channel[Assigns, Bye]):
    """Says goodbye when the server drains."""

    how: str

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in."""

    @on_event("wait")
    async def wait(self, message: Open) -> Ok:
        """Wait at the gate."""
        self.assigns.entered.set()
        await self.assigns.gate.wait()
        return Ok()

    @on_drain
    async def draining(self) -> None:
        """Say goodbye, or do not."""
        match self.how:
            case "hang":
                await anyio.sleep_forever()
            case "crash":
                raise RuntimeError("as asked")
            case "leave":
                self.stop()
            case _:
                await self.push(Bye())

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Write it down."""
        self.assigns.exits.append(reason)


@channel("plain")
class Plain(Channel[Assigns]):
    """Has no opinion on drains."""

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in."""


class Echo(RawSocket[None]):
    """Says goodbye, too."""

    async def on_frame(self, frame: str | bytes) -> str | bytes:
        """Return it."""
        return frame

    async def on_drain(self) -> str:
        """Say it."""
        return "bye"


def make_endpoint(assigns: Assigns, limits: Limits | None = None) -> Endpoint[Assigns]:
    async def login(params: Open) -> Assigns:
        return assigns

    return Endpoint("/socket", [Room, Plain], login, limits=limits or Limits(), origins=False)


def drain(endpoint: Endpoint[Any] | RawEndpoint[Any]) -> None:
    for connection in tuple(endpoint.pool.connections):
        connection.drain()


async def test_channels_are_told_before_the_close_and_may_push() -> None:
    assigns = Assigns()
    endpoint = make_endpoint(assigns)
    async with connect(endpoint) as ann:
        room, _ = await ann.join(Room.topic_for(how="push"), Room.join, Open(payload={}))
        other, _ = await ann.join(Room.topic_for(how="too"), Room.join, Open(payload={}))
        drain(endpoint)

        assert await room.expect(Bye) == await other.expect(Bye) == Bye()
        assert (await ann.expect_closed()).code == 1012
    assert assigns.exits == [exits.Drained()] * 2


async def test_what_was_queued_before_is_handled_before() -> None:
    assigns = Assigns()
    endpoint = make_endpoint(assigns)
    async with connect(endpoint) as ann:
        room, _ = await ann.join(Room.topic_for(how="push"), Room.join, Open(payload={}))
        await room.send(Room.wait, Open(payload={}))
        await assigns.entered.wait()
        drain(endpoint)
        drain(endpoint)
        await ann.patience.settled()
        still_open = ann.carrier.closed is None
        assigns.gate.set()

        assert await room.expect(Bye) == Bye()
        assert (await ann.expect_closed()).code == 1012
        assert still_open


@pytest.mark.parametrize("how", ["crash", "leave"])
async def test_a_member_that_ends_meanwhile_holds_nobody_up(how: str) -> None:
    endpoint = make_endpoint(Assigns())
    async with connect(endpoint) as ann:
        await ann.join(Room.topic_for(how=how), Room.join, Open(payload={}))
        drain(endpoint)

        assert (await ann.expect_closed()).code == 1012


async def test_a_member_that_left_before_its_turn_holds_nobody_up() -> None:
    assigns = Assigns()
    endpoint = make_endpoint(assigns)
    async with connect(endpoint) as ann:
        room, _ = await ann.join(Room.topic_for(how="push"), Room.join, Open(payload={}))
        await room.send(Room.wait, Open(payload={}))
        await assigns.entered.wait()
        drain(endpoint)
        assert endpoint.revoke(topic=Room.topic_for(how="push")) == 1

        assert (await ann.expect_closed()).code == 1012


@pytest.mark.trio_clock
async def test_a_handler_that_hangs_is_waited_for_a_bounded_time() -> None:
    assigns = Assigns()
    endpoint = make_endpoint(assigns, Limits(drain=5))
    async with connect(endpoint, patience=100) as ann:
        await ann.join(Room.topic_for(how="hang"), Room.join, Open(payload={}))
        started = anyio.current_time()
        drain(endpoint)

        assert (await ann.expect_closed()).code == 1012
        assert 5 <= anyio.current_time() - started < 6
    assert assigns.exits == [exits.Drained()]


async def test_sockets_without_an_opinion_close_at_once() -> None:
    endpoint = make_endpoint(Assigns())
    async with connect(endpoint) as ann, connect(endpoint) as bob:
        await bob.join(Plain.topic_for(), Plain.join, Open(payload={}))
        drain(endpoint)

        assert (await ann.expect_closed()).code == (await bob.expect_closed()).code == 1012


async def test_raw_sockets_are_told_as_well() -> None:
    endpoint = RawEndpoint("/echo", Echo)
    async with connect_raw(endpoint) as ann:
        drain(endpoint)

        assert await ann.expect() == "bye"
        assert (await ann.expect_closed()).code == 1012


async def test_a_raw_socket_that_ends_meanwhile_holds_nobody_up() -> None:
    endpoint = RawEndpoint("/echo", Echo)
    async with connect_raw(endpoint) as ann:
        drain(endpoint)
        ann.drop()
        await ann.patience.settled()

    assert endpoint.stats() == Stats()


async def test_rounds_are_logged_with_their_figures(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with serving(drain_batch=2, drain_interval=0.01) as served, AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(await served.member()) for _ in range(5)]
        served.server.drain()
        async with anyio.create_task_group() as tasks:
            for peer in peers:
                tasks.start_soon(expect_restart, peer)
    lines = [record.getMessage() for record in caplog.records]

    rounds = [line for line in lines if line.startswith("draining")]
    assert rounds == [
        f"draining path=/socket sockets={count} total=5 round={index} rounds=3"
        for index, count in enumerate([2, 2, 1], 1)
    ]
    (overall,) = [line for line in lines if line.startswith("drain begins")]
    assert overall.startswith("drain begins sockets=5 members=5 topics=1 inbox=0 outbox_frames=0")


async def expect_restart(peer: Peer) -> None:
    closed = await peer.closed()
    assert closed == Closed(1012, "shutting down")


async def test_every_endpoint_is_drained_raw_ones_too() -> None:
    server = Server(make_endpoint(Assigns()), RawEndpoint("/echo", Echo, origins=False), port=0)
    async with (
        running(server) as address,
        await Peer.connect(address) as ann,
        await Peer.connect(address) as bob,
    ):
        await ann.open("/socket/websocket?vsn=2.0.0")
        await bob.open("/echo")
        await bob.send(frame(TEXT, b"x"))
        assert (await bob.frame()).payload == b"x"
        before = server.stats()
        assert before.accepting
        server.drain()

        assert (await bob.frame()).payload == b"bye"
        assert (await ann.closed()).code == (await bob.closed()).code == 1012
    assert (before.total.sockets, before.draining, server.stats().draining) == (2, False, True)
    assert sorted(before.endpoints) == ["/echo", "/socket"]


@pytest.mark.trio_clock
async def test_the_whole_drain_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    endpoint = make_endpoint(Assigns(), Limits(drain=100))
    server = Server(endpoint, port=0, drain_timeout=2)
    async with running(server), connect(endpoint) as ann:
        await ann.join(Room.topic_for(how="hang"), Room.join, Open(payload={}))
        server.drain()
        await anyio.sleep(1)

        assert server.stats().draining
        assert not server.stats().accepting
        assert server.stats().total.sockets == 1


async def test_the_figures_tell_what_waits() -> None:
    assigns = Assigns()
    endpoint = make_endpoint(assigns)
    async with connect(endpoint) as ann, connect(endpoint):
        room, _ = await ann.join(Room.topic_for(how="push"), Room.join, Open(payload={}))
        await room.send(Room.wait, Open(payload={}))
        await assigns.entered.wait()
        for _ in range(3):
            await room.send(Room.wait, Open(payload={}))
        ann.carrier.block()
        for socket in endpoint.sockets():
            if socket.topics:
                socket.send_frame_nowait("x" * 10)
        await ann.patience.settled()
        stats = endpoint.stats()
        ann.carrier.unblock()
        assigns.gate.set()

    assert stats == Stats(sockets=2, members=1, topics=1, inbox=3, outbox_frames=1, outbox_bytes=10)


async def test_peers_see_pushes_before_the_close_frame() -> None:
    server = Server(make_endpoint(Assigns()), port=0)
    async with running(server) as address, await Peer.connect(address) as peer:
        await peer.open("/socket/websocket?vsn=2.0.0")
        await peer.send(push("phx_join", ref="1", topic="room:push"))
        await peer.message()
        server.drain()

        assert await peer.message() == ["1", None, "room:push", "bye", {}]
        assert await peer.closed() == Closed(1012, "shutting down")

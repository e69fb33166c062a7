"""The times of a client, on a virtual clock, with a server in memory."""

from __future__ import annotations

from contextlib import asynccontextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from channelkit import CallFailed
from channelkit.client import (
    ClientSocket,
    ConnectFailed,
    RoomState,
    Settings,
    SocketState,
    connect,
)

from .app import Accepted, JoinRoom, NewMsg, Posted, Room
from .fake import FakeServer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from .fake import Peer

pytestmark = [pytest.mark.anyio, pytest.mark.trio_clock]

ROOM = Room.topic_for(room_id=1)
EVEN = Settings(spread=0)


@asynccontextmanager
async def talking(
    settings: Settings = EVEN,
) -> AsyncGenerator[tuple[FakeServer, ClientSocket, Peer]]:
    """A client, and the peer that it talks to."""
    server = FakeServer()
    async with anyio.create_task_group() as tasks:
        peers: list[Peer] = []

        async def accept() -> None:
            peers.append(await server.accept())

        tasks.start_soon(accept)
        async with connect("ws://h/socket", settings=settings, opener=server.opener) as socket:
            yield server, socket, peers[0]
            server.down = True
    server.close()


async def joined(socket: ClientSocket, peer: Peer) -> Any:
    """A room that the peer lets in."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(peer.join)
        room, _ = await socket.join(ROOM, Room.join, JoinRoom())
        return room


def between(moments: list[float]) -> list[float]:
    """The times from each moment to the next."""
    return [after - before for before, after in pairwise(moments)]


async def test_a_heartbeat_goes_out_every_thirty_seconds() -> None:
    async with talking() as (_, socket, peer):
        begin = anyio.current_time()
        for number in (1, 2, 3):
            beat = await peer.receive()
            assert (beat.topic, beat.event, beat.join_ref) == ("phoenix", "heartbeat", None)
            assert anyio.current_time() - begin == pytest.approx(30 * number)
            await peer.reply(beat)
        assert socket.state is SocketState.OPEN


async def test_a_silent_connection_is_given_up_and_made_again() -> None:
    async with talking() as (server, socket, peer):
        begin = anyio.current_time()
        changes = socket.changes()
        await peer.receive()

        lost = await anext(changes)

        assert anyio.current_time() - begin == pytest.approx(60)
        assert (lost.state, lost.reason) == (SocketState.WAITING, "heartbeat timeout")
        again = await server.accept()
        assert server.dials[1] - server.dials[0] == pytest.approx(60.01)
        await joined(socket, again)


async def test_tries_to_connect_again_are_as_patient_as_phoenix_js() -> None:
    async with talking() as (server, socket, peer):
        server.down = True
        await peer.close()
        await anyio.sleep(24)

        waits = between(server.dials)
        expected = [0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2, 5, 5, 5]
        assert waits == pytest.approx(expected)
        assert socket.state is SocketState.WAITING
        server.down = False
        await joined(socket, await server.accept())


async def test_times_between_tries_are_spread() -> None:
    async with talking(Settings(reconnect_after=(100,), spread=0.5)) as (server, _, peer):
        server.down = True
        await peer.close()
        await anyio.sleep(2000)

        waits = between(server.dials[1:])
        assert min(waits) >= 50
        assert max(waits) <= 150
        assert len({round(wait) for wait in waits}) > 3


async def test_an_opening_that_takes_too_long_fails() -> None:
    server = FakeServer()
    begin = anyio.current_time()

    with pytest.raises(ConnectFailed, match="timeout"):
        async with connect("ws://h/socket", opener=server.opener):
            pass

    assert anyio.current_time() - begin == pytest.approx(10)
    (await server.arrived()).stream._source.close()  # pyright: ignore[reportPrivateUsage]
    server.close()


async def test_a_join_that_is_not_answered_times_out_and_is_left() -> None:
    async with talking() as (_, socket, peer):
        begin = anyio.current_time()

        with pytest.raises(CallFailed, match="timeout"):
            await socket.join(ROOM, Room.join, JoinRoom(), timeout=3)

        assert anyio.current_time() - begin == pytest.approx(3)
        join, leave = await peer.receive(), await peer.receive()
        assert (leave.event, leave.join_ref) == ("phx_leave", join.ref)


async def test_a_call_that_is_not_answered_times_out() -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)
        begin = anyio.current_time()

        with pytest.raises(CallFailed, match="timeout"):
            await room.call(Room.new_msg, NewMsg(body="hi"))
        assert anyio.current_time() - begin == pytest.approx(10)
        with pytest.raises(CallFailed, match="timeout"):
            await room.call(Room.new_msg, NewMsg(body="hi"), timeout=0.5)
        assert anyio.current_time() - begin == pytest.approx(10.5)


async def test_a_stream_has_time_from_each_item() -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)
        items = room.stream(Room.count, Accepted(id=2), timeout=5)
        asked = await peer.receive()
        for _ in range(3):
            await anyio.sleep(4)
            await peer.push(asked.join_ref, "posted", {"user": "u", "body": "b"}, asked.ref)

        assert [await anext(items) for _ in range(3)] == [Posted(user="u", body="b")] * 3
        with pytest.raises(CallFailed, match="timeout"):
            await anext(items)


async def test_a_crashed_room_is_joined_again_ever_later() -> None:
    async with talking(Settings(spread=0, heartbeat=1000)) as (_, socket, peer):
        room = await joined(socket, peer)
        changes = room.changes()
        join_ref, waits = "1", list[float]()
        for _ in range(5):
            before = anyio.current_time()
            await peer.push(join_ref, "phx_error", {})
            join = await peer.receive()
            assert isinstance(join.join_ref, str)
            join_ref = join.join_ref
            waits.append(anyio.current_time() - before)

        assert waits == pytest.approx([1, 2, 5, 10, 10])
        errored = await anext(changes)
        assert (errored.state, errored.reason, errored.retry_in) == (
            RoomState.ERRORED,
            "channel_crash",
            1,
        )


async def test_a_call_that_waits_for_its_room_has_no_more_time_than_others() -> None:
    async with talking() as (server, socket, peer):
        room = await joined(socket, peer)
        server.down = True
        changes = room.changes()
        await peer.close()
        await anext(changes)

        with pytest.raises(CallFailed, match="timeout"):
            await room.call(Room.new_msg, NewMsg(body="never sent"))
        server.down = False
        again = await server.accept()
        await again.join()
        await room.wait_joined()
        await room.send(Room.quiet, NewMsg(body="sent"))

        assert (await again.receive()).payload == {"body": "sent"}


async def test_leaving_a_silent_server_ends_in_time() -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)
        begin = anyio.current_time()

        await room.leave()

        assert anyio.current_time() - begin == pytest.approx(10)
        assert room.state is RoomState.CLOSED


async def test_a_server_that_does_not_answer_a_goodbye_is_dropped() -> None:
    begin = 0.0
    async with talking():
        begin = anyio.current_time()

    assert anyio.current_time() - begin == pytest.approx(2)


async def test_a_program_waits_to_send_while_the_server_does_not_read() -> None:
    server = FakeServer(room=0)
    big = NewMsg(body="x" * 100_000)
    async with anyio.create_task_group() as tasks:
        peers: list[Peer] = []

        async def accept() -> None:
            peer = await server.accept()
            peers.append(peer)
            await peer.join()

        tasks.start_soon(accept)
        async with connect("ws://h/socket", opener=server.opener) as socket:
            room, _ = await socket.join(ROOM, Room.join, JoinRoom())
            await room.send(Room.quiet, big)
            begin = anyio.current_time()
            with pytest.raises(CallFailed, match="timeout"):
                await room.send(Room.quiet, big, timeout=3)
            assert anyio.current_time() - begin == pytest.approx(3)

            async def read() -> None:
                await anyio.sleep(2)
                await peers[0].receive()

            tasks.start_soon(read)
            await room.send(Room.quiet, NewMsg(body="now"))
            assert anyio.current_time() - begin == pytest.approx(5)
            assert (await peers[0].receive()).payload == {"body": "now"}
    server.close()


async def test_what_is_due_at_once_with_the_end_of_its_connection_ends_once() -> None:
    async with talking(Settings(heartbeat=5)) as (_, socket, peer):
        room = await joined(socket, peer)
        await anyio.sleep(5)  # the first heartbeat is out: its answer is due at 10

        with pytest.raises(CallFailed, match=r"disconnected|timeout"):
            await room.call(Room.new_msg, NewMsg(body="hi"), timeout=5)


async def test_waiting_for_a_connection_ends_when_it_is_open() -> None:
    async with talking() as (server, socket, peer):
        changes = socket.changes()
        await peer.close()
        await anext(changes)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.accept)
            await socket.wait_open()

        assert socket.state is SocketState.OPEN

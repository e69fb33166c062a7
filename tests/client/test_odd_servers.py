"""What a client makes of servers that break the protocol, or know another version of a channel."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from websockets.frames import Frame, Opcode

from channelkit import CallFailed, RemoteProtocolError
from channelkit.client import (
    ClientSocket,
    ConnectFailed,
    RoomClosed,
    Settings,
    SocketState,
    connect,
)
from channelkit.wire import Broadcast, Push

from .app import Accepted, JoinRoom, Lobby, NewMsg, Posted, Room
from .fake import FakeServer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pydantic import JsonValue

    from .fake import Peer

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)
QUICK = Settings(reconnect_after=(0.01,), closing=0.01)
POSTED: dict[str, JsonValue] = {"user": "u", "body": "b"}

PEOPLE: dict[str, JsonValue] = {"people": 1}
NOTHING: dict[str, JsonValue] = {}


@asynccontextmanager
async def talking() -> AsyncGenerator[tuple[FakeServer, ClientSocket, Peer]]:
    """A client, and the peer that it talks to."""
    server = FakeServer()
    async with anyio.create_task_group() as tasks:
        peers: list[Peer] = []

        async def accept() -> None:
            peers.append(await server.accept())

        tasks.start_soon(accept)
        async with connect("ws://h/socket", settings=QUICK, opener=server.opener) as socket:
            yield server, socket, peers[0]
            server.down = True
    server.close()


async def joined(socket: ClientSocket, peer: Peer) -> Any:
    """A room that the peer lets in."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(peer.join)
        room, _ = await socket.join(ROOM, Room.join, JoinRoom())
        return room


@pytest.mark.parametrize(
    ("data", "binary", "code"),
    [
        (b"not json", False, 1007),
        (b"[1,2,3]", False, 1007),
        (b"\xff", False, 1007),
        (b"\x09", True, 1002),
        (b"\x00\x01\x01\x09jte", True, 1002),
    ],
)
async def test_a_frame_that_holds_no_envelope_costs_the_connection(
    data: bytes, code: int, *, binary: bool
) -> None:
    async with talking() as (server, socket, peer):
        changes = socket.changes()
        opcode = Opcode.BINARY if binary else Opcode.TEXT
        peer.protocol.send_frame(Frame(opcode, data))
        await peer.flush()

        lost = await anext(changes)

        assert (lost.state, lost.code) == (SocketState.WAITING, code)
        await joined(socket, await server.accept())


async def test_a_frame_that_breaks_websocket_costs_the_connection() -> None:
    async with talking() as (_, socket, peer):
        changes = socket.changes()
        await peer.stream.send(b"\x83\x00")

        assert (await anext(changes)).code == 1002


async def test_a_connection_that_just_ends_is_lost() -> None:
    async with talking() as (_, socket, peer):
        changes = socket.changes()
        await peer.stream.aclose()

        assert (await anext(changes)).code == 1006


async def test_too_many_fragments_cost_the_connection() -> None:
    async with talking() as (_, socket, peer):
        changes = socket.changes()
        peer.protocol.send_text(b"[", fin=False)
        for _ in range(1100):
            peer.protocol.send_continuation(b" ", fin=False)
        await peer.flush()

        assert (await anext(changes)).code == 1008


async def test_fragments_are_put_together_and_pings_answered() -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)
        peer.protocol.send_text(b'["1",null,"room:1",', fin=False)
        peer.protocol.send_ping(b"there?")
        peer.protocol.send_continuation(b'"posted",{"user":"u","body":"b"}]', fin=True)
        await peer.flush()

        assert await anext(room) == Posted(user="u", body="b")
        pong = await peer.frame()
        assert (pong.opcode, bytes(pong.data)) == (Opcode.PONG, b"there?")


async def test_what_comes_in_one_piece_with_the_handshake_is_read() -> None:
    server = FakeServer()
    async with anyio.create_task_group() as tasks:

        async def accept() -> None:
            peer = await server.arrived()
            await peer.shake_hands(behind=b"\x88\x02\x0f\xa1")  # close, 4001

        tasks.start_soon(accept)
        async with connect("ws://h/socket", settings=QUICK, opener=server.opener) as socket:
            server.down = True
            assert socket.state is not SocketState.OPEN
    server.close()


async def test_what_the_channel_does_not_declare_is_skipped() -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)
        await peer.push("1", "newer", {"a": 1})
        await peer.send(Broadcast("room:2", "posted", POSTED))
        await peer.push("0", "posted", {"user": "stale", "body": ""})
        await peer.send(Push("1", "77", "room:1", "posted", POSTED))  # of nobody's stream
        await peer.push("1", "posted", POSTED)

        assert await anext(room) == Posted(user="u", body="b")


async def test_a_push_that_does_not_fit_is_told_and_the_next_one_read() -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)
        await peer.push("1", "posted", {"user": "u"})
        await peer.push("1", "posted", POSTED)

        with pytest.raises(RemoteProtocolError, match="the server pushed what is no Posted"):
            await anext(room)
        assert await anext(room) == Posted(user="u", body="b")


async def test_a_reply_that_the_handler_does_not_declare_fails_the_call() -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)

        async def answer() -> None:
            await peer.reply(await peer.receive(), {"identifier": 1})

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(answer)
            with pytest.raises(CallFailed, match="undeclared reply") as failed:
                await room.call(Room.new_msg, NewMsg(body="hi"))
            assert failed.value.response == {"identifier": 1}


async def test_a_join_that_is_answered_with_something_else_is_left() -> None:
    async with talking() as (_, socket, peer):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(peer.join, PEOPLE)
            with pytest.raises(CallFailed, match="undeclared reply"):
                await socket.join(ROOM, Room.join, JoinRoom())

        assert (await peer.receive()).event == "phx_leave"


async def test_a_later_join_that_is_answered_with_something_else_says_so() -> None:
    async with talking() as (server, socket, peer):
        room = await joined(socket, peer)
        changes = room.changes()
        await peer.close()
        await (await server.accept()).join(PEOPLE)

        reasons = [(await anext(changes)).reason for _ in range(3)]

        assert reasons == ["disconnected", None, "undeclared reply"]


async def test_items_that_do_not_fit_end_their_stream() -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)
        items = room.stream(Room.count, Accepted(id=1))
        asked = await peer.receive()
        await peer.push("1", "typing", {"user": "u"}, asked.ref)  # none of the stream's
        await peer.push("1", "posted", {"user": "u"}, asked.ref)
        await peer.push("1", "posted", POSTED, asked.ref)

        with pytest.raises(RemoteProtocolError, match="no Posted"):
            await anext(items)
        assert [item async for item in items] == []


async def test_a_stream_ends_with_its_connection() -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)
        items = room.stream(Room.count, Accepted(id=1))
        asked = await peer.receive()
        await peer.push("1", "posted", POSTED, asked.ref)
        await peer.close()

        assert await anext(items) == Posted(user="u", body="b")
        with pytest.raises(CallFailed, match="disconnected"):
            await anext(items)


@pytest.mark.parametrize(
    "payload",
    [
        [],
        {"ann": []},
        {"ann": {"metas": {}}},
        {"ann": {"metas": [1]}},
        {"ann": {"metas": [{"status": "here"}]}},
    ],
)
async def test_presences_that_are_none_say_nothing(payload: Any) -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)
        await peer.push("1", "presence_state", payload)
        await peer.push("1", "presence_diff", payload)
        await peer.push("1", "presence_diff", {"joins": payload, "leaves": {}})
        await peer.push("1", "presence_state", {})

        assert await room.presences(Room.here) == {}


async def test_a_meta_that_does_not_fit_is_told() -> None:
    async with talking() as (_, socket, peer):
        room = await joined(socket, peer)
        await peer.push("1", "presence_state", {"ann": {"metas": [{"phx_ref": "x"}]}})

        with pytest.raises(RemoteProtocolError, match="a presence is no Online"):
            await room.presences(Room.here)


async def test_a_channel_without_a_presence_takes_none() -> None:
    async with talking() as (_, socket, peer), anyio.create_task_group() as tasks:
        tasks.start_soon(peer.join, NOTHING)
        room, _ = await socket.join(Lobby.topic_for(), Lobby.join, JoinRoom())
        await peer.send(Push("1", None, "lobby", "presence_state", {}))
        await peer.send(Push("1", "1", "lobby", "phx_close", {}))

        with pytest.raises(RoomClosed, match="closed"):
            await anext(room)


async def test_presences_are_kept_until_the_next_join_s_state() -> None:
    ann: dict[str, JsonValue] = {"ann": {"metas": [{"phx_ref": "1", "status": "here"}]}}
    bob: dict[str, JsonValue] = {"bob": {"metas": [{"phx_ref": "2", "status": "here"}]}}
    async with talking() as (server, socket, peer):
        room = await joined(socket, peer)
        await peer.push("1", "presence_state", ann)
        assert list(await room.presences(Room.here)) == ["ann"]
        await peer.close()
        again = await server.accept()
        join = await again.join()
        await room.wait_joined()

        assert list(await room.presences(Room.here)) == ["ann"]
        seen = aiter(room.presences(Room.here))
        await anext(seen)
        await again.push(join.ref, "presence_diff", {"joins": bob, "leaves": {}})
        await again.push(join.ref, "presence_state", {})
        assert list(await anext(seen)) == ["bob"]


# The handshake.


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "refused"),
        (b"HTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\n[1]", "refused"),
        (b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\n{}", "error"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "bad handshake"),
        (b"SSH-2.0-OpenSSH\r\n", "bad handshake"),
    ],
)
async def test_an_answer_that_is_no_handshake_is_told(answer: bytes, reason: str) -> None:
    server = FakeServer()
    async with anyio.create_task_group() as tasks:

        async def talk() -> None:
            peer = await server.arrived()
            await peer.request()
            await peer.stream.send(answer)
            await peer.stream.aclose()

        tasks.start_soon(talk)
        with pytest.raises(ConnectFailed, match=reason):
            async with connect("ws://h/socket", opener=server.opener):
                pass
    server.close()


async def test_a_server_that_hangs_up_in_the_handshake_is_no_server() -> None:
    server = FakeServer()
    async with anyio.create_task_group() as tasks:

        async def talk() -> None:
            peer = await server.arrived()
            await peer.request()
            await peer.stream.aclose()

        tasks.start_soon(talk)
        with pytest.raises(ConnectFailed, match="bad handshake"):
            async with connect("ws://h/socket", opener=server.opener):
                pass
    server.close()


async def test_a_block_that_is_cancelled_while_it_connects_leaves_nothing() -> None:
    server = FakeServer()
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:

            async def cancel() -> None:
                await (await server.arrived()).request()
                scope.cancel()

            tasks.start_soon(cancel)
            async with connect("ws://h/socket", opener=server.opener):
                pass

    assert scope.cancelled_caught
    server.close()

"""What a server tells its endpoints' instruments: refusals of every kind, and drains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from channelkit import Endpoint, Server, SocketConnected, SocketDrain

from .app import Journal, make_endpoint, serving
from .client import Peer, upgrade
from .poller import Poller

if TYPE_CHECKING:
    from anyio.abc import TaskStatus

    from channelkit.transports.listener import Address

pytestmark = pytest.mark.anyio


async def serve(server: Server, *, task_status: TaskStatus[tuple[Address, ...]]) -> None:
    """Start a server."""
    await server.serve(task_status=task_status)


async def test_a_socket_that_is_opened_is_told_with_where_it_comes_from() -> None:
    events: list[SocketConnected] = []
    async with serving() as served:
        served.endpoint.instrument(socket_connected=events.append)

        async with await served.socket("/socket/websocket?vsn=1.0.0&token=1234", "X-Trace: 7"):
            pass

    [event] = events
    assert (event.result, event.vsn, event.serializer) == ("ok", "1.0.0", "V1")
    assert event.info is not None
    assert event.info.x_headers == {"x-trace": "7"}
    assert event.info.peer is not None
    assert event.peer == f"{event.info.peer.address}:{event.info.peer.port}"
    assert event.params == {"vsn": "1.0.0", "token": "[FILTERED]"}
    assert "1234" not in repr(event)


async def test_a_long_poll_session_is_told_as_one() -> None:
    events: list[SocketConnected] = []
    async with serving(endpoint={"longpoll": True}) as served:
        served.endpoint.instrument(socket_connected=events.append)

        async with await Poller.connect(served.address) as poller:
            await poller.open()

    [event] = events
    assert (event.result, event.transport, event.vsn) == ("ok", "longpoll", "2.0.0")
    assert event.path == "/socket/longpoll"


@pytest.mark.parametrize(
    ("target", "status", "reason", "vsn"),
    [
        ("/socket/websocket?how=refuse", 429, "not_today", "1.0.0"),
        ("/socket/websocket?how=crash", 500, "connect crashed", "1.0.0"),
        ("/socket/websocket?vsn=9.0.0", 403, "unsupported vsn", None),
    ],
)
async def test_a_socket_that_is_not_is_told_with_why(
    target: str, status: int, reason: str, vsn: str | None
) -> None:
    events: list[SocketConnected] = []
    async with serving() as served, await served.peer() as peer:
        served.endpoint.instrument(socket_connected=events.append)

        response = await peer.ask(upgrade(target))

    told = [(event.status, event.reason, event.vsn) for event in events]
    assert response.status == status
    assert told == [(status, reason, vsn)]


async def test_a_request_that_is_no_handshake_is_told() -> None:
    events: list[SocketConnected] = []
    async with serving() as served, await served.peer() as peer:
        served.endpoint.instrument(socket_connected=events.append)

        await peer.ask(b"GET /socket/websocket?token=1234 HTTP/1.1\r\nHost: h\r\n\r\n")

    [event] = events
    assert (event.status, event.params, event.info) == (400, {}, None)
    assert event.reason == "the 'connection' header must contain 'upgrade'"


async def test_a_drain_tells_each_endpoint_of_its_rounds() -> None:
    told: list[SocketDrain] = []
    other = Endpoint("/other", [], origins=False)
    empty = Endpoint("/empty", [], origins=False)
    first = make_endpoint(Journal())
    for endpoint in (first, other, empty):
        endpoint.instrument(socket_drain=told.append)
    server = Server(first, other, empty, port=0, drain_batch=2, drain_interval=0.01)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(serve, server)
        paths = ["/socket/websocket", "/other/websocket", *["/socket/websocket"] * 3]
        peers = [await Peer.connect(address) for _ in paths]
        for peer, path in zip(peers, paths, strict=True):
            await peer.open(path)

        server.drain()

        for peer in peers:
            await peer.closed()
            await peer.stream.aclose()

    assert [
        (one.endpoint, one.count, one.total, one.index, one.rounds, one.interval) for one in told
    ] == [
        ("/socket", 2, 4, 1, 2, 0.01),
        ("/socket", 2, 4, 2, 2, 0.01),
        ("/other", 1, 1, 1, 1, 0.01),
    ]

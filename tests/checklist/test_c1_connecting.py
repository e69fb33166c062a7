"""C1: what `connect` sees, who is let in, and who is thrown out."""

from __future__ import annotations

import hashlib
import hmac
import logging
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from channelkit import Channel, ConnectInfo, Endpoint, Message, Open, Uri, channel, on_join
from channelkit.exits import Disconnected

from ..wire.client import Closed, upgrade
from .rooms import Journal, World, make_endpoint, per_version, serving

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.anyio

TARGET = "/ws/websocket?vsn=2.0.0"


async def seen(*headers: str, path: str = "/ws", query: str = "") -> ConnectInfo:
    """What `connect` sees of a connection with these headers."""
    journal = Journal()
    endpoint = make_endpoint(journal, path)
    async with serving(endpoint=endpoint, journal=journal) as world:
        await world.client("2.0.0", *headers, query=query)
    (info,) = journal.connected
    return info


async def status(world: World, *headers: str, target: str = TARGET) -> int:
    """The status of an attempt to connect."""
    peer = await world.peer()
    return (await peer.ask(upgrade(target, *headers))).status


@per_version
@pytest.mark.parametrize("path", ["/ws/admin", "/a/b/c"])
async def test_c1_1_a_socket_is_mounted_at_several_segments(vsn: str, path: str) -> None:
    journal = Journal()
    async with serving(endpoint=make_endpoint(journal, path), journal=journal) as world:
        client = await world.client(vsn)

        await client.join("custom:x", response={"action": "ok"})


async def test_c1_9_connect_sees_the_x_headers() -> None:
    info = await seen("X-Application: Phoenix", "X-Y: 1", "X-Y: 2", "Other: 3")

    assert info.x_headers == {"x-application": "Phoenix", "x-y": "1, 2"}


async def test_c1_10_connect_sees_the_sec_websocket_headers() -> None:
    info = await seen("Sec-WebSocket-Extensions: x-any")

    assert info.sec_websocket_headers["sec-websocket-extensions"] == "x-any"
    assert info.sec_websocket_headers["sec-websocket-version"] == "13"
    assert all(name.startswith("sec-websocket-") for name in info.sec_websocket_headers)


async def test_c1_11_connect_sees_the_trace_context() -> None:
    info = await seen("traceparent: 00-0af7-b7ad-01", "tracestate: congo=t61", "tracer: no")

    assert info.trace_context_headers == {
        "traceparent": "00-0af7-b7ad-01",
        "tracestate": "congo=t61",
    }


async def test_c1_12_connect_sees_the_peer_which_has_no_certificate() -> None:
    info = await seen()

    assert info.peer is not None
    assert info.peer.address == "127.0.0.1"
    assert info.peer.port > 0
    assert info.peer.certificate is None


async def test_c1_13_connect_sees_the_uri() -> None:
    info = await seen(path="/ws/connect_info", query="a=b%20c")

    assert info.uri == Uri(
        scheme="http",
        host="localhost",
        port=80,
        path="/ws/connect_info/websocket",
        query="vsn=2.0.0&a=b%20c",
    )


async def test_c1_13_the_port_is_that_of_the_host_header() -> None:
    journal = Journal()
    async with serving(journal=journal) as world:
        peer = await world.peer()
        await peer.ask(upgrade(TARGET, "Host: Example.com:5807", without=("host",)))

    (info,) = journal.connected
    assert (info.uri.host, info.uri.port) == ("example.com", 5807)


async def test_c1_14_connect_sees_the_user_agent() -> None:
    assert (await seen("User-Agent: custom-agent")).user_agent == "custom-agent"
    assert (await seen()).user_agent is None


# 15: a session is a cookie that connect checks, and a CSRF token is a parameter.


class Visit(Message):
    """The connect parameters."""

    csrf: str = ""


class Session(BaseModel):
    """Whose session it is, None without a valid one."""

    user: str | None


@channel("me")
class Me(Channel[Session]):
    """Says whose session it is."""

    @on_join
    async def join(self, params: Open) -> Open:
        """Reply with the user."""
        return Open(payload={"user": self.assigns.user})


KEY = b"a key of the web application's"


def csrf_of(session: str) -> str:
    return hmac.new(KEY, session.encode(), hashlib.sha256).hexdigest()


async def with_session(params: Visit, info: ConnectInfo) -> Session:
    """As Phoenix's: without a valid cookie and token there is no session, and no refusal."""
    session = info.cookies.get("_hello_key", "")
    valid = hmac.compare_digest(csrf_of(session).encode(), params.csrf.encode())
    return Session(user={"s1": "ann"}.get(session) if valid else None)


@pytest.mark.parametrize(
    ("headers", "csrf", "user"),
    [
        (["Cookie: _hello_key=s1"], csrf_of("s1"), "ann"),
        (["Cookie: a=b; _hello_key=s1"], csrf_of("s1"), "ann"),
        (["Cookie: a=b", "Cookie: _hello_key=s1"], csrf_of("s1"), "ann"),
        ([], csrf_of("s1"), None),
        (["Cookie: _hello_key=s1"], csrf_of("s2"), None),
        (["Cookie: _hello_key=s1"], "", None),
        (["Cookie: ;;=;_hello_key"], csrf_of("s1"), None),
    ],
)
async def test_c1_15_connect_can_check_a_cookie_and_a_csrf_token(
    headers: Sequence[str], csrf: str, user: str | None
) -> None:
    async with serving(endpoint=Endpoint("/ws", [Me], with_session)) as world:
        client = await world.client("2.0.0", *headers, query=f"csrf={csrf}")

        await client.join("me", response={"user": user})


async def test_c1_16_connect_is_a_function_of_the_program_and_sees_what_it_closes_over() -> None:
    class Door:
        """Whatever connect needs."""

        def __init__(self, users: dict[str, str]) -> None:
            self.users = users

        async def connect(self, params: Visit, info: ConnectInfo) -> Session:
            return Session(user=self.users.get(info.headers.get("x-user", "")))

    door = Door({"1": "ann"})
    async with serving(endpoint=Endpoint("/ws", [Me], door.connect)) as world:
        client = await world.client("2.0.0", "X-User: 1")

        await client.join("me", response={"user": "ann"})


# Who is let in.


async def test_c1_23_a_page_of_an_allowed_origin_passes_and_another_gets_403() -> None:
    async with serving(origins=["//example.com"]) as world:
        assert await status(world, "Origin: https://example.com") == 101
        assert await status(world, "Origin: http://notallowed.com") == 403


async def test_c1_24_a_refused_connect_is_403() -> None:
    async with serving() as world:
        assert await status(world, target=f"{TARGET}&refuse=error") == 403


async def test_c1_25_a_refused_connect_may_be_429() -> None:
    async with serving() as world:
        assert await status(world, target=f"{TARGET}&refuse=rate_limit") == 429


@per_version
async def test_c1_26_a_disconnect_by_id_closes_the_connection_and_ends_its_channels(
    vsn: str,
) -> None:
    async with serving() as world:
        ann = await world.client(vsn, query="user=ann")
        bob = await world.client(vsn, query="user=bob")
        for ref in ("1", "2"):
            await ann.join(f"room:{ref}", join_ref=ref, ref=ref)
            for _ in ("user_entered", "joined"):
                await ann.heard()
        await bob.join("custom:x", response={"action": "ok"})

        assert world.endpoint.disconnect("user:ann") == 1

        assert await ann.closed() == Closed(1001)
        assert sorted(await world.journal.gone(2), key=lambda left: left[0]) == [
            ("room:1", Disconnected(1001)),
            ("room:2", Disconnected(1001)),
        ]
        await bob.silent()
        assert world.endpoint.disconnect("user:ann") == 0


async def test_c1_26_one_id_in_two_endpoints_is_two_ids() -> None:
    journal = Journal()
    endpoints = [make_endpoint(journal, path) for path in ("/ws", "/ws/admin")]
    async with serving(endpoint=endpoints, journal=journal) as world:
        one, other = [
            await world.client(path=endpoint.path, query="user=ann") for endpoint in endpoints
        ]

        assert endpoints[0].disconnect("user:ann") == 1

        assert await one.closed() == Closed(1001)
        await other.silent()


async def test_c1_26_what_is_broadcast_under_the_name_of_an_id_closes_nothing() -> None:
    """In Phoenix ids and topics share a namespace; here they do not."""
    async with serving() as world:
        client = await world.client(query="user=ann")

        await world.endpoint.broadcast_raw("user:ann", "disconnect", {})

        await client.silent()


async def test_c1_28_a_version_that_is_not_spoken_gets_403_and_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving() as world:
        assert await status(world, target="/ws/websocket?vsn=123.1.1") == 403

    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert 'reason="unsupported vsn" sent=123.1.1' in record.getMessage()

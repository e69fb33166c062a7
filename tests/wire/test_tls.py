"""The same under TLS, with a certificate made for the day."""

from __future__ import annotations

import ssl

import anyio
import pytest
import trustme

from channelkit import Limits

from .app import serving
from .client import PING, PONG, Closed, Peer, Received, close, frame, head, push

pytestmark = pytest.mark.anyio

GET = head("GET /healthz HTTP/1.1", "Host: localhost")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    return context


@pytest.fixture(scope="module")
def client_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)  # pyright: ignore[reportUnknownMemberType]
    return context


async def test_a_socket_talks_under_tls(
    server_context: ssl.SSLContext, client_context: ssl.SSLContext, *, fast_path: bool
) -> None:
    async with (
        serving(ssl_context=server_context, _fast_path=fast_path) as served,
        await served.peer(client_context) as peer,
    ):
        assert str(served.address).startswith("https://")
        await peer.open(behind=frame(PING, b"behind"))
        assert await peer.frame() == Received(PONG, b"behind")
        await peer.join()
        body = "x" * 300_000
        reply = await peer.call("echo", body)
        assert reply[4] == {"status": "ok", "response": body}
        assert served.journal.infos[0].uri.scheme == "https"

        await peer.send(close(1000))

        assert await peer.closed() == Closed(1000)


async def test_connect_sees_the_certificate_of_a_client_where_the_server_asks_for_one(
    authority: trustme.CA, client_context: ssl.SSLContext
) -> None:
    asking = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    asking.verify_mode = ssl.CERT_OPTIONAL
    authority.configure_trust(asking)  # pyright: ignore[reportUnknownMemberType]
    authority.issue_cert("localhost").configure_cert(asking)  # pyright: ignore[reportUnknownMemberType]
    showing = ssl.create_default_context()
    authority.configure_trust(showing)  # pyright: ignore[reportUnknownMemberType]
    own = authority.issue_cert("ann.example", common_name="ann")
    own.configure_cert(showing)  # pyright: ignore[reportUnknownMemberType]

    async with serving(ssl_context=asking) as served:
        for context in (showing, client_context):
            async with await served.peer(context) as peer:
                await peer.open()
        first, second = (info.peer for info in served.journal.infos)

    assert first is not None
    assert first.certificate is not None
    assert first.certificate.subject["commonName"] == "ann"
    assert first.certificate.names == (("DNS", "ann.example"),)
    assert first.certificate.der == ssl.PEM_cert_to_DER_cert(
        own.cert_chain_pems[0].bytes().decode()
    )
    assert second is not None
    assert second.certificate is None


async def test_a_page_is_served_under_tls(
    server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    async with (
        serving(ssl_context=server_context) as served,
        await served.peer(client_context) as peer,
    ):
        assert (await peer.ask(GET)).body == b"ok\n"
        assert (await peer.ask(GET)).body == b"ok\n"


async def test_many_messages_in_both_directions_arrive_under_tls(
    server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    async with (
        serving(ssl_context=server_context) as served,
        await served.peer(client_context) as peer,
    ):
        await peer.open()
        await peer.join()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_push_all, peer)
            for n in range(200):
                assert (await peer.message())[4]["response"] == [n, "x" * 10_000]


async def _push_all(peer: Peer) -> None:
    for n in range(200):
        await peer.send(push("echo", [n, "x" * 10_000], ref=str(n)))


async def test_a_drain_reaches_sockets_under_tls(
    server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    async with (
        serving(ssl_context=server_context) as served,
        await served.peer(client_context) as peer,
    ):
        await peer.open()
        served.server.drain()

        assert await peer.closed() == Closed(1012, "shutting down")


async def test_a_plain_client_is_sent_away(
    server_context: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with serving(ssl_context=server_context) as served, await served.peer() as peer:
        await peer.send(GET)

        await peer.gone()
    assert any(message.startswith("no connection ") for message in caplog.messages)
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_client_that_never_finishes_the_tls_handshake_is_cut_off(
    server_context: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    limits = Limits(handshake=0.05)
    async with serving(limits, ssl_context=server_context) as served, await served.peer() as peer:
        await peer.gone()
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_lost_connection_under_tls_is_noticed(
    server_context: ssl.SSLContext, client_context: ssl.SSLContext
) -> None:
    async with (
        serving(ssl_context=server_context) as served,
        await served.peer(client_context) as peer,
    ):
        await peer.open()
        await peer.join()
        await anyio.aclose_forcefully(peer.stream)

        assert type(await served.journal.exit()).__name__ == "ConnectionLost"


async def test_a_server_may_end_while_a_tls_handshake_is_under_way(
    server_context: ssl.SSLContext,
) -> None:
    async with serving(ssl_context=server_context) as served, await served.peer() as peer:
        await peer.send(b"\x16\x03\x01")
        await anyio.wait_all_tasks_blocked()

"""Opening a WebSocket: who may, who may not, and what they are told."""

from __future__ import annotations

import base64
import json
import logging

import pytest

from channelkit import Limits, Uri, static

from .app import Served, serving
from .client import KEY, NOTHING, Response, answer, head, text, upgrade

pytestmark = pytest.mark.anyio

SOCKET = "/socket/websocket?vsn=2.0.0"
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


async def opened(served: Served, request: bytes) -> Response:
    async with await served.peer() as peer:
        return await peer.ask(request)


async def test_a_handshake_is_accepted_as_rfc_6455_says() -> None:
    async with serving() as served:
        response = await opened(served, upgrade())

    assert response.status == 101
    assert response.headers["upgrade"] == "websocket"
    assert response.headers["connection"] == "Upgrade"
    assert response.headers["sec-websocket-accept"] == ACCEPT
    assert "sec-websocket-extensions" not in response.headers


NOT_QUITE = {
    "a plain GET": (upgrade(without=("upgrade", "connection")), 400),
    "no Connection": (upgrade(without=("connection",)), 400),
    "another Connection": (upgrade(SOCKET, "Connection: close", without=("connection",)), 400),
    "no Upgrade": (upgrade(without=("upgrade",)), 400),
    "another Upgrade": (upgrade(SOCKET, "Upgrade: h2c", without=("upgrade",)), 400),
    "no key": (upgrade(without=("sec-websocket-key",)), 400),
    "an empty key": (upgrade(SOCKET, "Sec-WebSocket-Key:", without=("sec-websocket-key",)), 400),
    "a short key": (
        upgrade(SOCKET, "Sec-WebSocket-Key: AAAA", without=("sec-websocket-key",)),
        400,
    ),
    "a key that is not base64": (
        upgrade(SOCKET, "Sec-WebSocket-Key: !!!!", without=("sec-websocket-key",)),
        400,
    ),
    "a key that is not ASCII": (
        upgrade(SOCKET, "Sec-WebSocket-Key: ÿÿÿÿ", without=("sec-websocket-key",)),
        400,
    ),
    "two keys": (upgrade(SOCKET, f"Sec-WebSocket-Key: {KEY}"), 400),
    "no version": (upgrade(without=("sec-websocket-version",)), 400),
    "two versions": (upgrade(SOCKET, "Sec-WebSocket-Version: 13"), 400),
    "an old version": (
        upgrade(SOCKET, "Sec-WebSocket-Version: 8", without=("sec-websocket-version",)),
        426,
    ),
    "two Origins": (upgrade(SOCKET, "Origin: http://a", "Origin: http://a"), 400),
    "two Hosts": (upgrade(SOCKET, "Host: localhost"), 400),
    "no Host": (upgrade(without=("host",)), 400),
    "a body": (upgrade(SOCKET, "Content-Length: 5") + b"hello", 400),
    "a chunked body": (upgrade(SOCKET, "Transfer-Encoding: chunked") + b"0\r\n\r\n", 400),
    "an absolute target": (upgrade("http://localhost" + SOCKET), 400),
    "HTTP/1.0": (upgrade().replace(b"HTTP/1.1", b"HTTP/1.0"), 400),
    "POST": (upgrade().replace(b"GET", b"POST"), 405),
    "a query that is not UTF-8": (upgrade("/socket/websocket?%ff"), 400),
    "parameters nested too deep": (upgrade("/socket/websocket?a" + "[b]" * 20), 400),
    "unreadable extensions": (upgrade(SOCKET, "Sec-WebSocket-Extensions: ;;"), 400),
    "an unreadable subprotocol": (upgrade(SOCKET, "Sec-WebSocket-Protocol: ("), 400),
    "an unreadable token": (
        upgrade(SOCKET, "Sec-WebSocket-Protocol: phoenix, base64url.bearer.phx.!"),
        400,
    ),
    "another path": (upgrade("/nope/websocket?vsn=2.0.0"), 404),
    "the endpoint's own path": (upgrade("/socket?vsn=2.0.0"), 404),
    "another path, badly": (upgrade("/nope/websocket", without=("sec-websocket-key",)), 400),
}


@pytest.mark.parametrize(
    ("request_", "status"),
    NOT_QUITE.values(),
    ids=[name.replace(" ", "-") for name in NOT_QUITE],
)
async def test_what_is_no_handshake_is_told_why_and_the_connection_ends(
    request_: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(endpoint={"deflate": True}) as served, await served.peer() as peer:
        response = await peer.ask(request_)

        assert response.status == status
        assert response.headers["connection"] == "close"
        assert len(response.body) > 10
        await peer.ended()
        assert served.journal.infos == []
        assert [record for record in caplog.records if record.exc_info] == []


async def test_a_client_that_asks_for_the_mount_itself_is_told_where_its_sockets_open() -> None:
    async with serving() as served:
        paths = ("/socket", "/socket/", "/nope")
        answers = [(await opened(served, upgrade(path))).body for path in paths]

    told = b"there is no socket here; add /websocket to the path\n"
    assert answers == [told, told, b"there is no socket here\n"]


async def test_a_version_that_is_not_spoken_is_told_which_one_is() -> None:
    old = upgrade(SOCKET, "Sec-WebSocket-Version: 8", without=("sec-websocket-version",))
    async with serving() as served:
        response = await opened(served, old)

    assert response.headers["sec-websocket-version"] == "13"


@pytest.mark.parametrize("query", ["", "?vsn=1.0.0", "?vsn=1.0.7"])
async def test_version_one_is_spoken_where_nothing_else_is_asked_for(query: str) -> None:
    ping = {"topic": "phoenix", "event": "heartbeat", "payload": NOTHING, "ref": "1"}
    async with serving() as served, await served.socket(f"/socket/websocket{query}") as peer:
        await peer.send(text(ping))
        reply = await peer.message()

    assert reply == {
        "topic": "phoenix",
        "event": "phx_reply",
        "payload": {"status": "ok", "response": {}},
        "ref": "1",
    }


@pytest.mark.parametrize(
    "query", ["vsn=", "vsn=2.1.0", "vsn=3.0.0", "vsn=x", "vsn=2", "vsn[]=2.0.0"]
)
async def test_a_version_that_does_not_fit_is_forbidden(query: str) -> None:
    async with serving() as served:
        response = await opened(served, upgrade(f"/socket/websocket?{query}"))

    assert (response.status, response.json()) == (403, {"reason": "unsupported vsn"})


@pytest.mark.parametrize(
    ("origins", "origin", "status"),
    [
        (True, "http://localhost:4000", 101),
        (True, "https://LOCALHOST", 101),
        (True, "http://evil.example", 403),
        (True, "null", 403),
        (["https://*.example.com"], "https://a.example.com", 101),
        (["https://*.example.com"], "https://a-example.com", 403),
        (False, "http://evil.example", 101),
    ],
)
async def test_a_page_from_elsewhere_is_forbidden(
    origins: bool | list[str], origin: str, status: int
) -> None:
    async with serving(endpoint={"origins": origins}) as served:
        response = await opened(served, upgrade(SOCKET, f"Origin: {origin}"))

    assert response.status == status
    if status == 403:
        assert response.json() == {"reason": "origin not allowed"}
        assert served.journal.infos == []


async def test_a_client_that_is_no_page_has_no_origin() -> None:
    async with serving(endpoint={"origins": True}) as served:
        assert (await opened(served, upgrade())).status == 101


async def test_a_refusal_of_connect_is_told_with_its_status_before_the_upgrade(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with serving() as served, await served.peer() as peer:
        response = await peer.ask(upgrade(f"{SOCKET}&how=refuse"))

        assert response.status == 429
        assert response.headers["content-type"] == "application/json"
        assert response.json() == {"reason": "not_today", "wait": 3}
        await peer.ended()
    lines = [record.getMessage() for record in caplog.records]
    assert any(line.startswith("refused ") and "status=429" in line for line in lines)


async def test_parameters_that_do_not_fit_are_forbidden() -> None:
    async with serving() as served:
        response = await opened(served, upgrade(f"{SOCKET}&how[a]=b"))

    assert (response.status, response.json()["reason"]) == (403, "invalid payload")


async def test_a_connect_that_crashes_is_a_500_that_tells_the_peer_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving() as served:
        response = await opened(served, upgrade(f"{SOCKET}&how=crash"))

    assert (response.status, response.json()) == (500, {"reason": "connect crashed"})
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.getMessage().split(" ")[:2] for record in errors] == [["connect", "crashed"]]


async def test_a_connect_that_takes_too_long_is_a_503() -> None:
    async with serving(Limits(connect=0.05)) as served:
        response = await opened(served, upgrade(f"{SOCKET}&how=hang"))

    assert (response.status, response.json()) == (503, {"reason": "connect timeout"})


async def test_connect_is_told_where_the_connection_comes_from() -> None:
    target = "/socket/websocket?vsn=2.0.0&a[b]=c"
    async with serving() as served, await served.socket(target, "User-Agent: me", "X-A: b"):
        (info,) = served.journal.infos

    assert info.peer is not None
    assert (info.peer.address, info.peer.certificate) == ("127.0.0.1", None)
    path = "/socket/websocket"
    assert info.uri == Uri(host="localhost", port=80, path=path, query="vsn=2.0.0&a[b]=c")
    assert (info.user_agent, info.headers["x-a"], info.auth_token) == ("me", "b", None)


async def test_the_auth_token_of_phoenix_js_arrives_and_its_subprotocol_is_confirmed() -> None:
    hidden = base64.b64encode("tökén".encode()).decode().rstrip("=")
    offer = f"Sec-WebSocket-Protocol: phoenix, base64url.bearer.phx.{hidden}"
    async with serving() as served:
        response = await opened(served, upgrade(SOCKET, offer))
        (info,) = served.journal.infos

    assert response.headers["sec-websocket-protocol"] == "phoenix"
    assert info.auth_token == "tökén"
    assert hidden not in json.dumps(dict(info.headers))


async def test_a_subprotocol_that_nobody_speaks_here_is_not_confirmed() -> None:
    async with serving() as served:
        response = await opened(served, upgrade(SOCKET, "Sec-WebSocket-Protocol: soap"))

    assert response.status == 101
    assert "sec-websocket-protocol" not in response.headers


async def test_what_is_logged_of_a_connection_hides_its_secrets(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving() as served, await served.socket(f"{SOCKET}&token=hush&user=ann"):
        pass

    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "hush" not in logged
    assert "ann" in logged


async def test_a_page_at_the_root_leaves_the_socket_alone(tmp_path: object) -> None:
    async with serving(http={"/": static(str(tmp_path))}) as served, await served.socket() as peer:
        await peer.join()

        async with await served.peer() as other:
            response = await other.ask(head("GET /x HTTP/1.1", "Host: a"))
    assert response.status == 404


async def test_a_mistake_of_ours_costs_one_connection_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def mistaken(*_: object) -> None:
        raise RuntimeError("our own")

    async with serving() as served, await served.member() as member:
        monkeypatch.setattr("channelkit.transports.serving.upgrade", mistaken)
        async with await served.peer() as peer:
            await peer.send(upgrade())
            await peer.gone()

        assert await member.call("echo", 1) == answer(1)
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.getMessage().startswith("connection crashed peer=")

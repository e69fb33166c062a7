"""C3: raw sockets over WebSocket, without channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from channelkit import (
    ConnectInfo,
    Message,
    Ping,
    Pong,
    RawEndpoint,
    RawSocket,
    Server,
)

from ..wire.app import running
from ..wire.client import BINARY, PING, PONG, TEXT, Peer, Received, frame, head, upgrade

if TYPE_CHECKING:
    from channelkit.transports.listener import Address

pytestmark = pytest.mark.anyio


class Params(Message):
    """The connect parameters."""

    key: str = "none"
    id: str = "none"


class Talk(RawSocket[Params]):
    """Says what it was connected with; returns frames; tells of control frames."""

    async def on_frame(self, frame: str | bytes) -> str | bytes:
        """Say the parameters, or return what came."""
        return f"{self.assigns.key} {self.assigns.id}" if frame == "params" else frame

    async def on_control(self, frame: Ping | Pong) -> str:
        """Tell what came."""
        return f"{type(frame).__name__.lower()} {frame.payload.decode()}"


class Silent(RawSocket[None]):
    """Has no opinion on control frames."""

    async def on_frame(self, frame: str | bytes) -> str | bytes:
        """Return it."""
        return frame


async def login(params: Params, info: ConnectInfo) -> Params:
    """Let everybody in."""
    return params


def talk(path: str = "/ws/raw", **options: Any) -> Server:
    options.setdefault("origins", False)
    endpoint = RawEndpoint(path, Talk, login, identify=lambda params: params.key, **options)
    return Server(endpoint, port=0)


async def opened(address: Address, target: str, *headers: str) -> Peer:
    peer = await Peer.connect(address)
    await peer.open(target, *headers)
    return peer


async def test_c3_1_a_plain_get_is_400_naming_the_missing_header() -> None:
    async with running(talk()) as address, await Peer.connect(address) as peer:
        response = await peer.ask(head("GET /ws/raw HTTP/1.1", "Host: localhost"))

    assert response.status == 400
    assert response.body == b"the 'connection' header must contain 'upgrade'\n"


async def test_c3_2_a_page_of_an_allowed_origin_passes() -> None:
    statuses: list[int] = []
    async with running(talk(origins=["https://good.example"])) as address:
        for origin in ("https://good.example", "https://evil.example"):
            async with await Peer.connect(address) as peer:
                response = await peer.ask(upgrade("/ws/raw", f"Origin: {origin}"))
                statuses.append(response.status)

    assert statuses == [101, 403]


async def test_c3_3_a_subprotocol_that_both_know_is_chosen(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers: list[tuple[int, str | None]] = []
    async with running(talk(subprotocols=["sip", "mqtt"])) as address:
        for headers in (["Sec-WebSocket-Protocol: mqtt, sip"], [], ["Sec-WebSocket-Protocol: x"]):
            async with await Peer.connect(address) as peer:
                response = await peer.ask(upgrade("/ws/raw", *headers))
                answers.append((response.status, response.headers.get("sec-websocket-protocol")))

    assert answers == [(101, "sip"), (101, None), (403, None)]
    assert "subprotocol not supported" in caplog.text


async def test_c3_4_the_connect_parameters_reach_the_handler() -> None:
    async with (
        running(talk()) as address,
        await opened(address, "/ws/raw?key=value&vsn=9.9.9") as peer,
    ):
        await peer.send(frame(TEXT, b"params"))

        assert await peer.frame() == Received(TEXT, b"value none")


async def test_c3_5_a_ping_is_no_matter_of_a_handler_without_an_opinion() -> None:
    server = Server(RawEndpoint("/ws/raw", Silent, origins=False), port=0)
    async with running(server) as address, await opened(address, "/ws/raw") as peer:
        await peer.send(frame(PING, b"x"), frame(PONG, b"y"), frame(TEXT, b"z"))

        assert await peer.frame() == Received(PONG, b"x")
        assert await peer.frame() == Received(TEXT, b"z")


async def test_c3_6_a_frame_may_be_pushed_at_any_time() -> None:
    server = talk()
    async with running(server) as address, await opened(address, "/ws/raw?key=ann") as peer:
        await peer.send(frame(TEXT, b"there?"))
        assert await peer.frame() == Received(TEXT, b"there?")
        for socket in server.endpoints[0].sockets("ann"):
            await socket.send_frame("pushed")

        assert await peer.frame() == Received(TEXT, b"pushed")


async def test_c3_7_the_socket_may_be_mounted_at_a_path_of_its_own() -> None:
    async with (
        running(talk("/custom/some_path/nested")) as address,
        await opened(address, "/custom/some_path/nested") as peer,
        await Peer.connect(address) as other,
    ):
        await peer.send(frame(TEXT, b"x"))

        assert await peer.frame() == Received(TEXT, b"x")
        assert (await other.ask(upgrade("/custom/some_path"))).status == 404


async def test_c3_8_what_the_path_holds_is_among_the_parameters() -> None:
    """And counts more than one of the same name in the query."""
    async with (
        running(talk("/custom/{key}/path/{id}")) as address,
        await opened(address, "/custom/a%20b/path/42?key=query") as peer,
        await Peer.connect(address) as other,
    ):
        await peer.send(frame(TEXT, b"params"))

        assert await peer.frame() == Received(TEXT, b"a b 42")
        assert (await other.ask(upgrade("/custom/a/path"))).status == 404


async def test_c3_9_a_ping_with_its_payload_reaches_the_handler() -> None:
    """And a pong is sent by itself, before the handler says anything."""
    async with running(talk()) as address, await opened(address, "/ws/raw") as peer:
        await peer.send(frame(PING, b"hello"))

        assert await peer.frame() == Received(PONG, b"hello")
        assert await peer.frame() == Received(TEXT, b"ping hello")


async def test_c3_10_a_pong_with_its_payload_reaches_the_handler() -> None:
    async with running(talk()) as address, await opened(address, "/ws/raw") as peer:
        await peer.send(frame(PONG, b"hello"))

        assert await peer.frame() == Received(TEXT, b"pong hello")


async def test_c3_11_text_and_binary_come_back_as_what_they_were() -> None:
    async with running(talk()) as address, await opened(address, "/ws/raw") as peer:
        await peer.send(frame(TEXT, "é".encode()), frame(BINARY, b"\x00\xff"))

        assert await peer.frame() == Received(TEXT, "é".encode())
        assert await peer.frame() == Received(BINARY, b"\x00\xff")

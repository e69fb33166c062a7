"""Hibernation gives memory back, and no peer can tell: here one that is websockets' client."""

from __future__ import annotations

import json
import tracemalloc
import zlib
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    PerMessageDeflate,
)
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from channelkit.transports.deflate import DEFLATE, hibernate

from .app import Served, read_meanwhile, serving
from .client import Peer, push

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

pytestmark = pytest.mark.anyio

OFFERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "takeover": {"client_max_window_bits": True},
    "server forgets": {"server_no_context_takeover": True},
    "client forgets": {"client_no_context_takeover": True, "client_max_window_bits": 10},
    "both forget": {"server_no_context_takeover": True, "client_no_context_takeover": True},
}


class Client:
    """websockets' client, without its loop."""

    def __init__(self, peer: Peer, offer: dict[str, Any]) -> None:
        self._peer = peer
        self._protocol = ClientProtocol(
            parse_uri("ws://localhost/socket/websocket?vsn=2.0.0"),
            extensions=[ClientPerMessageDeflateFactory(**offer)] if offer else None,
        )

    async def open(self) -> None:
        """Send the handshake, take the response."""
        self._protocol.send_request(self._protocol.connect())
        (response,) = await self._events()
        assert isinstance(response, Response)
        assert self._protocol.handshake_exc is None

    async def call(
        self,
        event: str,
        payload: object,
        *,
        cut: int | None = None,
        between: Callable[[], None] = lambda: None,
    ) -> Any:
        """Push, and wait for the answer.

        Args:
            cut: Where the push is cut into two fragments.
            between: Called when the server has read the first.
        """
        text = json.dumps(["1", "2", "room:1", event, payload]).encode()
        if cut is None:
            self._protocol.send_text(text)
        else:
            self._protocol.send_text(text[:cut], fin=False)
            await self._flush()
            await read_meanwhile()
            between()
            self._protocol.send_continuation(text[cut:], fin=True)
        (frame,) = await self._events()
        assert isinstance(frame, Frame)
        return json.loads(bytes(frame.data))[4]["response"]

    async def _flush(self) -> None:
        await self._peer.send(*self._protocol.data_to_send())

    async def _events(self) -> list[Any]:
        await self._flush()
        events: list[Any] = []
        while not events:
            self._protocol.receive_data(await self._peer.stream.receive())
            events = self._protocol.events_received()
        return events


def sleep(served: Served) -> None:
    """Let every connection hibernate, as the sweeper does."""
    for connection in served.endpoint.pool.connections:
        connection.hibernate()
        connection.tick(connection.loop.clock())


@asynccontextmanager
async def talking(offer: dict[str, Any]) -> AsyncGenerator[tuple[Served, Client]]:
    async with serving(endpoint={"deflate": True}) as served, await served.peer() as peer:
        client = Client(peer, offer)
        await client.open()
        await client.call("phx_join", {})
        yield served, client


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
async def test_nobody_can_tell_that_a_socket_slept(offer: dict[str, Any]) -> None:
    async with talking(offer) as (served, client):
        for number in range(8):
            body = "the same words again and again, " * 9 + str(number)
            cut = None if number % 2 else 40

            assert await client.call("echo", body, cut=cut) == body
            if number % 3:
                sleep(served)


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
async def test_a_socket_may_sleep_in_the_middle_of_a_message(offer: dict[str, Any]) -> None:
    async with talking(offer) as (served, client):
        body = "half and half " * 20
        between = partial(sleep, served)

        assert await client.call("echo", body, cut=50, between=between) == body


async def test_a_frame_that_is_not_whole_yet_is_kept() -> None:
    async with serving() as served, await served.member() as peer:
        whole = push("echo", "x" * 100)
        await peer.send(whole[:60])
        await read_meanwhile()
        sleep(served)
        await peer.send(whole[60:])

        assert (await peer.message())[4]["response"] == "x" * 100


def compressing(offer: str) -> tuple[ServerProtocol, PerMessageDeflate]:
    """A protocol that has negotiated it, and has sent a message."""
    parameters = [(name, None) for name in offer.split()]
    _, extension = DEFLATE.process_request_params(parameters, [])
    assert isinstance(extension, PerMessageDeflate)
    protocol = ServerProtocol()
    protocol.extensions = [extension]
    extension.encode(Frame(Opcode.TEXT, b"words " * 500))
    return protocol, extension


@pytest.mark.parametrize("offer", ["client_max_window_bits", "server_no_context_takeover"])
def test_a_socket_that_sleeps_holds_no_compressor(offer: str) -> None:
    made = [compressing(offer) for _ in range(20)]  # whatever else is made once, is made
    tracemalloc.start()
    try:
        made += [compressing(offer) for _ in range(20)]
        for protocol, _ in made:
            hibernate(protocol)
        held = tracemalloc.get_traced_memory()[0] / 20
    finally:
        tracemalloc.stop()

    assert held < 15_000  # bytes, each; a compressor is 34,000


def test_the_next_message_refers_to_none_before_it() -> None:
    protocol, extension = compressing("client_max_window_bits")
    hibernate(protocol)
    frame = extension.encode(Frame(Opcode.TEXT, b"words " * 500))
    inflate = zlib.decompressobj(wbits=-extension.local_max_window_bits)

    assert inflate.decompress(bytes(frame.data) + b"\0\0\xff\xff") == b"words " * 500


def test_hibernating_twice_is_as_once() -> None:
    protocol, extension = compressing("client_max_window_bits")
    hibernate(protocol)
    hibernate(protocol)

    assert extension.encode(Frame(Opcode.TEXT, b"x")).data


async def test_the_sweeper_lets_idle_sockets_sleep() -> None:
    options = {"deflate": True, "hibernate_after": 0.01}
    async with serving(endpoint=options) as served, await served.member() as peer:
        (connection,) = served.endpoint.pool.connections
        asleep = anyio.Event()
        carrier = connection._carrier  # pyright: ignore[reportPrivateUsage]
        connection._carrier = Watched(carrier, asleep)  # pyright: ignore[reportPrivateUsage]
        await asleep.wait()

        assert await peer.call("echo", {"n": 1})


class Watched:
    """A carrier that tells when it hibernates."""

    def __init__(self, carrier: Any, asleep: anyio.Event) -> None:
        self._carrier = carrier
        self._asleep = asleep

    def __getattr__(self, name: str) -> Any:
        return getattr(self._carrier, name)

    def hibernate(self) -> None:
        self._carrier.hibernate()
        self._asleep.set()

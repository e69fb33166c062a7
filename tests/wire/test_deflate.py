"""permessage-deflate, where the endpoint offers it."""

from __future__ import annotations

import zlib

import pytest

from channelkit import Limits

from .app import serving
from .client import CONT, JOIN, TEXT, Peer, Received, frame

pytestmark = pytest.mark.anyio

SOCKET = "/socket/websocket?vsn=2.0.0"
OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
TAIL = b"\x00\x00\xff\xff"


class Deflating:
    """A peer that compresses, with its context carried over from message to message."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._out = zlib.compressobj(wbits=-12)
        self._in = zlib.decompressobj(wbits=-15)

    def compressed(self, data: bytes) -> bytes:
        packed = self._out.compress(data) + self._out.flush(zlib.Z_SYNC_FLUSH)
        return packed.removesuffix(TAIL)

    async def say(self, data: bytes) -> None:
        await self.peer.send(frame(TEXT, self.compressed(data), rsv=4))

    async def hear(self) -> Received:
        received = await self.peer.frame()
        assert received.rsv == 4
        return Received(received.opcode, self._in.decompress(received.payload + TAIL))


def echo(body: str) -> tuple[bytes, Received]:
    asked = f'["1","2","room:1","echo","{body}"]'.encode()
    reply = f'["1","2","room:1","phx_reply",{{"status":"ok","response":"{body}"}}]'
    return asked, Received(TEXT, reply.encode())


async def joined(peer: Peer) -> Deflating:
    await peer.open(SOCKET, OFFER)
    deflating = Deflating(peer)
    await peer.send(JOIN)
    await deflating.hear()
    return deflating


async def test_messages_are_compressed_both_ways(*, fast_path: bool) -> None:
    async with (
        serving(endpoint={"deflate": True}, _fast_path=fast_path) as served,
        await served.peer() as peer,
    ):
        deflating = await joined(peer)
        for _ in range(3):
            asked, reply = echo("hello " * 100)
            await deflating.say(asked)

            assert await deflating.hear() == reply


async def test_a_compressed_message_may_come_in_fragments(*, fast_path: bool) -> None:
    async with (
        serving(endpoint={"deflate": True}, _fast_path=fast_path) as served,
        await served.peer() as peer,
    ):
        deflating = await joined(peer)
        asked, reply = echo("日本" * 50)
        packed = deflating.compressed(asked)
        await peer.send(frame(TEXT, packed[:9], rsv=4, fin=False), frame(CONT, packed[9:]))

        assert await deflating.hear() == reply


async def test_a_broadcast_reaches_compressing_and_plain_sockets_alike() -> None:
    async with (
        serving(endpoint={"deflate": True}) as served,
        await served.peer() as ann,
        await served.member() as bob,
    ):
        deflating = await joined(ann)
        await served.endpoint.broadcast_raw("room:1", "said", {"n": 1})
        await served.endpoint.broadcast_raw("room:1", "bin", b"\x00\x01")

        said = b'[null,null,"room:1","said",{"n":1}]'
        binary = b"\x02\x06\x03room:1bin\x00\x01"
        assert [await deflating.hear(), await deflating.hear()] == [(1, said, 0), (2, binary, 0)]
        assert [await bob.frame(), await bob.frame()] == [(1, said, 0), (2, binary, 0)]


async def test_it_is_not_negotiated_where_the_endpoint_does_not_offer_it() -> None:
    async with serving() as served, await served.peer() as peer:
        response = await peer.open(SOCKET, OFFER)

    assert "sec-websocket-extensions" not in response.headers


async def test_the_limit_of_a_message_counts_after_inflating(*, fast_path: bool) -> None:
    limits = Limits(message=1000)
    async with (
        serving(limits, endpoint={"deflate": True}, _fast_path=fast_path) as served,
        await served.peer() as peer,
    ):
        deflating = await joined(peer)
        await deflating.say(echo("x" * 900)[0])
        await deflating.hear()
        await deflating.say(echo("x" * 1000)[0])

        assert (await peer.closed()).code == 1009

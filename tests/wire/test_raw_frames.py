"""Raw frames of `self.socket` on the wire: in order with envelopes, compressed or not."""

from __future__ import annotations

import json
import zlib

import pytest

from channelkit import Channel, Endpoint, Ok, Open, Server, channel, on_event, on_join

from .app import running
from .client import BINARY, PING, PONG, TEXT, Closed, Peer, Received, answer, push

pytestmark = pytest.mark.anyio

OFFER = "Sec-WebSocket-Extensions: permessage-deflate"
REPLY = answer()


class Said(Open, event="said"):
    """Pushed between raw frames."""


@channel("room:1")
class Room(Channel[None, Said]):
    """Sends raw frames around a push."""

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in."""

    @on_event("all")
    async def all_kinds(self, message: Open) -> Ok:
        """Send one of each."""
        self.socket.ping(b"one")
        await self.socket.send_frame("é")
        await self.push(Said(payload={}))
        self.socket.send_frame_nowait(b"\x00\xff")
        self.socket.pong(b"two")
        return Ok()

    @on_event("end")
    async def end(self, message: Open) -> Ok:
        """End behind the reply."""
        self.socket.terminate()
        return Ok()


def unpacked(frames: list[Received]) -> list[tuple[int, bytes]]:
    """The frames without the compression that they say they have."""
    inflate = zlib.decompressobj(wbits=-15)
    return [
        (
            frame.opcode,
            inflate.decompress(frame.payload + b"\0\0\xff\xff") if frame.rsv else frame.payload,
        )
        for frame in frames
    ]


@pytest.mark.parametrize("headers", [(), (OFFER,)], ids=["plain", "deflate"])
async def test_raw_frames_leave_in_order_with_pushes_and_replies(headers: tuple[str, ...]) -> None:
    server = Server(Endpoint("/socket", [Room], origins=False, deflate=True), port=0)
    async with running(server) as address, await Peer.connect(address) as peer:
        await peer.open("/socket/websocket?vsn=2.0.0", *headers)
        await peer.send(push("phx_join", ref="1"), push("all"))
        frames = unpacked([await peer.frame() for _ in range(7)])

        assert frames[1:6] == [
            (PING, b"one"),
            (TEXT, "é".encode()),
            (TEXT, b'["1",null,"room:1","said",{}]'),
            (BINARY, b"\x00\xff"),
            (PONG, b"two"),
        ]
        assert json.loads(frames[6][1]) == REPLY


async def test_terminate_is_a_normal_close_behind_the_reply() -> None:
    server = Server(Endpoint("/socket", [Room], origins=False), port=0)
    async with running(server) as address, await Peer.connect(address) as peer:
        await peer.open("/socket/websocket?vsn=2.0.0")
        await peer.send(push("phx_join", ref="1"), push("end"))

        assert await peer.message()
        assert await peer.message() == REPLY
        assert await peer.closed() == Closed(1000)

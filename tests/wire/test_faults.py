"""What a peer does wrong costs its own connection: one close code, one exit, no traceback."""

from __future__ import annotations

import json
import logging
import socket
import zlib
from typing import TYPE_CHECKING

import anyio
import pytest

from channelkit import Limits
from channelkit.exits import (
    BadEncoding,
    BadFrame,
    ConnectionLost,
    Exit,
    TooBig,
)
from channelkit.exits import Closed as PeerClosed

from .app import serving
from .client import BINARY, CLOSE, CONT, PING, TEXT, Closed, close, frame, text

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anyio

LIMITS = Limits(message=1000, fragments=10)

BAD_FRAMES = {
    "unmasked": frame(TEXT, b"x" * 5, mask=None),
    "unmasked, medium": frame(TEXT, b"x" * 200, mask=None),
    "unmasked, long": frame(TEXT, b"x" * 300, mask=None, form=127),
    "unmasked ping": frame(PING, b"x", mask=None),
    "RSV1 without deflate": frame(TEXT, b"{}", rsv=4),
    "RSV2": frame(TEXT, b"{}", rsv=2),
    "RSV3": frame(BINARY, b"{}", rsv=1),
    "reserved data opcode": frame(3, b"x"),
    "reserved control opcode": frame(11, b"x"),
    "fragmented ping": frame(PING, b"x", fin=False),
    "long ping": frame(PING, b"x" * 126),
    "continuation of nothing": frame(CONT, b"x"),
    "a message inside another": frame(TEXT, b"[", fin=False) + frame(TEXT, b"]"),
    "close code of one byte": frame(CLOSE, b"\x03"),
    "close code 1005": close(1005),
    "close code 2999": close(2999),
    "close code 5000": close(5000),
    "binary, too short": frame(BINARY, b"\x00\x01"),
    "binary, cut short": frame(BINARY, b"\x00\x01\x01\x05\x05room"),
    "binary of another kind": frame(BINARY, b"\x03\x00\x00\x00\x00"),
    "binary, not UTF-8": frame(BINARY, b"\x00\x00\x00\x01\x00\xff"),
}

BAD_TEXTS = {
    "not UTF-8": b"\xff\xfe",
    "not UTF-8 within": b'[null,"1","phoenix","heartbeat","\xc3\x28"]',
    "an encoded surrogate": b'[null,"1","phoenix","heartbeat","\xed\xa0\x80"]',
    "cut in a character": '[null,"1","日'.encode()[:-1],
    "empty": b"",
    "not JSON": b"hello",
    "half a JSON": b'[null,"1"',
    "a scalar": b"1",
    "an object on V2": b'{"topic":"a","event":"b","payload":{},"ref":"1"}',
    "no ref": b"[null]",
    "NaN": b'[null,"1","phoenix","heartbeat",NaN]',
    "Infinity": b'[null,"1","phoenix","heartbeat",-Infinity]',
    "1e999": b'[null,"1","phoenix","heartbeat",1e999]',
    "a lone surrogate": b'[null,"1","phoenix","heartbeat","\\ud800"]',
    "nested too deep": b'[null,"1","phoenix","heartbeat",' + b"[" * 400 + b"]" * 400 + b"]",
}

TOO_MUCH = {
    "a message": frame(TEXT, b"x" * 1001),
    "a binary message": frame(BINARY, b"x" * 1001),
    "the header of one": frame(TEXT, length=1001),
    "the header of a huge one": frame(TEXT, length=2**63 + 1),
    "the header of the hugest": frame(TEXT, length=2**64 - 1),
    "fragments": frame(TEXT, b"x" * 600, fin=False) + frame(CONT, b"x" * 401),
    "the header of a fragment": frame(TEXT, b"x" * 600, fin=False) + frame(CONT, length=401),
}

FAULTS = [
    *((name, sent, 1002, BadFrame(1002)) for name, sent in BAD_FRAMES.items()),
    *((name, frame(TEXT, sent), 1007, BadEncoding()) for name, sent in BAD_TEXTS.items()),
    *((name, sent, 1009, TooBig()) for name, sent in TOO_MUCH.items()),
    ("not UTF-8 in a close", frame(CLOSE, b"\x03\xe8\xff"), 1007, BadEncoding()),
    (
        "not UTF-8 over fragments",
        frame(TEXT, b'["\xe6', fin=False) + frame(CONT, b'\x97"]'),
        1007,
        BadEncoding(),
    ),
    (
        "a flood of empty fragments",
        frame(TEXT, fin=False) + frame(CONT, fin=False) * 10,
        1008,
        BadFrame(1008),
    ),
]

CLOSES = {
    "without a code": (close(), Closed(1005), PeerClosed(1005)),
    "normally": (close(1000, "bye"), Closed(1000, "bye"), PeerClosed(1000, "bye")),
    "going away": (close(1001), Closed(1001), PeerClosed(1001)),
    "with a private code": (close(4999), Closed(4999), PeerClosed(4999)),
    "inside a message": (
        frame(TEXT, b"[", fin=False) + close(1000),
        Closed(1000),
        PeerClosed(1000),
    ),
    "with frames behind it": (close(1000) + text([]), Closed(1000), PeerClosed(1000)),
}


@pytest.fixture(autouse=True)
def _no_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Nothing that a peer sends reaches the log as a traceback, or as an error at all."""
    caplog.set_level(logging.DEBUG)
    yield
    records = caplog.get_records("call")
    assert [r.getMessage() for r in records if r.exc_info or r.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    ("sent", "code", "exit_"),
    [pytest.param(*fault[1:], id=fault[0].replace(" ", "-")) for fault in FAULTS],
)
async def test_a_fault_closes_with_its_code_and_is_told_to_on_leave(
    sent: bytes, code: int, exit_: Exit, *, fast_path: bool
) -> None:
    async with serving(LIMITS, _fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(sent)

        assert (await peer.closed()).code == code
        assert await served.journal.exit() == exit_


@pytest.mark.parametrize(
    ("sent", "answer", "exit_"), CLOSES.values(), ids=[name.replace(" ", "-") for name in CLOSES]
)
async def test_a_close_is_answered_with_its_own_code(
    sent: bytes, answer: Closed, exit_: Exit, *, fast_path: bool
) -> None:
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(sent)

        assert await peer.closed() == answer
        assert await served.journal.exit() == exit_


async def test_a_binary_frame_on_v1_is_unsupported_data(*, fast_path: bool) -> None:
    async with (
        serving(_fast_path=fast_path) as served,
        await served.socket("/socket/websocket") as peer,
    ):
        await peer.send(frame(BINARY, b"\x00\x00\x00\x00\x00"))

        assert await peer.closed() == Closed(1003)


async def test_an_end_without_a_close_frame_is_a_lost_connection(*, fast_path: bool) -> None:
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(frame(TEXT, b"[half a fra")[:9])
        await peer.stream.aclose()

        assert await served.journal.exit() == ConnectionLost()


async def test_a_reset_is_a_lost_connection(*, fast_path: bool) -> None:
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        raw = peer.stream.extra(anyio.abc.SocketAttribute.raw_socket)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        await anyio.aclose_forcefully(peer.stream)

        assert await served.journal.exit() == ConnectionLost()


async def test_a_peer_that_closes_only_its_sending_half_gets_no_close_frame_for_it(
    *, fast_path: bool
) -> None:
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.end()

        assert await peer.closed() == Closed(None)
        assert await served.journal.exit() == ConnectionLost()


async def test_an_envelope_with_a_ref_is_answered_until_the_third(*, fast_path: bool) -> None:
    bad = frame(TEXT, json.dumps([None, "7", 1, 2, 3]).encode())
    async with serving(_fast_path=fast_path) as served, await served.socket() as peer:
        await peer.send(bad, bad)

        answer = [
            None,
            "7",
            "phoenix",
            "phx_reply",
            {"status": "error", "response": {"reason": "invalid message"}},
        ]
        assert [await peer.message(), await peer.message()] == [answer, answer]

        await peer.send(bad)

        assert await peer.closed() == Closed(1007)


async def test_a_compression_bomb_is_too_big(*, fast_path: bool) -> None:
    compressor = zlib.compressobj(wbits=-12)
    bomb = compressor.compress(b"\0" * 10_000_000) + compressor.flush(zlib.Z_SYNC_FLUSH)
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
    async with (
        serving(endpoint={"deflate": True}, _fast_path=fast_path) as served,
        await served.peer() as peer,
    ):
        await peer.open("/socket/websocket?vsn=2.0.0", offer)
        await peer.send(frame(TEXT, bomb[:-4], rsv=4))

        assert (await peer.closed()).code == 1009


async def test_what_is_no_deflate_data_is_a_protocol_error(*, fast_path: bool) -> None:
    async with (
        serving(endpoint={"deflate": True}, _fast_path=fast_path) as served,
        await served.peer() as peer,
    ):
        await peer.open(
            "/socket/websocket?vsn=2.0.0", "Sec-WebSocket-Extensions: permessage-deflate"
        )
        await peer.send(frame(TEXT, b"\xff" * 20, rsv=4))

        assert (await peer.closed()).code == 1002

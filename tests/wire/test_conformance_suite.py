"""What WebSocket conformance suites ask of an echo server (RFC 6455, RFC 7692), in own words.

The groups are those that such suites have: framing, pings, reserved bits,
opcodes, fragments, UTF-8, closing, limits, compression. A suite calls the
answer to a fault strict where everything before it was answered first.
"""

from __future__ import annotations

import itertools
import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio
import pytest

from channelkit import Limits, RawEndpoint, RawSocket, Server

from .app import running
from .client import BINARY, CLOSE, CONT, PING, PONG, TEXT, Closed, Peer, close, frame

if TYPE_CHECKING:
    from channelkit.transports.listener import Address

pytestmark = pytest.mark.anyio

OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
TAIL = b"\x00\x00\xff\xff"
LIMITS = Limits(message=1 << 20, fragments=2000)


class Echo(RawSocket[None]):
    """Returns what comes."""

    async def on_frame(self, frame: str | bytes) -> str | bytes:
        """Return it."""
        return frame


@dataclass(frozen=True)
class Case:
    """What a client sends, and what it must get.

    Attributes:
        sends: Written one after the other, each in a write of its own.
        gets: Frames before the end, as opcode and payload.
        code: How the server closes; None if it stays open, which a ping shows.
    """

    name: str
    sends: list[bytes]
    gets: list[tuple[int, bytes]] = field(default_factory=list[tuple[int, bytes]])
    code: int | None = None


def echoed(name: str, opcode: int, payload: bytes, *sends: bytes) -> Case:
    """One message comes back; sent as one frame unless it is given how."""
    return Case(name, [*sends] or [frame(opcode, payload)], [(opcode, payload)])


def fails(name: str, code: int, *sends: bytes, before: bytes = b"hello") -> Case:
    """A message, which is answered, then a fault in the same write, which ends it."""
    return Case(name, [frame(TEXT, before) + b"".join(sends)], [(TEXT, before)], code)


def chopped(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def cut(opcode: int, payload: bytes, *at: int) -> list[bytes]:
    """A message in fragments."""
    bounds = [0, *at, len(payload)]
    parts = [payload[start:end] for start, end in itertools.pairwise(bounds)]
    last = len(parts) - 1
    return [
        frame(opcode if index == 0 else CONT, part, fin=index == last)
        for index, part in enumerate(parts)
    ]


def closed(name: str, code: int, payload: bytes | None) -> Case:
    """The peer closes with this payload; the answer has this code, 1005 for none."""
    return Case(name, [frame(CLOSE, payload or b"")], [], code)


SIZES = [0, 1, 125, 126, 127, 128, 65535, 65536]
VALID_UTF8 = [
    "κόσμε",
    "\x00",
    "\x7f",
    "\u0080",
    "\u07ff",
    "\u0800",
    "\ud7ff",
    "\ue000",
    "\ufffd",
    "\ufffe",
    "\U00010000",
    "\U0010ffff",
    "日本語 𐍈 é",
]
INVALID_UTF8 = [
    b"\x80",
    b"\xbf",
    b"\xc0\xaf",
    b"\xc1\xbf",
    b"\xe0\x80\xaf",
    b"\xf0\x80\x80\xaf",
    b"\xf8\x88\x80\x80\x80",
    b"\xed\xa0\x80",
    b"\xed\xbf\xbf",
    b"\xf4\x90\x80\x80",
    b"\xfe",
    b"\xff",
    b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited",
    b"hello\xc3",
]
RESERVED = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]
SAID = "κόσμε".encode()

GROUPS: dict[str, list[Case]] = {
    "1 framing": [
        *(echoed(f"text of {size}", TEXT, b"*" * size) for size in SIZES),
        *(echoed(f"binary of {size}", BINARY, b"\xfe" * size) for size in SIZES),
        echoed("in chops", TEXT, b"*" * 3000, *chopped(frame(TEXT, b"*" * 3000), 997)),
        echoed("byte by byte", BINARY, b"\xfe" * 9, *chopped(frame(BINARY, b"\xfe" * 9), 1)),
    ],
    "2 pings and pongs": [
        Case("without payload", [frame(PING)], [(PONG, b"")]),
        Case("with text", [frame(PING, b"hello")], [(PONG, b"hello")]),
        Case("with bytes", [frame(PING, b"\x00\xff\xfe")], [(PONG, b"\x00\xff\xfe")]),
        Case("with 125 bytes", [frame(PING, b"\xfe" * 125)], [(PONG, b"\xfe" * 125)]),
        fails("with 126 bytes", 1002, frame(PING, b"\xfe" * 126)),
        Case("in chops", chopped(frame(PING, b"\xfe" * 125), 1), [(PONG, b"\xfe" * 125)]),
        Case("a pong nobody asked for", [frame(PONG, b"x"), frame(PING, b"y")], [(PONG, b"y")]),
        Case(
            "ten at once",
            [b"".join(frame(PING, bytes([n])) for n in range(10))],
            [(PONG, bytes([n])) for n in range(10)],
        ),
    ],
    "3 reserved bits": [
        *(fails(f"rsv {rsv}", 1002, frame(TEXT, b"x", rsv=rsv)) for rsv in (1, 2, 3, 5, 6, 7)),
        *(fails(f"rsv {rsv} in a ping", 1002, frame(PING, b"x", rsv=rsv)) for rsv in (1, 2, 4, 7)),
        fails("in a close", 1002, frame(CLOSE, b"\x03\xe8", rsv=2)),
        fails("in a continuation", 1002, frame(TEXT, b"a", fin=False), frame(CONT, b"b", rsv=4)),
    ],
    "4 opcodes": [
        *(fails(f"opcode {opcode}", 1002, frame(opcode)) for opcode in RESERVED),
        *(fails(f"opcode {opcode} and data", 1002, frame(opcode, b"x")) for opcode in RESERVED),
        fails("not masked", 1002, frame(TEXT, b"x", mask=None)),
    ],
    "5 fragments": [
        fails("a fragmented ping", 1002, frame(PING, b"a", fin=False), frame(CONT, b"b")),
        fails("a fragmented pong", 1002, frame(PONG, b"a", fin=False), frame(CONT, b"b")),
        echoed("two parts", TEXT, b"onetwo", *cut(TEXT, b"onetwo", 3)),
        echoed("two parts in a write", TEXT, b"onetwo", b"".join(cut(TEXT, b"onetwo", 3))),
        echoed(
            "two parts byte by byte",
            BINARY,
            b"onetwo",
            *chopped(b"".join(cut(BINARY, b"onetwo", 3)), 1),
        ),
        Case(
            "a ping between",
            [frame(TEXT, b"a", fin=False), frame(PING, b"p"), frame(CONT, b"b")],
            [(PONG, b"p"), (TEXT, b"ab")],
        ),
        Case(
            "pings between five, in a write",
            [frame(PING, b"p").join(cut(TEXT, b"abcde", 1, 2, 3, 4))],
            [*[(PONG, b"p")] * 4, (TEXT, b"abcde")],
        ),
        fails("a continuation of nothing", 1002, frame(CONT, b"x")),
        fails("an open continuation of nothing", 1002, frame(CONT, b"x", fin=False)),
        fails("a continuation behind a message", 1002, *cut(TEXT, b"ab", 1)[1:]),
        Case(
            "a continuation behind a fragmented message",
            [b"".join([*cut(TEXT, b"ab", 1), frame(CONT, b"c", fin=False), frame(TEXT, b"d")])],
            [(TEXT, b"ab")],
            1002,
        ),
        fails("a message inside another", 1002, frame(TEXT, b"a", fin=False), frame(TEXT, b"b")),
        echoed("empty parts", TEXT, b"", *cut(TEXT, b"", 0, 0)),
        echoed("an empty part in the middle", TEXT, b"ab", *cut(TEXT, b"ab", 1, 1)),
    ],
    "6 UTF-8": [
        *(echoed(f"valid {text!a}", TEXT, text.encode()) for text in VALID_UTF8),
        *(
            echoed(f"a part per byte {text!a}", TEXT, text.encode(), *parts)
            for text in VALID_UTF8
            if len(parts := cut(TEXT, text.encode(), *range(1, len(text.encode()))))
        ),
        *(Case(f"invalid {data!r}", [frame(TEXT, data)], [], 1007) for data in INVALID_UTF8),
        *(
            Case(
                f"invalid, a part per byte {data!r}",
                cut(TEXT, data, *range(1, len(data))),
                [],
                1007,
            )
            for data in INVALID_UTF8
        ),
        Case("it shows in the part that has it", cut(TEXT, SAID + b"\xff..", 5, 11)[:2], [], 1007),
        Case(
            "it shows before the part that would complete it",
            cut(TEXT, SAID + b"\xf4\x90\x80\x80", 10, 12)[:2],
            [],
            1007,
        ),
        *(echoed(f"binary {data!r}", BINARY, data) for data in INVALID_UTF8),
    ],
    "7 closing": [
        Case("behind a message", [frame(TEXT, b"x") + close(1000)], [(TEXT, b"x")], 1000),
        Case("behind ten", [frame(TEXT, b"x") * 10 + close(1000)], [(TEXT, b"x")] * 10, 1000),
        Case("twice", [close(1000) * 2], [], 1000),
        Case("before a ping", [close(1000) + frame(PING)], [], 1000),
        Case("before a message", [close(1000) + frame(TEXT, b"late")], [], 1000),
        Case("inside a message", [frame(TEXT, b"a", fin=False) + close(1000)], [], 1000),
        closed("without a code", 1005, None),
        closed("with one byte", 1002, b"\x03"),
        closed("with a reason", 1000, struct.pack("!H", 1000) + b"bye"),
        closed("with the longest reason", 1000, struct.pack("!H", 1000) + b"*" * 123),
        closed("with a reason that is too long", 1002, struct.pack("!H", 1000) + b"*" * 124),
        closed("with a reason that is not UTF-8", 1007, struct.pack("!H", 1000) + b"\xce\xba\xe1"),
        *(
            closed(f"with {code}", code, struct.pack("!H", code))
            for code in (
                1000,
                1001,
                1002,
                1003,
                1007,
                1008,
                1009,
                1010,
                1011,
                3000,
                3999,
                4000,
                4999,
            )
        ),
        *(
            closed(f"with {code}", 1002, struct.pack("!H", code))
            for code in (0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535)
        ),
    ],
    "9 limits": [
        echoed("the longest text", TEXT, b"*" * LIMITS.message),
        echoed("the longest binary", BINARY, b"\xfe" * LIMITS.message),
        echoed(
            "in many parts",
            TEXT,
            b"*" * 64_000,
            b"".join(cut(TEXT, b"*" * 64_000, *range(64, 64_000, 64))),
        ),
        echoed(
            "in chops of 2 KiB",
            BINARY,
            b"x" * 200_000,
            *chopped(frame(BINARY, b"x" * 200_000), 2048),
        ),
        Case("a byte too many", [frame(TEXT, b"*" * (LIMITS.message + 1))], [], 1009),
        fails("said to be too long", 1009, frame(BINARY, length=LIMITS.message + 1)),
        Case("a part too many", [b"".join(cut(TEXT, b"x" * 2001, *range(1, 2001)))], [], 1008),
        Case("many messages", [frame(TEXT, b"x" * 16) * 500], [(TEXT, b"x" * 16)] * 500),
    ],
}


class Listener:
    """A peer that inflates what is compressed."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._inflate = zlib.decompressobj(wbits=-15)

    async def next(self) -> tuple[int, bytes]:
        """The next frame, as opcode and payload."""
        opcode, payload, rsv = await self.peer.frame()
        return opcode, self._inflate.decompress(payload + TAIL) if rsv else payload

    async def check(self, case: Case) -> None:
        """Hold the case against the server."""
        got: list[tuple[int, bytes]] = []
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._send, case)
            got += [await self.next() for _ in case.gets]
        assert got == case.gets, case.name
        if case.code is None:
            await self._alive(case)
        else:
            assert await self._end() == Closed(case.code), case.name

    async def _send(self, case: Case) -> None:
        for data in case.sends:
            try:
                await self.peer.send(data)
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                return  # it has heard enough

    async def _alive(self, case: Case) -> None:
        await self.peer.send(frame(PING, b"still there?"))
        assert await self.next() == (PONG, b"still there?"), case.name

    async def _end(self) -> Closed:
        ended = await self.peer.closed()
        return ended._replace(reason="")


async def heard(address: Address, case: Case, headers: list[str]) -> None:
    async with await Peer.connect(address) as peer:
        await peer.open("/echo", *headers)
        await Listener(peer).check(case)


@pytest.mark.slow
@pytest.mark.parametrize("deflate", [False, True], ids=["plain", "deflate"])
@pytest.mark.parametrize("group", GROUPS)
async def test_an_echo_is_what_a_suite_expects(
    group: str, *, deflate: bool, fast_path: bool
) -> None:
    endpoint = RawEndpoint("/echo", Echo, limits=LIMITS, origins=False, deflate=deflate)
    headers = [OFFER] if deflate else []
    async with running(Server(endpoint, port=0, _fast_path=fast_path)) as address:
        for case in GROUPS[group]:
            with anyio.fail_after(5):
                await heard(address, case, headers)


OFFERS = {
    "with the peer's window": "client_max_window_bits",
    "with a small window": "client_max_window_bits=9; server_max_window_bits=9",
    "without takeover": "client_no_context_takeover; server_no_context_takeover",
    "without the server's": "server_no_context_takeover",
    "as little as may be": "",
}


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
async def test_compressed_messages_come_back_whatever_is_negotiated(
    offer: str, *, fast_path: bool
) -> None:
    """Sizes and contents of groups 12 and 13, in whole frames and in fragments."""
    endpoint = RawEndpoint("/echo", Echo, limits=LIMITS, origins=False, deflate=True)
    extension = "; ".join(filter(None, ["permessage-deflate", offer]))
    async with (
        running(Server(endpoint, port=0, _fast_path=fast_path)) as address,
        await Peer.connect(address) as peer,
    ):
        response = await peer.open("/echo", f"Sec-WebSocket-Extensions: {extension}")
        agreed = response.headers["sec-websocket-extensions"]
        forgets = "client_no_context_takeover" in agreed
        remembers = "server_no_context_takeover" not in agreed
        bits = 9 if "=9" in offer else 12
        deflate, inflate = zlib.compressobj(wbits=-bits), zlib.decompressobj(wbits=-15)
        for size in (0, 1, 16, 64, 256, 1024, 4096, 8192, 32768, 65536, 131072):
            for payload in (b'{"a": "b"}' * (size // 10), bytes(range(32, 127)) * (size // 95)):
                packed = deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH)
                packed = packed.removesuffix(TAIL)
                middle = len(packed) // 2
                if size % 3:
                    await peer.send(frame(TEXT, packed, rsv=4))
                else:
                    first = frame(TEXT, packed[:middle], rsv=4, fin=False)
                    await peer.send(first, frame(CONT, packed[middle:]))
                opcode, answer, rsv = await peer.frame()
                answer = inflate.decompress(answer + TAIL) if rsv else answer

                assert (opcode, answer) == (TEXT, payload)
                if forgets:
                    deflate = zlib.compressobj(wbits=-bits)
                if not remembers:
                    inflate = zlib.decompressobj(wbits=-15)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xff\xff\xff", 1002),
        (zlib.compressobj(wbits=-12).flush(zlib.Z_FINISH)[:1] + b"\xff", 1002),
    ],
)
async def test_what_does_not_inflate_is_a_protocol_error(data: bytes, code: int) -> None:
    endpoint = RawEndpoint("/echo", Echo, limits=LIMITS, origins=False, deflate=True)
    async with (
        running(Server(endpoint, port=0)) as address,
        await Peer.connect(address) as peer,
    ):
        await peer.open("/echo", OFFER)
        await peer.send(frame(TEXT, data, rsv=4))

        assert (await peer.closed()).code == code

"""A small client that can also send what no client may: raw bytes, illegal frames."""

from __future__ import annotations

import json
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import anyio
from anyio.streams.tls import TLSStream

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from anyio.abc import ByteStream

    from channelkit.transports.listener import Address

__all__ = [
    "BINARY",
    "CLOSE",
    "CONT",
    "JOIN",
    "JOINED",
    "KEY",
    "NOTHING",
    "PING",
    "PONG",
    "TEXT",
    "Closed",
    "Peer",
    "Received",
    "Response",
    "answer",
    "close",
    "frame",
    "head",
    "push",
    "text",
    "upgrade",
]

NOTHING: dict[str, object] = {}
CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
SOCKET = "/socket/websocket?vsn=2.0.0"


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    mask: bytes | None = b"\x11\x22\x33\x44",
    length: int | None = None,
    form: int | None = None,
) -> bytes:
    """One frame.

    Args:
        mask: None leaves it unmasked.
        length: What the header says, where that is not true.
        form: 126 or 127 for a longer form of the length than is needed.
    """
    size = len(payload) if length is None else length
    form = form or (size if size < 126 else 126 if size < 65536 else 127)
    parts = [struct.pack("!BB", fin << 7 | rsv << 4 | opcode, (mask is not None) << 7 | form)]
    if form == 126:
        parts.append(struct.pack("!H", size))
    elif form == 127:
        parts.append(struct.pack("!Q", size))
    if mask is not None:
        parts.append(mask)
        key = (mask * (len(payload) // 4 + 1))[: len(payload)]
        masked = int.from_bytes(payload) ^ int.from_bytes(key)
        payload = masked.to_bytes(len(payload))
    return b"".join([*parts, payload])


def text(value: object) -> bytes:
    """A text frame with JSON."""
    return frame(TEXT, json.dumps(value).encode())


def push(
    event: str,
    payload: object = None,
    *,
    ref: str | None = "2",
    join_ref: str | None = "1",
    topic: str = "room:1",
) -> bytes:
    """A text frame with an envelope; without a payload it is an empty object."""
    return text([join_ref, ref, topic, event, NOTHING if payload is None else payload])


def answer(response: object = None, *, ref: str = "2", status: str = "ok") -> list[object]:
    """The reply to such a push; without a response it is an empty object."""
    content = {"status": status, "response": NOTHING if response is None else response}
    return ["1", ref, "room:1", "phx_reply", content]


def close(code: int | None = None, reason: str = "") -> bytes:
    """A close frame."""
    return frame(CLOSE, b"" if code is None else struct.pack("!H", code) + reason.encode())


def head(line: str, *headers: str) -> bytes:
    """A request's head, with the empty line."""
    return "\r\n".join([line, *headers, "", ""]).encode("latin-1")


def upgrade(target: str = SOCKET, *headers: str, without: tuple[str, ...] = ()) -> bytes:
    """The request that opens a WebSocket.

    Args:
        headers: More of them.
        without: Names, in lower case, of those to leave out.
    """
    usual = [
        "Host: localhost",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {KEY}",
        "Sec-WebSocket-Version: 13",
    ]
    kept = [field for field in usual if field.partition(":")[0].lower() not in without]
    return head(f"GET {target} HTTP/1.1", *kept, *headers)


JOIN = push("phx_join", ref="1")
JOINED = answer(ref="1")


@dataclass(frozen=True, slots=True)
class Response:
    """What answers a request; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


class Received(NamedTuple):
    """One frame of the server."""

    opcode: int
    payload: bytes
    rsv: int = 0


class Closed(NamedTuple):
    """How the server closed: its code and reason; no code where no close frame came."""

    code: int | None
    reason: str = ""


class Peer:
    """The other side of a connection."""

    def __init__(self, stream: ByteStream) -> None:
        self.stream = stream
        self._buffer = bytearray()

    @classmethod
    async def connect(cls, address: Address, context: ssl.SSLContext | None = None) -> Self:
        """Connect to a server."""
        stream: ByteStream
        if address.host is None:
            stream = await anyio.connect_unix(address.path or "")
        else:
            stream = await anyio.connect_tcp(address.host, address.port)
        if context is not None:
            stream = await TLSStream.wrap(
                stream, hostname="localhost", ssl_context=context, standard_compatible=False
            )
        return cls(stream)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await anyio.aclose_forcefully(self.stream)

    async def end(self) -> None:
        """Close the sending half."""
        await self.stream.send_eof()

    async def send(self, *data: bytes) -> None:
        """Send it all in one write."""
        await self.stream.send(b"".join(data))

    # HTTP.

    async def response(self, *, head_only: bool = False) -> Response:
        """The next response."""
        raw = await self._until(b"\r\n\r\n")
        line, *fields = raw.decode("latin-1").split("\r\n")[:-2]
        named = [field.partition(": ") for field in fields]
        headers = {name.lower(): value for name, _, value in named}
        length = 0 if head_only else int(headers.get("content-length", "0"))
        body = await self._exactly(length)
        return Response(int(line.split(" ")[1]), headers, body)

    async def ask(self, *request: bytes) -> Response:
        """Send a request, wait for the response."""
        await self.send(*request)
        return await self.response()

    async def open(self, target: str = SOCKET, *headers: str, behind: bytes = b"") -> Response:
        """Open a WebSocket.

        Args:
            behind: What to send in the same write.
        """
        response = await self.ask(upgrade(target, *headers), behind)
        if response.status != 101:
            await anyio.aclose_forcefully(self.stream)
            raise AssertionError(response)
        return response

    # WebSocket.

    async def frame(self) -> Received:
        """The next frame."""
        first, second = await self._exactly(2)
        assert first & 0x80, "the server sends no fragments"
        assert not second & 0x80, "the server does not mask"
        size = second
        if size == 126:
            (size,) = struct.unpack("!H", await self._exactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self._exactly(8))
        return Received(first & 0x0F, await self._exactly(size), first >> 4 & 7)

    async def message(self) -> Any:
        """The next frame, which is text, parsed."""
        received = await self.frame()
        assert received.opcode == TEXT, received
        return json.loads(received.payload)

    async def call(self, event: str, payload: object = None) -> Any:
        """Push, wait for the next message."""
        await self.send(push(event, payload))
        return await self.message()

    async def join(self) -> None:
        """Join room:1, with "1" as join_ref."""
        await self.send(JOIN)
        assert await self.message() == JOINED

    async def closed(self) -> Closed:
        """Skip everything up to the end, which must come, and say how it was announced."""
        try:
            received = await self.frame()
            while received.opcode != CLOSE:
                received = await self.frame()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            return Closed(None)
        await self.ended()
        if not received.payload:
            return Closed(1005)
        (code,) = struct.unpack("!H", received.payload[:2])
        return Closed(code, received.payload[2:].decode())

    async def ended(self) -> None:
        """Wait for the end of what the server sends; nothing may come before it."""
        assert not self._buffer, bytes(self._buffer)
        try:
            data = await self.stream.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            return
        raise AssertionError(f"not the end, but {data!r}")

    async def gone(self) -> None:
        """Wait for the end, whatever comes before it."""
        with suppress(anyio.EndOfStream, anyio.BrokenResourceError):
            while True:
                await self.stream.receive()

    async def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._buffer += await self.stream.receive()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    async def _until(self, end: bytes) -> bytes:
        while end not in self._buffer:
            self._buffer += await self.stream.receive()
        return await self._exactly(self._buffer.index(end) + len(end))

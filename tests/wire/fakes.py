"""A link without a socket, and a connection that only writes down what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from channelkit import Limits
from channelkit.transports.websocket import WebSocket

if TYPE_CHECKING:
    from collections.abc import Callable

    from channelkit import Certificate, Exit
    from channelkit.runtime.connection import Connection
    from channelkit.transports.link import Receiver

__all__ = ["FakeConnection", "FakeLink", "open_websocket"]


class FakeLink:
    """Keeps what is written; everything else is only remembered."""

    def __init__(self) -> None:
        self.peername: tuple[str, int] | None = ("127.0.0.1", 1)
        self.secure = False
        self.certificate: Certificate | None = None
        self.closed = False
        self.written = bytearray()
        self.reading = True
        self.ended = False
        self.waiting = False

    async def receive(self) -> bytes:
        raise NotImplementedError

    async def drain(self) -> None:
        raise NotImplementedError

    def attach(self, receiver: Receiver) -> None:
        raise NotImplementedError

    def detach(self) -> None:
        raise NotImplementedError

    def ring(self) -> None:
        raise NotImplementedError

    async def wait(self) -> None:
        raise NotImplementedError

    def write(self, data: bytes) -> None:
        assert not self.ended, "written after the end"
        self.written += data

    def buffered(self) -> int:
        return 0

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def close(self) -> None:
        self.ended = True

    def abort(self) -> None:
        self.ended = self.closed = True


class FakeConnection:
    """Stops reading when it is over, as the real one does.

    Attributes:
        messages: What came, with whether it was binary.
        heard_frames: How often it was told that the peer lives.
        exit: Why it is over.
        on_message: Called after each message.
    """

    def __init__(self, carrier: WebSocket) -> None:
        self.carrier = carrier
        self.peer = "somebody"
        self.messages: list[tuple[bytes, bool]] = []
        self.heard_frames = 0
        self.exit: Exit | None = None
        self.on_message: Callable[[], None] | None = None

    def received(self, data: bytes, *, binary: bool) -> None:
        assert self.exit is None, "delivered after the end"
        self.messages.append((data, binary))
        if self.on_message is not None:
            self.on_message()

    def heard(self) -> None:
        self.heard_frames += 1

    def controlled(self, payload: bytes, *, ping: bool) -> None:
        self.heard_frames += 1

    def parting(self) -> bool:
        return True

    def lost(self, reason: Exit) -> None:
        if self.exit is None:
            self.exit = reason
            self.carrier.pause_reading()

    def writing_paused(self) -> None:
        self.carrier.pause_reading()

    def writing_resumed(self) -> None:
        self.carrier.resume_reading()


def open_websocket(
    limits: Limits | None = None,
    *,
    link: FakeLink | None = None,
    rest: bytes = b"",
    fast_path: bool = True,
) -> tuple[WebSocket, FakeLink, FakeConnection]:
    """A WebSocket past its handshake, not reading yet."""
    limits, link = limits or Limits(), link or FakeLink()
    protocol = ServerProtocol(state=OPEN, max_size=limits.message)
    carrier = WebSocket(link, protocol, limits, rest=rest, fast_path=fast_path)
    connection = FakeConnection(carrier)
    carrier.connection = cast("Connection", connection)
    return carrier, link, connection

"""One connection of a client: a byte stream, a WebSocket on it, envelopes in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, final

import anyio
from websockets.frames import CloseCode, Opcode
from websockets.frames import Frame as WebSocketFrame
from websockets.protocol import CLOSED, OPEN

from ..errors import RemoteProtocolError
from ..transports.fragments import Fault, Fragments
from .codec import decode, encode
from .inbox import Signal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from anyio.abc import ByteStream
    from websockets.client import ClientProtocol

    from ..wire import Envelope, Push
    from .settings import Settings

__all__ = ["Link", "Owner"]

READ: Final = 65536
"""Bytes of one read."""

HIGH_WATER: Final = 65536
"""Bytes that wait to be written, above which pushes wait."""

FRAGMENTS: Final = 1024
"""Frames of one message."""

_GONE: Final = (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError, OSError)


class Owner(Protocol):
    """Who is told what becomes of a connection. Nothing is told after `hang_up`."""

    def opened(self) -> None:
        """The connection is open."""
        ...

    def received(self, envelope: Envelope) -> None:
        """The server sent this."""
        ...

    def failed(self, error: Exception) -> None:
        """The connection did not open."""
        ...

    def lost(self, code: int, reason: str) -> None:
        """The connection is over."""
        ...


@final
class Link:
    """One connection, from its dialing to its end.

    Args:
        owner: Who is told.
        dial: Opens it; see `dialing.dialed`.
        settings: Times and bounds.
    """

    def __init__(
        self,
        owner: Owner,
        dial: Callable[[], Awaitable[tuple[ByteStream, ClientProtocol]]],
        settings: Settings,
    ) -> None:
        self._owner: Owner | None = owner
        self._dial = dial
        self._settings = settings
        self._scope = anyio.CancelScope()
        self._protocol: ClientProtocol | None = None
        self._fragments = Fragments(FRAGMENTS)
        self._out = bytearray()
        self._leaving = 0
        self._closing = False
        self._stirred = Signal()
        self._drained = Signal()
        self.ended = anyio.Event()

    # From the owner.

    @property
    def crowded(self) -> bool:
        """Whether more waits to be written than should."""
        return len(self._out) + self._leaving > HIGH_WATER

    async def drained(self) -> None:
        """Wait until less is waiting to be written, or the connection is over."""
        while self.crowded and not self.ended.is_set():
            await self._drained.wait()

    def send(self, push: Push) -> None:
        """Encode and send; what comes after its end is dropped.

        Raises:
            ValueError: It has no form on the wire.
        """
        protocol, frame = self._protocol, encode(push)
        if protocol is None or protocol.state is not OPEN:
            return
        if frame.binary:
            protocol.send_binary(frame.data)
        else:
            protocol.send_text(frame.data)
        self._flush()

    def hang_up(self, code: int, reason: str) -> None:
        """Close it, and tell the owner nothing more; it ends within `Settings.closing`."""
        self._owner = None
        protocol = self._protocol
        if protocol is None:
            self._scope.cancel()
        elif protocol.state is OPEN:
            protocol.send_close(code, reason)
            self._flush()
            self._wind_up()

    async def run(self) -> None:
        """Dial, then carry envelopes until it ends."""
        try:
            with self._scope:
                await self._run()
            self._tell_end()  # where nothing said so before, as when the stream just ends
        finally:
            self.ended.set()
            self._drained.ring()

    async def _run(self) -> None:
        try:
            stream, protocol = await self._dial()
        except Exception as error:  # the program's own functions may raise anything
            if self._owner is not None:
                self._owner.failed(error)
            return
        async with stream:
            self._protocol = protocol
            self._flush()
            if self._owner is not None:
                self._owner.opened()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._write, stream)
                self._take_events()  # that came right behind the handshake
                await self._read(stream)
                tasks.cancel_scope.cancel()

    def _tell_end(self) -> None:
        owner, self._owner = self._owner, None
        protocol = self._protocol
        if owner is not None and protocol is not None:
            close = protocol.close_rcvd or protocol.close_sent
            code = CloseCode.ABNORMAL_CLOSURE if close is None else close.code
            owner.lost(int(code), "" if close is None else close.reason)

    # Reading.

    async def _read(self, stream: ByteStream) -> None:
        protocol = self._protocol
        assert protocol is not None
        while protocol.state is not CLOSED:
            try:
                data = await stream.receive(READ)
            except _GONE:
                protocol.receive_eof()
            else:
                protocol.receive_data(data)
            self._take_events()
            self._flush()

    def _take_events(self) -> None:
        assert self._protocol is not None
        for event in self._protocol.events_received():
            if isinstance(event, WebSocketFrame) and not self._closing:
                self._take(event)
        if self._protocol.state is not OPEN:
            self._wind_up()

    def _take(self, frame: WebSocketFrame) -> None:
        opcode = frame.opcode
        if opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return  # websockets has answered it
        if opcode is not Opcode.CONT:
            self._fragments.begin(binary=opcode is Opcode.BINARY)
        whole = self._fragments.add(bytes(frame.data), last=frame.fin)
        if isinstance(whole, Fault):
            self._fail(*whole)
        elif whole is not None:
            self._receive(whole, binary=self._fragments.binary)

    def _receive(self, data: bytes, *, binary: bool) -> None:
        try:
            envelope = decode(data, binary=binary)
        except RemoteProtocolError as error:
            self._fail(error.close_code, str(error))
            return
        if self._owner is not None:
            self._owner.received(envelope)

    def _fail(self, code: int, reason: str) -> None:
        assert self._protocol is not None
        self._protocol.fail(code, reason)
        self._flush()
        self._wind_up()

    def _wind_up(self) -> None:
        """The last words are said: whatever is still to happen has a time."""
        if not self._closing:
            self._closing = True
            self._tell_end()
            deadline = anyio.current_time() + self._settings.closing
            self._scope.deadline = min(self._scope.deadline, deadline)

    # Writing.

    def _flush(self) -> None:
        assert self._protocol is not None
        self._out += b"".join(self._protocol.data_to_send())
        self._stirred.ring()

    async def _write(self, stream: ByteStream) -> None:
        while True:
            while self._out:
                data, self._out = bytes(self._out), bytearray()
                self._leaving = len(data)
                try:
                    await stream.send(data)
                except _GONE:
                    return  # the reader learns of it, too
                self._leaving = 0
                self._drained.ring()
            await self._stirred.wait()

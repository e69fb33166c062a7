"""The two kinds of connection under a link on trio; loaded only where trio runs."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final, Protocol, cast, final

import trio

from .link import READ_SIZE, shown

if TYPE_CHECKING:
    import ssl

__all__ = ["BROKEN", "Pipe", "Plain", "Tls"]

BROKEN: Final = (OSError, trio.BrokenResourceError, trio.ClosedResourceError)
"""What a connection that is gone, or closed under us, raises."""


class Pipe(Protocol):
    """A socket as the link uses it; every method may raise one of `BROKEN`."""

    def send_nowait(self, data: bytes) -> int:
        """Send as much as can be sent at once, and say how much that was."""
        ...

    async def send(self, data: memoryview) -> int:
        """Wait until something can be sent, and send it; says how much that was."""
        ...

    async def receive(self) -> bytes:
        """Wait for the next bytes; none at the end."""
        ...

    async def end(self) -> None:
        """Say that nothing more will be sent."""
        ...

    def close(self) -> None:
        """Close it, under whoever waits in here too."""
        ...


@final
class Plain:
    """The socket itself."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def send_nowait(self, data: bytes | memoryview) -> int:
        try:
            return self._sock.send(data)
        except BlockingIOError:
            return 0

    async def send(self, data: memoryview) -> int:
        await trio.lowlevel.wait_writable(self._sock)
        return self.send_nowait(data)

    async def receive(self) -> bytes:
        while True:
            await trio.lowlevel.wait_readable(self._sock)
            try:
                return self._sock.recv(READ_SIZE)
            except BlockingIOError:
                continue

    async def end(self) -> None:
        self._sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        trio.lowlevel.notify_closing(self._sock)
        self._sock.close()


@final
class Tls:
    """The socket under TLS: it never sends at once, and has no half-closed state."""

    def __init__(
        self, sock: trio.socket.SocketType, stream: trio.SSLStream[trio.SocketStream]
    ) -> None:
        self._sock = sock
        self._stream = stream
        # To whoever asks for its TLS, a stream of trio's is the object of Python's.
        self.certificate = shown(cast("ssl.SSLObject", stream))

    @classmethod
    async def open(cls, sock: socket.socket, context: ssl.SSLContext, seconds: float) -> Tls:
        own = trio.socket.from_stdlib_socket(sock)
        stream = trio.SSLStream(
            trio.SocketStream(own), context, server_side=True, https_compatible=True
        )
        try:
            with trio.fail_after(seconds):
                await stream.do_handshake()
        except (trio.BrokenResourceError, trio.TooSlowError) as error:
            own.close()
            raise OSError("no TLS handshake") from error
        except BaseException:
            own.close()
            raise
        return cls(own, stream)

    def send_nowait(self, data: bytes) -> int:
        return 0

    async def send(self, data: memoryview) -> int:
        await self._stream.send_all(data)
        return len(data)

    async def receive(self) -> bytes:
        return bytes(await self._stream.receive_some(READ_SIZE))

    async def end(self) -> None:
        await self._stream.aclose()

    def close(self) -> None:
        self._sock.close()

"""The link on trio; loaded only where trio runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import trio

from ..runtime.bell_trio import TrioBell
from ..runtime.log import crashed
from .link import peer_name
from .trio_pipes import BROKEN, Plain, Tls

if TYPE_CHECKING:
    import socket
    import ssl

    from anyio.abc import TaskGroup

    from ..certificates import Certificate
    from ..limits import Limits
    from .link import Receiver
    from .trio_pipes import Pipe

__all__ = ["TrioLink", "open_link"]


async def open_link(
    sock: socket.socket,
    peername: tuple[str, int] | None,
    limits: Limits,
    ssl_context: ssl.SSLContext | None,
    tasks: TaskGroup,
) -> TrioLink:
    """Take over an accepted socket, through the TLS handshake if there is to be one.

    Args:
        tasks: Where it writes what the socket does not take at once.

    Raises:
        OSError: The peer is gone, or does not speak TLS.
    """
    if ssl_context is None:
        return TrioLink(Plain(sock), peername, limits.high_water, tasks, secure=False)
    pipe = await Tls.open(sock, ssl_context, limits.handshake)
    link = TrioLink(pipe, peername, limits.high_water, tasks, secure=True)
    link.certificate = pipe.certificate
    return link


@final
class TrioLink:
    """See `Link`.

    A write goes to the socket at once. What it does not take, and everything
    under TLS, is written by a task that lives as long as there is some.
    """

    __slots__ = (
        "_backlog",
        "_buffered",
        "_closing",
        "_drained",
        "_eof",
        "_high_water",
        "_low_water",
        "_paused",
        "_pipe",
        "_receiver",
        "_resumed",
        "_scope",
        "_tasks",
        "_writing",
        "_writing_paused",
        "certificate",
        "closed",
        "peername",
        "secure",
    )

    def __init__(
        self,
        pipe: Pipe,
        peername: tuple[str, int] | None,
        high_water: int,
        tasks: TaskGroup,
        *,
        secure: bool,
    ) -> None:
        self.peername = peername
        self.secure = secure
        self.certificate: Certificate | None = None
        self.closed = False
        self._pipe = pipe
        self._tasks = tasks
        self._high_water = high_water
        self._low_water = high_water // 4
        self._receiver: Receiver | None = None
        self._scope: trio.CancelScope | None = None
        self._paused = False
        self._resumed = TrioBell()
        self._eof = False
        self._closing = False
        self._backlog: list[bytes] = []
        self._buffered = 0
        self._writing = False
        self._writing_paused = False
        self._drained = TrioBell()

    # A bell; who waits on it reads.

    @property
    def waiting(self) -> bool:
        """See `Bell.waiting`."""
        return self._scope is not None and not self._scope.cancel_called

    def ring(self) -> None:
        """See `Bell.ring`."""
        if self._scope is not None:
            self._scope.cancel()

    async def wait(self) -> None:
        """Read, and tell the receiver, until the ring."""
        with trio.CancelScope() as self._scope:
            try:
                while True:
                    await self._pump()
            finally:
                self._scope = None

    async def _pump(self) -> None:
        if self._paused or self._eof:
            await self._resumed.wait()
            return
        data = await self.receive()
        if data and not self._closing and self._receiver is not None:
            self._receiver.data(data)

    # Being asked.

    async def receive(self) -> bytes:
        """See `Link.receive`."""
        if self._eof:
            return b""
        try:
            data = await self._pipe.receive()
        except BROKEN:
            self._break()
            return b""
        if not data:
            self._ended()
        return data

    def _ended(self) -> None:
        self._eof = True
        if self._closing and not self._writing:
            self.abort()
        elif self._receiver is not None:
            self._receiver.eof()

    def _break(self) -> None:
        if not self.closed:
            self.abort()
            if self._receiver is not None:
                self._receiver.lost()

    async def drain(self) -> None:
        """See `Link.drain`."""
        while self._writing_paused and not self.closed:
            await self._drained.wait()

    # Telling.

    def attach(self, receiver: Receiver) -> None:
        """See `Link.attach`."""
        self._receiver = receiver
        if self._writing_paused:
            receiver.writing_paused()
        if self.closed:
            receiver.lost()
        elif self._eof:
            receiver.eof()

    def detach(self) -> None:
        """See `Link.detach`."""
        self._receiver = None
        self.resume_reading()

    def write(self, data: bytes) -> None:
        """See `Link.write`."""
        if self._closing or self.closed:
            return
        if not self._writing:
            try:
                sent = self._pipe.send_nowait(data)
            except OSError:
                self._paused = False  # reading finds out, and tells when nobody is in our call
                self._resumed.ring()
                return
            if sent == len(data):
                return
            data = data[sent:]
            self._start_writing()
        self._backlog.append(data)
        self._buffered += len(data)
        if self._buffered > self._high_water and not self._writing_paused:
            self._writing_paused = True
            if self._receiver is not None:
                self._receiver.writing_paused()

    def _start_writing(self) -> None:
        self._writing = True
        self._tasks.start_soon(self._write_backlog)

    async def _write_backlog(self) -> None:
        """Write what waits. Ends by being done or by `abort`, which every link comes to."""
        with trio.CancelScope(shield=True):
            try:
                while self._backlog:
                    data = memoryview(b"".join(self._backlog))
                    self._backlog.clear()
                    while data and not self.closed:
                        sent = await self._pipe.send(data)
                        data = data[sent:]
                        self._wrote(sent)
                if self._closing and not self.closed:
                    await self._pipe.end()
            except BROKEN:
                self._break()
            except Exception as error:  # our own mistake: it costs this connection and no other
                crashed("transport crashed", error, peer=peer_name(self))
                self._break()
        self._writing = False
        if self._closing and self._eof:
            self.abort()

    def _wrote(self, sent: int) -> None:
        self._buffered -= sent
        if self._writing_paused and self._buffered <= self._low_water:
            self._writing_paused = False
            if self._receiver is None:
                self._drained.ring()
            else:
                self._receiver.writing_resumed()

    def buffered(self) -> int:
        """See `Link.buffered`."""
        return self._buffered

    def pause_reading(self) -> None:
        """See `Link.pause_reading`."""
        self._paused = True

    def resume_reading(self) -> None:
        """See `Link.resume_reading`."""
        self._paused = False
        self._resumed.ring()

    def close(self) -> None:
        """See `Link.close`. TLS has no half-closed state, so there both halves end."""
        if self._closing or self.closed:
            return
        self._closing = True
        self.resume_reading()
        if not self._writing:
            self._start_writing()

    def abort(self) -> None:
        """See `Link.abort`."""
        if not self.closed:
            self.closed = True
            self._eof = True
            self._backlog.clear()
            self._buffered = 0
            self._pipe.close()
            self._drained.ring()
            self.ring()

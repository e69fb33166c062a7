"""The link on asyncio and uvloop: an `asyncio.Protocol`."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, cast, final
from weakref import WeakKeyDictionary

from ..runtime.bell import AsyncioBell
from .link import READ_SIZE, TURN, shown

if TYPE_CHECKING:
    import socket
    import ssl

    from anyio.abc import TaskGroup

    from ..certificates import Certificate
    from ..limits import Limits
    from .link import Receiver

__all__ = ["AsyncioLink", "open_link"]


async def open_link(
    sock: socket.socket,
    peername: tuple[str, int] | None,
    limits: Limits,
    ssl_context: ssl.SSLContext | None,
    tasks: TaskGroup,
) -> AsyncioLink:
    """Take over an accepted socket, through the TLS handshake if there is to be one.

    Raises:
        OSError: The peer is gone, or does not speak TLS.
    """
    _say_that_it_is_asyncio()
    link = AsyncioLink(peername, limits.high_water, secure=ssl_context is not None)
    await asyncio.get_running_loop().connect_accepted_socket(
        lambda: link,
        sock,
        ssl=ssl_context,
        ssl_handshake_timeout=None if ssl_context is None else limits.handshake,
        ssl_shutdown_timeout=None if ssl_context is None else limits.closing,
    )
    return link


def _say_that_it_is_asyncio() -> None:
    """Tell sniffio, which anyio asks where it is installed.

    It finds out by itself in tasks, not in a transport's callbacks; `anyio.run`
    tells it for all of them, `asyncio.run` does not. What is set here is set in
    the context of the one connection's task, which its callbacks run in.
    """
    sniffio = sys.modules.get("sniffio")
    if sniffio is not None:
        sniffio.current_async_library_cvar.set("asyncio")


@final
class AsyncioLink(asyncio.Protocol):
    """See `Link`.

    What is written in one pass of the loop leaves as one, with what the other
    links have: a pass that handles fifty messages asks for one callback.
    """

    __slots__ = (
        "_bell",
        "_closing",
        "_collected",
        "_collected_size",
        "_dirty",
        "_due",
        "_eof",
        "_high_water",
        "_loop",
        "_paused",
        "_receiver",
        "_stopped",
        "_transport",
        "_unasked",
        "_writing_paused",
        "certificate",
        "closed",
        "peername",
        "secure",
    )

    def __init__(self, peername: tuple[str, int] | None, high_water: int, *, secure: bool) -> None:
        self.peername = peername
        self.secure = secure
        self.certificate: Certificate | None = None
        self.closed = False
        self._loop = asyncio.get_running_loop()
        self._bell = AsyncioBell()
        self._dirty = _dirty_links(self._loop)
        self._collected: list[bytes] = []
        self._collected_size = 0
        self._high_water = high_water
        self._receiver: Receiver | None = None
        self._unasked = bytearray()
        self._eof = False
        self._paused = False
        self._stopped = False
        self._due = False
        self._writing_paused = False
        self._closing = False

    # From the loop: asyncio.Protocol.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=self._high_water)
        self.certificate = shown(transport.get_extra_info("ssl_object"))

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        if self._closing:
            return
        receiver = self._receiver
        if receiver is not None and len(data) <= TURN and not self._unasked:
            receiver.data(data)
            return
        self._unasked += data
        if receiver is not None:
            self._take_turn()
            return
        if len(self._unasked) >= READ_SIZE:
            self.pause_reading()
        self._bell.ring()

    def _take_turn(self) -> None:
        """Tell the receiver as much as is fair in one pass of the loop; the rest has the next.

        Until then nothing more is read. Of a peer that sends fast uvloop reads two megabytes in
        a pass, asyncio a quarter of one: as small frames that is a second's work for one peer.
        """
        receiver, unasked = self._receiver, self._unasked
        if receiver is not None and not (self._paused or self._due):
            data = bytes(unasked[:TURN])
            del unasked[:TURN]
            self._due = bool(unasked)
            if self._due:
                self._loop.call_soon(self._next_turn)
            receiver.data(data)
        self._read_or_not()

    def _next_turn(self) -> None:
        self._due = False
        if self._unasked:
            self._take_turn()

    def _tell_all(self) -> None:
        data, self._unasked = bytes(self._unasked), bytearray()
        if data and self._receiver is not None:
            self._receiver.data(data)

    def eof_received(self) -> bool:
        """See `asyncio.Protocol`; our half stays open until `close`, where it can."""
        self._eof = True
        if self._closing:
            self._transport.close()
        elif self._receiver is not None:
            self._tell_all()  # nothing was to be read, but TLS tells of its end
            self._receiver.eof()
        else:
            self._bell.ring()
        return not self.secure  # under TLS the other half cannot stay open

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self.closed = True
        self._eof = True
        self._collected.clear()
        self._collected_size = 0
        if self._receiver is not None:
            self._unasked.clear()
            self._receiver.lost()
        self._bell.ring()

    def pause_writing(self) -> None:
        """See `asyncio.Protocol`."""
        self._writing_paused = True
        if self._receiver is not None:
            self._receiver.writing_paused()

    def resume_writing(self) -> None:
        """See `asyncio.Protocol`."""
        self._writing_paused = False
        if self._receiver is None:
            self._bell.ring()
        else:
            self._receiver.writing_resumed()

    # A bell.

    @property
    def waiting(self) -> bool:
        """See `Bell.waiting`."""
        return self._bell.waiting

    def ring(self) -> None:
        """See `Bell.ring`."""
        self._bell.ring()

    async def wait(self) -> None:
        """See `Bell.wait`."""
        await self._bell.wait()

    # Being asked.

    async def receive(self) -> bytes:
        """See `Link.receive`."""
        while not self._unasked and not self._eof:
            await self._bell.wait()
        data = bytes(self._unasked)
        self._unasked.clear()
        self.resume_reading()
        return data

    async def drain(self) -> None:
        """See `Link.drain`."""
        self.flush()
        while self._writing_paused and not self.closed:
            await self._bell.wait()

    # Telling.

    def attach(self, receiver: Receiver) -> None:
        """See `Link.attach`."""
        self._receiver = receiver
        self._paused = False
        if self._eof:
            self._tell_all()
        elif self._unasked:
            self._take_turn()
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
        if self._closing:
            return
        if not self._collected:
            if not self._dirty:
                self._loop.call_soon(_flush_all, self._dirty)
            self._dirty.append(self)
        self._collected.append(data)
        self._collected_size += len(data)
        if self._collected_size > self._high_water:
            self.flush()

    def flush(self) -> None:
        """Write what is collected now."""
        collected = self._collected
        if collected:
            data = collected[0] if len(collected) == 1 else b"".join(collected)
            collected.clear()
            self._collected_size = 0
            if not self._transport.is_closing():
                self._transport.write(data)

    def buffered(self) -> int:
        """See `Link.buffered`."""
        if self.closed:
            return 0
        return self._collected_size + self._transport.get_write_buffer_size()

    def pause_reading(self) -> None:
        """See `Link.pause_reading`."""
        self._paused = True
        self._read_or_not()

    def resume_reading(self) -> None:
        """See `Link.resume_reading`."""
        if self._paused:
            self._paused = False
            if self._unasked and self._receiver is not None and not self._due:
                self._due = True
                self._loop.call_soon(self._next_turn)
            self._read_or_not()

    def _read_or_not(self) -> None:
        """Have the transport read, unless the receiver wants nothing, or has not had its turn."""
        stopped = self._paused or (self._receiver is not None and bool(self._unasked))
        if stopped != self._stopped and self._readable:
            self._stopped = stopped
            if stopped:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    @property
    def _readable(self) -> bool:
        return not (self._eof or self._closing or self._transport.is_closing())

    def close(self) -> None:
        """See `Link.close`. TLS has no half-closed state, so there both halves end."""
        if self._closing or self._transport.is_closing():
            return
        self.flush()
        self._unasked.clear()
        self.resume_reading()
        self._read_or_not()
        self._closing = True
        try:
            if not self._eof and self._transport.can_write_eof():
                self._transport.write_eof()
                return
        except OSError:  # the peer has reset it, and we have not heard yet
            pass
        self._transport.close()

    def abort(self) -> None:
        """See `Link.abort`."""
        if not self.closed:
            self._transport.abort()


_DIRTY: WeakKeyDictionary[asyncio.AbstractEventLoop, list[AsyncioLink]] = WeakKeyDictionary()


def _dirty_links(loop: asyncio.AbstractEventLoop) -> list[AsyncioLink]:
    """The links of this loop that have collected something."""
    return _DIRTY.setdefault(loop, [])


def _flush_all(dirty: list[AsyncioLink]) -> None:
    links = dirty.copy()
    dirty.clear()
    for link in links:
        link.flush()

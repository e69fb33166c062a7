"""Bytes to and from one peer, the same on every event loop."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Protocol

import anyio

from ..certificates import Certificate
from ..runtime.bell import Bell

if TYPE_CHECKING:
    from typing import Final

__all__ = ["READ_SIZE", "TURN", "Link", "Receiver", "hang_up", "peer_name", "shown"]

TURN: Final = 16 * 1024
"""Bytes of one peer that are told, on asyncio, before everybody else has a turn."""

READ_SIZE: Final = 64 * 1024
"""Bytes of one read on trio, and what is read ahead at most while nobody takes it."""


class Receiver(Protocol):
    """Takes what happens on a link; its methods return at once and never raise."""

    def data(self, data: bytes) -> None:
        """Take bytes; never called between `pause_reading` and `resume_reading` of a plain link.

        A link under TLS may still deliver what it had decrypted.
        """
        ...

    def eof(self) -> None:
        """The peer has sent its last byte; it may still read."""
        ...

    def lost(self) -> None:
        """The link is broken, or was aborted: nothing goes in or out any more."""
        ...

    def writing_paused(self) -> None:
        """More than the high-water mark waits to be written."""
        ...

    def writing_resumed(self) -> None:
        """Most of what waited is written."""
        ...


class Link(Bell, Protocol):
    """One TCP or unix connection, under TLS or not.

    It starts out being asked (`receive`, `drain`) and, once a receiver is
    attached, tells. It is a bell too: the one task that owns the connection
    waits on it, and on trio it is in that wait that the link is read.
    """

    @property
    def peername(self) -> tuple[str, int] | None:
        """The peer's address and port, None on a unix socket."""
        ...

    @property
    def secure(self) -> bool:
        """Whether it is under TLS."""
        ...

    @property
    def certificate(self) -> Certificate | None:
        """What the peer showed under TLS, None where nobody asked for it."""
        ...

    @property
    def closed(self) -> bool:
        """Whether it is over: aborted, broken, or closed by both sides."""
        ...

    async def receive(self) -> bytes:
        """Wait for the next bytes; ``b""`` when there are no more."""
        ...

    async def drain(self) -> None:
        """Wait until writing is not paused."""
        ...

    def attach(self, receiver: Receiver) -> None:
        """Tell this receiver from now on, first what was read and not asked for."""
        ...

    def detach(self) -> None:
        """Be asked again."""
        ...

    def write(self, data: bytes) -> None:
        """Write, or keep until it can be written; never blocks, never raises."""
        ...

    def buffered(self) -> int:
        """Bytes given to `write` that are not written yet."""
        ...

    def pause_reading(self) -> None:
        """Read nothing until resumed; the peer notices when its buffers are full."""
        ...

    def resume_reading(self) -> None:
        """Read again."""
        ...

    def close(self) -> None:
        """Write what is left, then end our half; what still comes is thrown away.

        The link is closed when the peer has ended its half too: hanging up on
        a peer that still sends would make its system throw away our last words.
        """
        ...

    def abort(self) -> None:
        """End it at once, both halves, whatever is left to write."""
        ...


async def hang_up(link: Link, seconds: float) -> None:
    """End a link: politely for so long, then at once. Not cut short by cancellation."""
    link.close()
    with anyio.move_on_after(seconds, shield=True):
        while not link.closed:
            await link.wait()
    link.abort()


def peer_name(link: Link) -> str:
    """The peer, for the log."""
    if link.peername is None:
        return "unix"
    host, port = link.peername
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def shown(tls: ssl.SSLObject | None) -> Certificate | None:
    """The certificate that the peer showed in a TLS handshake, and that was checked."""
    if tls is None or tls.context.verify_mode is ssl.CERT_NONE:
        return None
    return Certificate.read(tls.getpeercert(binary_form=True), tls.getpeercert())

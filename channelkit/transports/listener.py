"""Listening sockets: how they are made, and how connections are accepted from them."""

from __future__ import annotations

import errno
import os
import socket
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast, final

import anyio

from ..runtime.log import warning

if TYPE_CHECKING:
    from collections.abc import Callable

    from .pace import Pace

__all__ = ["Address", "Listening", "accept_from", "listen", "listen_unix"]

BACKLOG: Final = 2048
"""Connections that the system may keep waiting."""

BATCH: Final = 32
"""Connections that are accepted at most before everybody else has a turn."""

EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""What accepting fails with while the system, not the peer, is at a limit."""

RECOVERY: Final = 0.5
"""Seconds until the next try then."""

UNAVAILABLE: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
"""What binding to one of a host's addresses may fail with while others work: no IPv6 here."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a server listens.

    Attributes:
        host: A numeric address, None on a unix socket.
        port: Its port, 0 on a unix socket.
        path: The unix socket's file.
        secure: Whether it speaks TLS.
    """

    host: str | None = None
    port: int = 0
    path: str | None = None
    secure: bool = False

    def __str__(self) -> str:
        if self.host is None:
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}"


@final
class Listening:
    """A socket that listens.

    Attributes:
        sock: The socket itself.
        address: Where.
        keep: Whether a unix socket's file stays when this one closes.
    """

    def __init__(self, sock: socket.socket, *, secure: bool) -> None:
        sock.setblocking(False)
        sock.listen(BACKLOG)
        self.sock = sock
        self.keep = False
        self._file: Path | None = None
        self._inode = 0
        name: object = sock.getsockname()
        if isinstance(name, str):
            self._file = Path(name)
            self._inode = self._file.stat().st_ino
            self.address = Address(path=name, secure=secure)
        else:
            host, port = cast("tuple[str, int]", name)[:2]
            self.address = Address(host=host, port=port, secure=secure)

    def close(self) -> None:
        """Stop listening; a unix socket's file goes, unless it is somebody else's by now."""
        self.sock.close()
        if self._file is not None and not self.keep:
            with suppress(FileNotFoundError):
                if self._file.stat().st_ino == self._inode:
                    self._file.unlink()


def listen(host: str, port: int, *, secure: bool) -> list[Listening]:
    """Listen on every address of a host; port 0 is a free one, the same for all.

    Raises:
        OSError: The port is taken, or the host has no address here.
    """
    listening: list[Listening] = []
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    failure: OSError | None = None
    for family, _, _, _, address in dict.fromkeys(found):
        wanted = port or (listening[0].address.port if listening else 0)
        try:
            sock = _bound(family, (address[0], wanted, *address[2:]))
        except OSError as error:
            failure = error
            if error.errno in UNAVAILABLE:
                continue
            break
        listening.append(Listening(sock, secure=secure))
    if failure is not None and (not listening or failure.errno not in UNAVAILABLE):
        for one in listening:
            one.close()
        raise failure
    return listening


def _bound(family: int, address: tuple[object, ...]) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
    except BaseException:
        sock.close()
        raise
    return sock


def listen_unix(path: str, mode: int, *, secure: bool) -> Listening:
    """Listen on a unix socket; a file that a dead server left there is replaced.

    Args:
        mode: The file's permissions; whoever may write to it may connect.

    Raises:
        OSError: Somebody listens there, or the file is something else.
    """
    _remove_stale(path)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    umask = os.umask(0o777 & ~mode)  # so that it never has other permissions, not for a moment
    try:
        sock.bind(path)
    except BaseException:
        sock.close()
        raise
    finally:
        os.umask(umask)
    return Listening(sock, secure=secure)


def _remove_stale(path: str) -> None:
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise FileExistsError(errno.EEXIST, "there is a file that is no socket", path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            Path(path).unlink()
            return
    raise OSError(errno.EADDRINUSE, "somebody listens there", path)


async def accept_from(
    listening: socket.socket, pace: Pace, start: Callable[[socket.socket], None]
) -> None:
    """Accept for ever, no faster than the pace allows."""
    while True:
        await anyio.wait_readable(listening)
        await pace.wait()
        try:
            _accept_batch(listening, pace, start)
        except OSError as error:
            if error.errno not in EXHAUSTED:
                raise
            warning("accepting failed", error=errno.errorcode[error.errno], retry=RECOVERY)
            await anyio.sleep(RECOVERY)


def _accept_batch(
    listening: socket.socket, pace: Pace, start: Callable[[socket.socket], None]
) -> None:
    for _ in range(BATCH):
        if not pace.may_accept:
            return
        try:
            sock, _ = listening.accept()
        except BlockingIOError:
            return
        except ConnectionError:  # that one is gone again
            continue
        sock.setblocking(False)
        with suppress(OSError):  # a unix socket has no such option, a reset one no options
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pace.opened()
        start(sock)

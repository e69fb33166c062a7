"""From what the command line says to a server that runs."""

from __future__ import annotations

import errno
import ssl
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, final

from ..server import LoopName, Server
from .failures import Failure, UsageFailure
from .handover import Listeners

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ..transports.listener import Listening
    from .handover import Parent
    from .target import App

__all__ = ["Options", "chosen", "launch", "server_for"]

MAX_PORT: Final = 65535

_EXTRAS: Final = {"uvloop": "server", "trio": "trio"}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where and how to serve, as far as the command line says it; the app says the rest."""

    host: str | None = None
    port: int | None = None
    uds: str | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None


def server_for(app: App, options: Options) -> Server:
    """The app's own server or, for an endpoint, one made for it; the options come first.

    Raises:
        UsageFailure: The options contradict each other, or the certificate cannot be used.
    """
    if options.uds is not None and (options.host is not None or options.port is not None):
        raise UsageFailure("--uds stands instead of --host and --port; leave one of them out")
    if options.port is not None and not 0 <= options.port <= MAX_PORT:
        raise UsageFailure(f"--port is a number from 0 to {MAX_PORT}, got {options.port}")
    server = app if isinstance(app, Server) else Server(app)
    if options.host is not None or options.port is not None:
        server.uds = None
    if options.host is not None:
        server.host = options.host
    if options.port is not None:
        server.port = options.port
    if options.uds is not None:
        server.uds = options.uds
    if options.tls_cert is not None:
        server.ssl_context = _tls(options.tls_cert, options.tls_key)
    elif options.tls_key is not None:
        raise UsageFailure("--tls-key stands beside --tls-cert; give both, or the certificate")
    return server


def chosen(loop: LoopName) -> LoopName:
    """The event loop that will run: `auto` takes uvloop where it is installed.

    Raises:
        UsageFailure: It is not installed.
    """
    if loop == "auto":
        return "asyncio" if find_spec("uvloop") is None else "uvloop"
    if loop in _EXTRAS and find_spec(loop) is None:
        extra = f"pip install 'channelkit[{_EXTRAS[loop]}]'"
        raise UsageFailure(f"--loop {loop} needs {loop}, which is not installed; {extra}")
    return loop


def launch(
    server: Server,
    loop: LoopName,
    parent: Parent | None,
    ready: Callable[[Sequence[Listening]], None],
) -> None:
    """Serve until a signal ends it.

    Args:
        parent: The reloader that this process was started by.
        ready: Called once it listens.

    Raises:
        Failure: It cannot listen there.
    """
    host = f"[{server.host}]" if ":" in server.host else server.host
    where = f"{host}:{server.port}" if server.uds is None else server.uds
    listens = False

    def listening(sockets: Sequence[Listening]) -> None:
        nonlocal listens
        listens = True
        ready(sockets)
        if parent is not None:
            # A unix socket's file goes with its server: the next one makes its own.
            lasting = [one.sock for one in sockets if server.uds is None]
            parent.listening(Listeners(where, lasting))

    try:
        sockets = () if parent is None else parent.inherited(where)
        server.run(loop, sockets=sockets, ready=listening)
    except OSError as error:
        if listens:
            raise
        raise Failure(f"cannot listen on {where}: {_why(error, server)}") from None


def _why(error: OSError, server: Server) -> str:
    text = (error.strerror or str(error)).lower()
    if error.errno == errno.EADDRINUSE:
        return f"{text}; stop what listens there, or choose another address"
    if error.errno == errno.EACCES and server.uds is None:
        return f"{text}; ports below 1024 are the system's, choose another"
    return text


def _tls(cert: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        files = str(cert) if key is None else f"{cert} with {key}"
        raise UsageFailure(f"cannot use the certificate {files}: {_reason(error)}") from None
    return context


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return (getattr(error, "strerror", None) or str(error)).lower()

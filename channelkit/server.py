"""Ports, signals and drain around endpoints."""

from __future__ import annotations

import gc
import importlib.util
import signal
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

import anyio

from .draining import ServerStats, Stats
from .limits import Limits
from .runtime.log import info, warning
from .transports.drain import drain
from .transports.listener import Address, Listening, accept_from, listen, listen_unix
from .transports.pace import Pace
from .transports.serving import serve_socket
from .transports.site import Site
from .transports.sweeper import sweep

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable, Generator, Mapping, Sequence

    from anyio.abc import TaskGroup, TaskStatus

    from .endpoint import Endpoint
    from .raw_endpoint import RawEndpoint
    from .transports.routes import Handler
    from .transports.site import Application

__all__ = ["LoopName", "Server"]

LoopName: TypeAlias = Literal["auto", "asyncio", "uvloop", "trio"]
"""Which event loop: auto takes uvloop where it is installed, else asyncio."""

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

PYTHONS_OWN: Final = (700, 2000)
"""How many objects have to be new before garbage is looked for: CPython's defaults."""

SELDOM: Final = 10_000
"""The same for a server: 700 are made by a few sockets that connect, and none is garbage."""


class Server:
    """Serves endpoints, and plain HTTP beside them, on one port.

    Args:
        endpoints: Each at its own path.
        http: Handlers by path: ``static(...)``, or any
            ``async (HttpRequest) -> HttpResponse``. A path that ends in ``/*``
            stands for everything below it.
        host: A name or a numeric address; ``""`` is every address there is.
        port: 0 takes a free one; `serve` reports it.
        uds: A unix socket's path, instead of host and port.
        uds_mode: Its permissions.
        ssl_context: Speak TLS.
        limits: Those that bind before the endpoint is known: `head`, `headers`,
            `body`, `handshake`, `sockets`, `lag`. The first endpoint's if not given.
        drain_batch: How many sockets a drain closes in one round.
        drain_interval: Seconds between two rounds, so that the clients do not
            all come back at the same time.
        drain_timeout: Seconds after which a drain cuts off what has not ended.

    Raises:
        ValueError: Two endpoints have one path, an origin or a path is none.
        DeclarationError: The channels of an endpoint cannot work.
    """

    def __init__(
        self,
        *endpoints: Endpoint[Any] | RawEndpoint[Any],
        http: Mapping[str, Handler] | None = None,
        host: str = "127.0.0.1",
        port: int = 4000,
        uds: str | None = None,
        uds_mode: int = 0o600,
        ssl_context: ssl.SSLContext | None = None,
        limits: Limits | None = None,
        drain_batch: int = 1000,
        drain_interval: float = 0.1,
        drain_timeout: float = 30.0,
        _fast_path: bool = True,
    ) -> None:
        self.endpoints = endpoints
        self.http = dict(http or {})
        self.host = host
        self.port = port
        self.uds = uds
        self.uds_mode = uds_mode
        self.ssl_context = ssl_context
        self.limits = limits or (endpoints[0].limits if endpoints else Limits())
        self.drain_batch = drain_batch
        self.drain_interval = drain_interval
        self.drain_timeout = drain_timeout
        self._fast_path = _fast_path
        self._draining: anyio.Event | None = None
        self._pace: Pace | None = None
        self._site()  # a mistake in it shows here, not when it runs

    def _site(self) -> Site:
        # To pyright, a cached_property is none of a protocol's properties.
        applications = cast("tuple[Application, ...]", self.endpoints)
        return Site(applications, self.http, self.limits, fast_path=self._fast_path)

    # Running.

    def run(
        self,
        loop: LoopName = "auto",
        *,
        sockets: Sequence[socket.socket] = (),
        ready: Callable[[Sequence[Listening]], None] | None = None,
    ) -> None:
        """Serve until SIGTERM or Ctrl-C, then drain; a second signal ends the process at once.

        Call it in the main thread. The process is the server's own: while it serves, what was
        loaded before is no more looked through for garbage (`gc.freeze`), and the rest less
        often, unless the program has chosen its own `gc.set_threshold`.

        Args:
            sockets: Listen on these, which listen already, instead of opening any.
            ready: Called with what listens, once it does.

        Raises:
            OSError: It cannot listen there.
            DeclarationError: The channels of an endpoint cannot work.
        """
        before = {number: signal.getsignal(number) for number in SIGNALS}
        backend, options = _backend(loop)
        main = partial(self._run_until_signal, sockets, ready or _nobody)
        try:
            with _seldom_collected():
                failure = anyio.run(main, backend=backend, backend_options=options)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if failure is not None:
            raise failure

    async def _run_until_signal(
        self, sockets: Sequence[socket.socket], ready: Callable[[Sequence[Listening]], None]
    ) -> Exception | None:
        """What made it impossible; not raised here, where it would come out in a group."""
        failure: Exception | None = None
        async with anyio.create_task_group() as tasks:
            await tasks.start(self._heed_signals)
            try:
                await self.serve(sockets=sockets, ready=ready)
            except Exception as error:
                failure = error
            tasks.cancel_scope.cancel()
        return failure

    async def _heed_signals(self, *, task_status: TaskStatus[None]) -> None:
        with anyio.open_signal_receiver(*SIGNALS) as signals:
            task_status.started()
            async for number in signals:
                info("signal", name=signal.Signals(number).name)
                break
        for number in SIGNALS:  # whoever asks twice does not want to wait
            signal.signal(number, signal.SIG_DFL)
        self.drain()

    async def serve(
        self,
        *,
        sockets: Sequence[socket.socket] = (),
        ready: Callable[[Sequence[Listening]], None] | None = None,
        task_status: TaskStatus[tuple[Address, ...]] = anyio.TASK_STATUS_IGNORED,
    ) -> None:
        """Serve until `drain`, or until cancelled, which closes all sockets at once.

        Args: as for `run`; the task's status is the addresses.

        Raises: as `run`.
        """
        site = self._site()
        self._pace = pace = Pace(self.limits)
        pools = site.pools
        self._draining = draining = anyio.Event()
        listening = self._listen(sockets)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(sweep, pools, pace, tuple(site.polls.values()))
                async with anyio.create_task_group() as accepting:
                    start = partial(self._start, tasks, site, pace)
                    for one in listening:
                        accepting.start_soon(accept_from, one.sock, pace, start)
                    addresses = tuple(one.address for one in listening)
                    info("listening", on=" ".join(map(str, addresses)))
                    (ready or _nobody)(listening)
                    task_status.started(addresses)
                    await draining.wait()
                    accepting.cancel_scope.cancel()
                _close(listening)
                await self._drain(site)
                tasks.cancel_scope.cancel()
        finally:
            self._pace = None
            _close(listening)

    def drain(self) -> None:
        """Stop accepting, close all sockets with 1012, let farewells finish; `serve` returns."""
        if self._draining is not None:
            self._draining.set()

    def stats(self) -> ServerStats:
        """What the sockets of all endpoints are and hold now."""
        by_path = {endpoint.path: endpoint.stats() for endpoint in self.endpoints}
        draining = self._draining is not None and self._draining.is_set()
        total = Stats.sum(by_path.values())
        accepting = self._pace is not None and self._pace.may_accept and not draining
        return ServerStats(total=total, endpoints=by_path, draining=draining, accepting=accepting)

    # Its parts.

    def _listen(self, sockets: Sequence[socket.socket]) -> list[Listening]:
        secure = self.ssl_context is not None
        if sockets:
            return [Listening(sock, secure=secure) for sock in sockets]
        if self.uds is not None:
            return [listen_unix(self.uds, self.uds_mode, secure=secure)]
        return listen(self.host, self.port, secure=secure)

    def _start(self, tasks: TaskGroup, site: Site, pace: Pace, sock: socket.socket) -> None:
        tasks.start_soon(self._serve_socket, sock, site, pace, tasks)

    async def _serve_socket(
        self, sock: socket.socket, site: Site, pace: Pace, tasks: TaskGroup
    ) -> None:
        try:
            await serve_socket(sock, site, self.ssl_context, tasks)
        finally:
            pace.closed()

    async def _drain(self, site: Site) -> None:
        site.draining = True
        total = self.stats().total
        info(
            "drain begins",
            sockets=total.sockets,
            members=total.members,
            topics=total.topics,
            inbox=total.inbox,
            outbox_frames=total.outbox_frames,
            outbox_bytes=total.outbox_bytes,
        )
        with anyio.move_on_after(self.drain_timeout) as timer:
            await drain(site, self.drain_batch, self.drain_interval)
        if timer.cancelled_caught:
            warning(
                "drain timed out", seconds=self.drain_timeout, sockets=self.stats().total.sockets
            )


@contextmanager
def _seldom_collected() -> Generator[None]:
    """Spend less on looking for garbage; a collection takes as long as there are sockets."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    if before[0] in PYTHONS_OWN:
        gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _nobody(listening: Sequence[Listening]) -> None:
    """Nobody wants to know."""


def _close(listening: Sequence[Listening]) -> None:
    for one in listening:
        one.close()


def _backend(loop: LoopName) -> tuple[str, dict[str, Any]]:
    """anyio's name for an event loop."""
    if loop == "trio":
        return "trio", {}
    if loop == "auto":
        loop = "uvloop" if importlib.util.find_spec("uvloop") is not None else "asyncio"
    return "asyncio", {"use_uvloop": loop == "uvloop"}

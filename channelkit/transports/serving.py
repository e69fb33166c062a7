"""One accepted socket, from its first byte to its last."""

from __future__ import annotations

import asyncio
import importlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast, final

import anyio

from ..handshake import Rejected, upgrade_problem, wants_upgrade
from ..http import HttpResponse
from ..runtime.log import crashed, info
from . import asyncio_link
from .exchange import Exchange, rejection
from .heads import HeadReader
from .link import hang_up, peer_name
from .longpoll import LongPollRequest
from .routes import HEALTH, READ_METHODS, refused_method
from .static import not_found
from .upgrade import upgrade

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Mapping

    from anyio.abc import TaskGroup

    from ..http import HttpRequest
    from .link import Link
    from .poll_sessions import PollDoor
    from .site import Door, Site
    from .websocket import WebSocket

__all__ = ["serve_socket"]

NO_VARIABLES: Final[Mapping[str, str]] = {}


async def serve_socket(
    sock: socket.socket, site: Site, ssl_context: ssl.SSLContext | None, tasks: TaskGroup
) -> None:
    """Serve one peer. Nothing it does, and no mistake of ours, raises out of here.

    Args:
        tasks: Where a link may run what helps it to write, and a request what outlives it.
    """
    try:
        link = await _open(sock, site, ssl_context, tasks)
    except OSError as error:
        info("no connection", error=type(error).__name__)
        return
    try:
        carrier = await _Visit(link, site, tasks).run()
        if carrier is None:
            await hang_up(link, site.limits.closing)
        else:
            await _carry(link, carrier, site)
    except Exception as error:
        crashed("connection crashed", error, peer=peer_name(link))
    finally:
        link.abort()


async def _carry(link: Link, carrier: WebSocket, site: Site) -> None:
    """Run a connection to its end; by then nothing is left of the request that opened it."""
    connection = carrier.connection
    site.enter()
    try:
        link.attach(carrier)
        await connection.run()
    finally:
        try:
            await hang_up(link, connection.pool.limits.closing)
        finally:
            site.leave()


async def _open(
    sock: socket.socket, site: Site, ssl_context: ssl.SSLContext | None, tasks: TaskGroup
) -> Link:
    """The link over a socket, on the event loop that runs.

    Raises:
        OSError: The peer is gone, or does not speak TLS.
    """
    try:
        name: object = sock.getpeername()
        peername = cast("tuple[str, int]", name[:2]) if isinstance(name, tuple) else None
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            # trio is no dependency: its module is loaded only where trio runs.
            links = importlib.import_module("channelkit.transports.trio_link")
            opened = links.open_link(sock, peername, site.limits, ssl_context, tasks)
            return cast("Link", await opened)
        return await asyncio_link.open_link(sock, peername, site.limits, ssl_context, tasks)
    except BaseException:
        sock.close()
        raise


@final
class _Visit:
    """A peer's requests, one after another; the last may open a WebSocket."""

    def __init__(self, link: Link, site: Site, tasks: TaskGroup) -> None:
        self._link = link
        self._site = site
        self._tasks = tasks
        self._heads = HeadReader(site.limits)

    async def run(self) -> WebSocket | None:
        """Answer as long as there is another request; the carrier that the last one opened."""
        head = await self._next_head()
        while head is not None:
            self._site.enter()
            try:
                another = await self._serve(head)
            finally:
                self._site.leave()
            if not isinstance(another, bool):
                return another
            head = await self._another_head() if another else None
        return None

    async def _next_head(self) -> bytes | Rejected | None:
        """The next head, None where the peer has left."""
        with anyio.move_on_after(self._site.limits.handshake):
            while True:
                head = self._heads.next_head()
                if head is not None or not await self._receive():
                    return head
        return Rejected(408, "the request took too long")

    async def _another_head(self) -> bytes | Rejected | None:
        """A further head on the same link: its first byte may take as long as a peer may idle."""
        if self._heads.empty:
            with anyio.move_on_after(self._site.limits.idle):
                await self._receive()
            if self._heads.empty:
                return None
        return await self._next_head()

    async def _receive(self) -> bool:
        data = await self._link.receive()
        self._heads.feed(data)
        return bool(data)

    async def _serve(self, head: bytes | Rejected) -> WebSocket | bool:
        """Answer one request; whether another may follow, or what it opened."""
        exchange = Exchange(self._link, self._site.limits)
        request = head if isinstance(head, Rejected) else exchange.read(head)
        if isinstance(request, Rejected):
            return await exchange.respond(rejection(request), last=True)
        found = self._site.door(request.path)
        if found is not None or wants_upgrade(request):
            opened = await self._upgrade(request, found)
            if not isinstance(opened, HttpResponse):
                return opened
            return await exchange.respond(opened, last=True)
        polled = self._site.poll(request.path)
        if polled is not None:
            response = await self._poll(exchange, request, *polled)
            return await exchange.respond(
                response, head_only=request.method == "HEAD", last=self._site.draining
            )
        limit = self._site.limits.body
        whole = await exchange.read_body(request, self._heads.rest(), limit)
        self._heads.feed(exchange.rest)
        if isinstance(whole, Rejected):
            return await exchange.respond(rejection(whole), last=True)
        response = await self._answer(whole)
        return await exchange.respond(
            response, head_only=whole.method == "HEAD", last=self._site.draining
        )

    async def _upgrade(
        self, request: HttpRequest, found: tuple[Door, Mapping[str, str]] | None
    ) -> HttpResponse | WebSocket:
        bare = self._site.bare.get(request.path)
        if found is None and bare is not None:
            found = bare, NO_VARIABLES
        if found is None:
            below = self._site.door(request.path.rstrip("/") + "/websocket")
            hint = "" if below is None else "; add /websocket to the path"
            missing = Rejected(404, f"there is no socket here{hint}")
            return rejection(upgrade_problem(request) or missing)
        door, variables = found
        rest = self._heads.rest()
        return await upgrade(self._link, request, rest, door, self._site, variables)

    async def _poll(
        self,
        exchange: Exchange,
        request: HttpRequest,
        door: PollDoor,
        variables: Mapping[str, str],
    ) -> HttpResponse:
        return await LongPollRequest(
            self._link, self._heads, exchange, door, variables, self._site, self._tasks
        ).answer(request)

    async def _answer(self, request: HttpRequest) -> HttpResponse:
        """Ask the handler; what it raises stays here."""
        found = self._site.routes.find(request.path)
        if request.path == HEALTH and (found is None or found[1]):  # no handler of just that path
            return self._health(request)
        if found is None:
            return not_found()
        handler, below = found
        try:
            return _checked(await handler(replace(request, below=below)))
        except Exception as error:
            crashed("handler crashed", error, peer=peer_name(self._link), path=request.path)
            return HttpResponse.text("internal error\n", 500)

    def _health(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READ_METHODS:
            return refused_method(*READ_METHODS)
        if self._site.draining:
            return HttpResponse.text("draining\n", 503)
        return HttpResponse.text("ok\n")


def _checked(response: object) -> HttpResponse:
    if isinstance(response, HttpResponse):
        return response
    raise TypeError(f"expected an HttpResponse, got {type(response).__name__}")

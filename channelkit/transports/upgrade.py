"""From a request that wants a WebSocket to a running connection."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import anyio
from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from ..handshake import Accepted, Denied, Rejected, admit, upgrade_problem
from ..http import HttpResponse
from ..runtime.connection import Connection
from ..runtime.log import crashed, info, masked
from ..wire import refused
from .exchange import rejection
from .link import hang_up, peer_name
from .websocket import WebSocket

if TYPE_CHECKING:
    from ..handshake import Welcome
    from ..http import HttpRequest
    from .link import Link
    from .site import Door, Site

__all__ = ["upgrade"]

SILENT: Final = logging.Logger("websockets", logging.CRITICAL)
"""websockets would log every connection, and with DEBUG on every frame, secrets and all."""

DEFLATE: Final = ServerPerMessageDeflateFactory(
    server_max_window_bits=12, client_max_window_bits=12, compress_settings={"memLevel": 5}
)
"""Windows of 4 KiB: nearly the ratio of the largest, for a tenth of the memory."""


async def upgrade(
    link: Link, request: HttpRequest, rest: bytes, door: Door, site: Site
) -> HttpResponse | None:
    """Open a WebSocket and serve it to its end.

    Args:
        rest: What came behind the request.

    Returns:
        Why not, as a response; None when the connection is over.
    """
    problem = upgrade_problem(request)
    if problem is not None:
        return _told(link, door, problem)
    verdict = admit(request, door.origins)
    if not isinstance(verdict, Accepted):
        return _told(link, door, verdict)
    protocol = _protocol(door, verdict)
    handshake = protocol.accept(Request(request.target, Headers(request.headers.fields())))
    if handshake.status_code != 101:
        return _told(link, door, Rejected(400, "the headers of the upgrade cannot be read"))
    welcome = await _connect(link, door, verdict)
    if isinstance(welcome, Denied):
        return _told(link, door, welcome)
    if site.draining:
        return _told(link, door, Rejected(503, "shutting down"))
    link.write(handshake.serialize())
    carrier = WebSocket(
        link, protocol, door.application.limits, rest=rest, fast_path=site.fast_path
    )
    await _serve(link, carrier, verdict, welcome, door)
    return None


def _protocol(door: Door, accepted: Accepted) -> ServerProtocol:
    """websockets' machine, past the request: `Exchange` has read that.

    One parser of requests decides; a second one, with limits of its own,
    could only disagree. So it starts out open, and `accept` negotiates.
    """
    subprotocol = accepted.subprotocol
    return ServerProtocol(
        extensions=[DEFLATE] if door.application.deflate else None,
        subprotocols=None if subprotocol is None else [Subprotocol(subprotocol)],
        state=OPEN,
        max_size=door.application.limits.message,
        logger=SILENT,
    )


async def _connect(link: Link, door: Door, accepted: Accepted) -> Welcome | Denied:
    """Ask the application."""
    application = door.application
    with anyio.move_on_after(application.limits.connect):
        try:
            return await application.connect(accepted.params, accepted.info)
        except Exception as error:
            crashed("connect crashed", error, peer=peer_name(link), path=door.path)
            return Denied(500, refused("connect crashed"))
    return Denied(503, refused("connect timeout"))


async def _serve(
    link: Link, carrier: WebSocket, accepted: Accepted, welcome: Welcome, door: Door
) -> None:
    application = door.application
    connection = Connection(
        application.hub,
        carrier,
        accepted.serializer,
        assigns=welcome.assigns,
        id=welcome.id,
        peer=peer_name(link),
        over=link,
    )
    carrier.connection = connection
    info(
        "connected",
        peer=connection.peer,
        id=connection.id,
        path=door.path,
        vsn=accepted.serializer.vsn,
        params=masked(accepted.params),
    )
    try:
        link.attach(carrier)
        await connection.run()
    finally:
        await hang_up(link, application.limits.closing)


def _told(link: Link, door: Door, reason: Rejected | Denied) -> HttpResponse:
    """The response that refuses, logged."""
    why = reason.reason if isinstance(reason, Rejected) else reason.response.get("reason")
    info("refused", peer=peer_name(link), path=door.path, status=reason.status, reason=why)
    if isinstance(reason, Rejected):
        return rejection(reason)
    return HttpResponse.json(reason.response, reason.status)

"""From a request that wants a WebSocket to a running connection."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from websockets.datastructures import Headers
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from ..exits import Drained
from ..handshake import Accepted, Denied, Rejected, admit, upgrade_problem
from .admission import Arrival
from .deflate import DEFLATE
from .link import hang_up, peer_name
from .websocket import WebSocket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..handshake import Welcome
    from ..http import HttpRequest, HttpResponse
    from .link import Link
    from .site import Application, Door, Site

__all__ = ["upgrade"]

SILENT: Final = logging.Logger("websockets", logging.CRITICAL)
"""websockets would log every connection, and with DEBUG on every frame, secrets and all."""


async def upgrade(
    link: Link,
    request: HttpRequest,
    rest: bytes,
    door: Door,
    site: Site,
    variables: Mapping[str, str],
) -> HttpResponse | None:
    """Open a WebSocket and serve it to its end.

    Args:
        rest: What came behind the request.
        variables: Those of the door's path; to `connect` they are parameters.

    Returns:
        Why not, as a response; None when the connection is over.
    """
    arrival = Arrival(door, peer_name(link), "websocket")
    problem = upgrade_problem(request)
    if problem is not None:
        return arrival.refused(problem)
    application = door.application
    verdict = arrival.admitted(lambda: _judged(request, application, variables))
    if not isinstance(verdict, Accepted):
        return arrival.refused(verdict)
    protocol = _protocol(door, verdict)
    handshake = protocol.accept(Request(request.target, Headers(request.headers.fields())))
    if handshake.status_code != 101:
        unreadable = Rejected(400, "the headers of the upgrade cannot be read")
        return arrival.refused(unreadable)
    welcome = await arrival.welcomed(verdict)
    if isinstance(welcome, Denied):
        return arrival.refused(welcome)
    if site.draining:
        await application.pool.disconnected(
            welcome.assigns, Drained(), peer=arrival.peer, id=welcome.id
        )
        return arrival.refused(Rejected(503, "shutting down"))
    link.write(handshake.serialize())
    carrier = WebSocket(link, protocol, application.limits, rest=rest, fast_path=site.fast_path)
    arrival.connected(welcome.id)
    await _serve(link, carrier, verdict, welcome, door)
    return None


def _judged(
    request: HttpRequest, application: Application, variables: Mapping[str, str]
) -> Accepted | Rejected | Denied:
    verdict = admit(request, application.origins, application.subprotocols, application.vsn)
    if variables and isinstance(verdict, Accepted):
        return replace(verdict, params={**verdict.params, **variables})
    return verdict


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


async def _serve(
    link: Link, carrier: WebSocket, accepted: Accepted, welcome: Welcome, door: Door
) -> None:
    application = door.application
    connection = application.opened(
        carrier, accepted.serializer, welcome, peer=peer_name(link), over=link
    )
    carrier.connection = connection
    try:
        link.attach(carrier)
        await connection.run()
    finally:
        await hang_up(link, application.limits.closing)

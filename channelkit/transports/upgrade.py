"""From a request that wants a WebSocket to a running connection."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ..exits import Drained
from ..handshake import Accepted, Denied, Rejected, admit, upgrade_problem
from .admission import Arrival
from .link import peer_name
from .machine import agreed, compressing
from .websocket import WebSocket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http import HttpRequest, HttpResponse
    from .link import Link
    from .site import Application, Door, Site

__all__ = ["upgrade"]

UNREADABLE: Final = Rejected(400, "the headers of the upgrade cannot be read")


async def upgrade(
    link: Link,
    request: HttpRequest,
    rest: bytes,
    door: Door,
    site: Site,
    variables: Mapping[str, str],
) -> HttpResponse | WebSocket:
    """Open a WebSocket, if its client may have one.

    Args:
        rest: What came behind the request.
        variables: Those of the door's path; to `connect` they are parameters.

    Returns:
        The carrier of a connection that is still to be run; or why there is none.
    """
    arrival = Arrival(door, peer_name(link), "websocket")
    problem = upgrade_problem(request)
    if problem is not None:
        return arrival.refused(problem)
    application = door.application
    verdict = arrival.admitted(lambda: _judged(request, application, variables))
    if not isinstance(verdict, Accepted):
        return arrival.refused(verdict)
    protocol, answer = None, agreed(request, verdict)
    if application.deflate and "sec-websocket-extensions" in request.headers:
        compressed = compressing(request, verdict, application.limits)
        if compressed is None:
            return arrival.refused(UNREADABLE)
        protocol, answer = compressed
    welcome = await arrival.welcomed(verdict)
    if isinstance(welcome, Denied):
        return arrival.refused(welcome)
    if site.draining:
        await application.pool.disconnected(
            welcome.assigns, Drained(), peer=arrival.peer, id=welcome.id
        )
        return arrival.refused(Rejected(503, "shutting down"))
    link.write(answer)
    carrier = WebSocket(link, protocol, application.limits, rest=rest, fast_path=site.fast_path)
    carrier.connection = application.opened(
        carrier, verdict.serializer, welcome, peer=arrival.peer, over=link
    )
    arrival.connected(welcome.id)
    return carrier


def _judged(
    request: HttpRequest, application: Application, variables: Mapping[str, str]
) -> Accepted | Rejected | Denied:
    verdict = admit(request, application.origins, application.subprotocols, application.vsn)
    if variables and isinstance(verdict, Accepted):
        return replace(verdict, params={**verdict.params, **variables})
    return verdict

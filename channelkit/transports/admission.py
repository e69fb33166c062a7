"""Who may connect: the handshake's verdict and the application's, what is told and logged of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import anyio

from ..handshake import Denied, Rejected
from ..http import HttpResponse
from ..masking import masked
from ..runtime.log import crashed, info, warning
from ..wire import refused
from .exchange import rejection

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..handshake import Accepted, Welcome
    from ..runtime.carried import Carried
    from .poll_sessions import PollDoor
    from .site import Door

__all__ = ["admitted", "opened", "told", "welcomed"]

Verdict = TypeVar("Verdict")


def admitted(admit: Callable[[], Verdict], door: Door | PollDoor, peer: str) -> Verdict | Denied:
    """The verdict of the handshake; an origin policy of the author's that raises refuses."""
    try:
        return admit()
    except Exception as error:
        crashed("origins crashed", error, peer=peer, path=door.path)
        return Denied(403, refused("origin not allowed"))


async def welcomed(door: Door | PollDoor, accepted: Accepted, peer: str) -> Welcome | Denied:
    """Ask the application."""
    application = door.application
    with anyio.move_on_after(application.limits.connect):
        try:
            return await application.connect(accepted.params, accepted.info)
        except Exception as error:
            crashed("connect crashed", error, peer=peer, path=door.path)
            return Denied(500, refused("connect crashed"))
    return Denied(503, refused("connect timeout"))


def told(reason: Rejected | Denied, door: Door | PollDoor, peer: str) -> HttpResponse:
    """The response that refuses, logged; as a warning where the endpoint may have to be changed."""
    path, status = door.path, reason.status
    if isinstance(reason, Rejected):
        info("refused", peer=peer, path=path, status=status, reason=reason.reason)
        return rejection(reason)
    why, sent, remedy = reason.response.get("reason"), reason.sent, reason.remedy
    if remedy is None:
        info("refused", peer=peer, path=path, status=status, reason=why)
    else:
        warning(
            "refused", peer=peer, path=path, status=status, reason=why, sent=sent, remedy=remedy
        )
    return HttpResponse.json(reason.response, status)


def opened(connection: Carried, accepted: Accepted, door: Door | PollDoor) -> None:
    """Log that a connection is open."""
    info(
        "connected",
        peer=connection.peer,
        id=connection.id,
        path=door.path,
        transport=accepted.info.transport,
        vsn=None if door.application.vsn is None else accepted.serializer.vsn,
        params=masked(accepted.params),
    )

"""Who may connect: the handshake's verdict and the application's, and who is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, final

import anyio

from ..handshake import Accepted, Denied, Rejected
from ..http import HttpResponse
from ..instruments import SocketConnected
from ..runtime.bell import current_loop
from ..runtime.log import crashed
from ..wire import refused
from .exchange import rejection

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..connect_info import Transport
    from ..handshake import Welcome
    from .poll_sessions import PollDoor
    from .site import Door

__all__ = ["Arrival"]

Verdict = TypeVar("Verdict")


@final
class Arrival:
    """A client that wants to connect, from its request to the decision.

    Attributes:
        peer: Its name, for the log.

    Args:
        door: Where it asks.
        transport: What it wants its frames carried by.
    """

    def __init__(self, door: Door | PollDoor, peer: str, transport: Transport) -> None:
        self.peer = peer
        self._door = door
        self._transport: Transport = transport
        self._stopwatch = current_loop().stopwatch
        self._since = self._stopwatch()
        self._accepted: Accepted | None = None

    def admitted(self, admit: Callable[[], Verdict]) -> Verdict | Denied:
        """The verdict of the handshake; an origin policy of the author's that raises refuses."""
        try:
            verdict = admit()
        except Exception as error:
            crashed("origins crashed", error, peer=self.peer, path=self._door.path)
            return Denied(403, refused("origin not allowed"))
        if isinstance(verdict, Accepted):
            self._accepted = verdict
        return verdict

    async def welcomed(self, accepted: Accepted) -> Welcome | Denied:
        """Ask the application."""
        application = self._door.application
        with anyio.move_on_after(application.limits.connect):
            try:
                return await application.connect(accepted.params, accepted.info)
            except Exception as error:
                crashed("connect crashed", error, peer=self.peer, path=self._door.path)
                return Denied(500, refused("connect crashed"))
        return Denied(503, refused("connect timeout"))

    def refused(self, reason: Rejected | Denied) -> HttpResponse:
        """Tell of a refusal; the response that says so."""
        if isinstance(reason, Rejected):
            self._tell(reason.status, reason.reason)
            return rejection(reason)
        why = reason.response.get("reason")
        self._tell(reason.status, why if isinstance(why, str) else None, reason)
        return HttpResponse.json(reason.response, reason.status)

    def connected(self, id: str | None) -> None:  # noqa: A002  (it is the socket's id)
        """Tell that it is connected, as the socket with this id."""
        self._tell(None, None, id=id)

    def _tell(
        self,
        status: int | None,
        reason: str | None,
        denied: Denied | None = None,
        *,
        id: str | None = None,  # noqa: A002  (it is the socket's id)
    ) -> None:
        application, accepted = self._door.application, self._accepted
        instruments, params, serializer = application.pool.instruments, None, None
        if accepted is not None:
            params = instruments.masked(accepted.params, application.secrets)
            serializer = None if application.vsn is None else accepted.serializer
        instruments.tell(
            SocketConnected(
                duration=self._stopwatch() - self._since,
                endpoint=application.path,
                path=self._door.path,
                transport=self._transport,
                peer=self.peer,
                result="ok" if status is None else "error",
                status=status,
                reason=reason,
                sent=None if denied is None else denied.sent,
                remedy=None if denied is None else denied.remedy,
                id=id,
                vsn=None if serializer is None else serializer.vsn,
                serializer=None if serializer is None else type(serializer).__name__,
                info=None if accepted is None else accepted.info,
                masked=params,
            )
        )

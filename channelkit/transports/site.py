"""What one server offers: its endpoints, its pages, and whether it is about to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, final

import anyio

from ..paths import PathPattern
from ..serializers import Classic, negotiate
from .poll_sessions import PollDoor
from .routes import Routes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from ..connect_info import ConnectInfo
    from ..handshake import Denied, Welcome
    from ..limits import Limits
    from ..longpoll import LongPoll
    from ..masking import Secrets
    from ..origins import OriginPolicy
    from ..runtime.bell import Bell
    from ..runtime.carried import Carried
    from ..runtime.carrier import Carrier
    from ..runtime.pool import Pool
    from ..serializers import Serializer
    from ..subprotocols import SubprotocolPolicy
    from .routes import Handler

__all__ = ["Application", "Door", "Site"]


class Application(Protocol):
    """What a transport needs of an endpoint."""

    @property
    def path(self) -> str: ...
    @property
    def socket_path(self) -> str: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def origins(self) -> OriginPolicy: ...
    @property
    def subprotocols(self) -> SubprotocolPolicy: ...
    @property
    def deflate(self) -> bool: ...
    @property
    def vsn(self) -> str | None: ...
    @property
    def longpoll(self) -> LongPoll | None: ...
    @property
    def pool(self) -> Pool: ...
    @property
    def secrets(self) -> Secrets: ...

    def opened(
        self,
        carrier: Carrier,
        serializer: Serializer,
        welcome: Welcome,
        *,
        peer: str,
        over: Bell | None = None,
    ) -> Carried:
        """The connection over a carrier, that `connect` has let in; it is still to be run."""
        ...

    async def connect(self, params: Mapping[str, JsonValue], info: ConnectInfo) -> Welcome | Denied:
        """Decide about a connection; may raise what the application's code raises."""
        ...


@final
class Door:
    """Where the WebSockets of one endpoint come in.

    Args:
        bare: At the endpoint's own path, as clients of the first Phoenix do.
    """

    def __init__(self, application: Application, *, bare: bool = False) -> None:
        self.application = application
        self.path = application.path if bare else application.socket_path
        self.pattern = PathPattern(self.path)


AnyDoor = TypeVar("AnyDoor", Door, PollDoor)


@final
class Site:
    """One server's offer.

    Attributes:
        doors: By path, those that answer nothing but WebSockets.
        bare: Those of mounts where the first Phoenix is spoken, at a path that
            a page may have, too.
        limits: Those that bind before it is known which endpoint is meant.
        draining: Nothing new begins: sockets are refused, connections end with
            the answer that is under way.
        fast_path: See `WebSocket`.

    Raises:
        ValueError: Two endpoints have one path, or an endpoint and a page.
    """

    def __init__(
        self,
        applications: Sequence[Application],
        http: Mapping[str, Handler],
        limits: Limits,
        *,
        fast_path: bool = True,
    ) -> None:
        doors = [Door(application) for application in applications]
        self.doors = {door.path: door for door in doors}
        self.bare = {
            one.path: Door(one, bare=True)
            for one in applications
            if one.vsn is not None and isinstance(negotiate(one.vsn), Classic)
        }
        if len(self.doors) < len(doors) or self.bare.keys() & self.doors.keys():
            raise ValueError("two endpoints have the same path")
        polled = [PollDoor(one, one.longpoll) for one in applications if one.longpoll is not None]
        self.polls = {door.path: door for door in polled}
        hidden = sorted({*self.doors, *self.polls} & http.keys())
        if hidden:
            raise ValueError(f"an endpoint's sockets open at {hidden[0]}, which http has, too")
        if len({*self.doors, *self.polls}) < len(doors) + len(polled):
            raise ValueError("an endpoint's path is where another one is polled")
        self._varying = [door for door in doors if door.pattern.names]
        self._varying_polls = [door for door in polled if door.pattern.names]
        self.routes = Routes(http)
        self.limits = limits
        self.fast_path = fast_path
        self.draining = False
        self._busy = 0
        self._idle: anyio.Event | None = None

    def door(self, path: str) -> tuple[Door, Mapping[str, str]] | None:
        """Who opens a WebSocket at a path, and what the path's variables are there."""
        return _found(path, self.doors, self._varying)

    def poll(self, path: str) -> tuple[PollDoor, Mapping[str, str]] | None:
        """Who is polled at a path, and what the path's variables are there."""
        return _found(path, self.polls, self._varying_polls)

    @property
    def pools(self) -> list[Pool]:
        """The endpoints' connections; asking for them compiles the channels."""
        return [door.application.pool for door in self.doors.values()]

    def enter(self) -> None:
        """Count something that a drain waits for: a socket, or a request being answered."""
        self._busy += 1

    def leave(self) -> None:
        """That is over."""
        self._busy -= 1
        if not self._busy and self._idle is not None:
            self._idle.set()

    async def wait_idle(self) -> None:
        """Wait until nothing is going on that a drain waits for."""
        while self._busy:  # a request that opened a socket leaves just before that enters
            self._idle = anyio.Event()
            await self._idle.wait()


def _found(
    path: str, doors: Mapping[str, AnyDoor], varying: Sequence[AnyDoor]
) -> tuple[AnyDoor, Mapping[str, str]] | None:
    door = doors.get(path)
    if door is not None and not door.pattern.names:
        return door, {}
    for door in varying:
        variables = door.pattern.match(path)
        if variables is not None:
            return door, variables
    return None

"""A path and the policy of who may connect there: what every kind of endpoint has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .compiler import Hooks
from .exits import Disconnected
from .instruments import LogLevels
from .limits import Limits, checked_seconds
from .longpoll import LongPoll
from .origins import OriginPolicy
from .paths import PathPattern
from .runtime.facade import Facade
from .runtime.instrumented import Instrumented
from .runtime.instruments import NO_SECRETS, Instruments
from .subprotocols import SubprotocolPolicy
from .welcoming import Welcoming

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from pydantic import JsonValue

    from .channel import Socket
    from .connect_info import ConnectInfo
    from .dispatch import ConnectPlan
    from .draining import Stats
    from .exits import Exit
    from .filters import FilterParameters
    from .handshake import Denied, Welcome
    from .masking import Secrets
    from .origins import Origins
    from .runtime.pool import Pool

__all__ = ["Mount"]

DISCONNECT_CODE = 1001


class Mount(Instrumented, ABC):
    """What transports ask of an endpoint, and what its sockets can be told from outside.

    Args: as for `Endpoint`.
    """

    def __init__(
        self,
        path: str,
        *,
        identify: Callable[[Any], str | None] | None,
        limits: Limits | None,
        origins: Origins,
        subprotocols: Sequence[str] | None,
        deflate: bool,
        longpoll: bool | LongPoll,
        expires_at: Callable[[Any], datetime | None] | None,
        on_disconnect: Callable[[Any, Exit], Awaitable[None]] | None,
        hibernate_after: float | None,
        filter_parameters: FilterParameters | None,
        log: LogLevels | bool,
    ) -> None:
        PathPattern(path)  # a mistake in it shows here
        self.path = path
        self.limits = limits or Limits()
        self.origins = OriginPolicy(origins)
        self.subprotocols = SubprotocolPolicy(subprotocols)
        self.deflate = deflate
        self.longpoll = LongPoll() if longpoll is True else longpoll or None
        self.hibernate_after = checked_seconds("hibernate_after", hibernate_after)
        slow, levels = self.limits.slow_handler, LogLevels.of(log)
        super().__init__(Instruments(path, levels=levels, filters=filter_parameters, slow=slow))
        self._identify = identify
        self._expires_at = expires_at
        self._on_disconnect = on_disconnect

    @property
    @abstractmethod
    def connect_plan(self) -> ConnectPlan | None:
        """How `connect` is called, None without one."""

    @property
    def socket_path(self) -> str:
        """Where WebSockets connect."""
        return f"{self.path}/websocket"

    @property
    @abstractmethod
    def pool(self) -> Pool:
        """The endpoint's connections."""

    @property
    def secrets(self) -> Secrets:
        """Which of the connect parameters are shown nowhere."""
        return NO_SECRETS if self.connect_plan is None else self.connect_plan.accepts.secrets

    @property
    def _hooks(self) -> Hooks:
        """What the compiler is to hold against the assigns."""
        return Hooks(
            identify=self._identify,
            expires_at=self._expires_at,
            on_disconnect=self._on_disconnect,
        )

    @cached_property
    def _welcoming(self) -> Welcoming:
        return Welcoming(
            plan=self.connect_plan, identify=self._identify, expires_at=self._expires_at
        )

    async def connect(self, params: Mapping[str, JsonValue], info: ConnectInfo) -> Welcome | Denied:
        """Decide about a connection.

        Raises:
            Exception: Whatever `connect`, `identify` or `expires_at` raised.
            TypeError: What they gave is no id, no moment.
            ValueError: The moment has no timezone.
        """
        return await self._welcoming.decide(params, info, self.pool.wall())

    def welcome(self, assigns: object) -> Welcome | Denied:
        """Decide about a connection that has these assigns, without asking `connect`.

        Raises as `connect`.
        """
        return self._welcoming.welcome(assigns, self.pool.wall())

    def sockets(self, id: str | None = None) -> tuple[Socket, ...]:  # noqa: A002  (the socket's)
        """The connected sockets with this id, or all: what `self.socket` is to a channel."""
        found = self.pool.connections if id is None else self.pool.identified(id)
        return tuple(Facade(connection, connection.close) for connection in found)

    def stats(self) -> Stats:
        """How many sockets, members and topics there are, and what waits in and for them."""
        return self.pool.stats()

    def disconnect(self, id: str, reason: str = "") -> int:  # noqa: A002  (it is the socket's id)
        """Close all sockets with this id, with 1001, so that phoenix.js asks to connect again.

        Returns:
            How many there were.
        """
        connections = self.pool.identified(id)
        for connection in connections:
            connection.close(Disconnected(DISCONNECT_CODE, reason))
        return len(connections)

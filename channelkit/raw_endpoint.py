"""An endpoint without channels: one class of callbacks for bare frames, at a path."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, overload

from typing_extensions import TypeVar

from .compiler import compile_raw
from .messages import Message, Refusal
from .mount import Mount
from .runtime.pool import Pool
from .runtime.raw_connection import RawConnection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from .connect_info import ConnectInfo
    from .dispatch import ConnectPlan
    from .exits import Exit
    from .filters import FilterParameters
    from .handshake import Welcome
    from .instruments import LogLevels
    from .limits import Limits
    from .longpoll import LongPoll
    from .origins import Origins
    from .raw_socket import AnyRawSocket, RawPlan, RawSocket
    from .runtime.bell import Bell
    from .runtime.carried import Carried
    from .runtime.carrier import Carrier
    from .serializers import Serializer

__all__ = ["RawEndpoint"]

# The type checkers' messages name these variables.
Assigns = TypeVar("Assigns")
ConnectParams = TypeVar("ConnectParams", bound=Message)


class RawEndpoint(Mount, Generic[Assigns]):
    """A raw socket's class served at a path: WebSocket messages without envelopes.

    Served by a `Server` beside other endpoints. Generic in the assigns. What is
    not among the parameters below is as for `Endpoint`.

    Args:
        path: Where WebSockets connect: this very path. ``/rooms/{id}`` takes any
            segment there, and `connect` gets it among its parameters.
        socket: The class of callbacks; each connection has an instance.
        longpoll: Whether to serve clients that cannot use a WebSocket, at
            ``<path>/longpoll``. To them binary frames have no way.

    Raises:
        ValueError: The path, the origins or the subprotocols are none, or a
            time is not positive.
    """

    vsn = None

    @overload
    def __init__(
        self: RawEndpoint[None],
        path: str,
        socket: type[RawSocket[None]],
        *,
        limits: Limits = ...,
        origins: Origins = ...,
        subprotocols: Sequence[str] | None = ...,
        deflate: bool = ...,
        longpoll: bool | LongPoll = ...,
        on_disconnect: Callable[[None, Exit], Awaitable[None]] | None = ...,
        hibernate_after: float | None = ...,
        filter_parameters: FilterParameters = ...,
        log: LogLevels | bool = ...,
    ) -> None: ...
    @overload
    def __init__(
        self,
        path: str,
        socket: type[RawSocket[Assigns]],
        connect: Callable[[ConnectParams], Awaitable[Assigns | Refusal]]
        | Callable[[ConnectParams, ConnectInfo], Awaitable[Assigns | Refusal]],
        *,
        identify: Callable[[Assigns], str | None] | None = ...,
        limits: Limits = ...,
        origins: Origins = ...,
        subprotocols: Sequence[str] | None = ...,
        deflate: bool = ...,
        longpoll: bool | LongPoll = ...,
        expires_at: Callable[[Assigns], datetime | None] | None = ...,
        on_disconnect: Callable[[Assigns, Exit], Awaitable[None]] | None = ...,
        hibernate_after: float | None = ...,
        filter_parameters: FilterParameters = ...,
        log: LogLevels | bool = ...,
    ) -> None: ...
    def __init__(
        self,
        path: str,
        socket: type[AnyRawSocket],
        connect: Callable[..., Awaitable[Any]] | None = None,
        *,
        identify: Callable[[Any], str | None] | None = None,
        limits: Limits | None = None,
        origins: Origins = True,
        subprotocols: Sequence[str] | None = None,
        deflate: bool = False,
        longpoll: bool | LongPoll = False,
        expires_at: Callable[[Any], datetime | None] | None = None,
        on_disconnect: Callable[[Any, Exit], Awaitable[None]] | None = None,
        hibernate_after: float | None = None,
        filter_parameters: FilterParameters | None = None,
        log: LogLevels | bool = True,
    ) -> None:
        super().__init__(
            path,
            identify=identify,
            limits=limits,
            origins=origins,
            subprotocols=subprotocols,
            deflate=deflate,
            longpoll=longpoll,
            expires_at=expires_at,
            on_disconnect=on_disconnect,
            hibernate_after=hibernate_after,
            filter_parameters=filter_parameters,
            log=log,
        )
        self.socket = socket
        self._connect = connect

    # Compiled at first use: declaring an endpoint does no work.

    def compile(self) -> RawPlan:
        """The compiled class.

        Raises:
            DeclarationError: Something in it or in `connect` cannot work.
        """
        return self._compiled[0]

    @cached_property
    def _compiled(self) -> tuple[RawPlan, ConnectPlan | None]:
        return compile_raw(self.socket, self._connect, self._hooks)

    @property
    def connect_plan(self) -> ConnectPlan | None:
        """How `connect` is called, None without one."""
        return self._compiled[1]

    @property
    def pool(self) -> Pool[RawConnection]:
        """The endpoint's connections."""
        return self._pool

    @cached_property
    def _pool(self) -> Pool[RawConnection]:
        self.compile()
        return Pool(
            self.limits,
            on_disconnect=self._on_disconnect,
            hibernate_after=self.hibernate_after,
            instruments=self.instruments,
        )

    @property
    def socket_path(self) -> str:
        """Where WebSockets connect."""
        return self.path

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
        return RawConnection(
            self.pool,
            self.compile(),
            carrier,
            assigns=welcome.assigns,
            id=welcome.id,
            expires=welcome.expires,
            peer=peer,
            over=over,
        )

    # For the application.

    def inform(self, id: str, info: object) -> int:  # noqa: A002  (it is the socket's id)
        """Send an info to the `on_info` of the sockets with this id; how many took it."""
        return sum(connection.inform(info) for connection in self.pool.identified(id))

"""An endpoint: channels and policy at a path. It does no I/O; `Server` does."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, cast, overload

from pydantic import BaseModel
from typing_extensions import TypeVar

from .compiler import compile_endpoint
from .errors import LocalProtocolError
from .exits import Revoked
from .from_thread import FromThread
from .mailbox import Mailbox
from .messages import Message, Open, Refusal
from .mount import Mount
from .payloads import pushable
from .rates import checked_rate
from .runtime.hub import Hub
from .serializers import DEFAULT_VSN, negotiate
from .topics import Topic
from .wire import Broadcast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from pydantic import JsonValue

    from .channel import AnyChannel, Channel
    from .connect_info import ConnectInfo
    from .dispatch import ConnectPlan, DispatchTable, Match
    from .exits import Exit
    from .filters import FilterParameters
    from .from_thread import Verbs
    from .handshake import Welcome
    from .instruments import LogLevels
    from .limits import Limits
    from .longpoll import LongPoll
    from .origins import Origins
    from .presence import Presence
    from .routers import Router
    from .runtime.bell import Bell
    from .runtime.carried import Carried
    from .runtime.carrier import Carrier
    from .runtime.pool import Pool
    from .serializers import Serializer

__all__ = ["Endpoint"]

# The type checkers' messages name these variables.
Assigns = TypeVar("Assigns")
ConnectParams = TypeVar("ConnectParams", bound=Message)
DeclaredPush = TypeVar("DeclaredPush", bound=Message)
Meta = TypeVar("Meta", bound=BaseModel)
InfoIn = TypeVar("InfoIn")


class Endpoint(Mount, Generic[Assigns]):
    """Channels served at a path, with the policy of who may connect.

    Generic in the assigns: what `connect` returns is what every channel of
    the endpoint declares as its own.

    Args:
        path: Where it is mounted; WebSockets connect to ``<path>/websocket``.
        channels: The channel classes, and `Router`s that group them; the first
            whose pattern matches a topic takes it.
        connect: Decides who may connect, from the typed connect parameters:
            returns the assigns, or a `Refusal` whose status is the HTTP
            status. Without one everybody may, and the assigns are None.
        identify: The socket's id, by which `disconnect` and `inform` find it.
        limits: Every bound, see `Limits`.
        origins: Which web pages may connect: True, only the server's own host;
            ``"conn"``, only its own scheme, host and port; a list of allowed
            origins (``https://example.com``, ``//*.example.com``); a function
            that is given the `Origin`; False, all.
        subprotocols: The WebSocket subprotocols that are spoken, the favourite
            first; a client that offers others only is refused. None ignores
            what clients offer, but for phoenix.js's own.
        deflate: Whether to offer permessage-deflate (RFC 7692).
        longpoll: Whether to serve clients that cannot use a WebSocket, at
            ``<path>/longpoll``, and how (see `LongPoll`).
        vsn: The version of the wire that a client speaks who does not say.
            With ``"0.x"`` this is a mount for clients of the first Phoenix:
            they connect to the path itself, so that is open to them, too.
        rate: How often one socket may push, over all its topics, as in
            ``"100/s"`` (see `Rate.parse`). Joins count too; heartbeats and
            leaves always may. What comes sooner is answered error
            "rate_limited" at once.
        expires_at: Until when a socket may stay, from its assigns: a moment
            with a timezone, or None. Then it is closed with 3000, and its
            members end with `Expired`. A moment that has passed is refused, 403.
        on_disconnect: Told once of every socket that `connect` let in, when it
            is over and its members have said farewell: its assigns, and why.
            It may take `Limits.leave`.
        hibernate_after: Seconds of silence, both ways, after which a connection
            gives back memory that can be made anew; None for never.
        filter_parameters: Which fields are masked by their name wherever a payload is shown.
        log: At which levels its life is logged; False logs warnings and errors only.

    Raises:
        ValueError: The path, the origins or the subprotocols are none, a time
            is not positive, or nobody speaks that vsn.
    """

    @overload
    def __init__(
        self: Endpoint[None],
        path: str,
        channels: Sequence[type[Channel[None, Any]] | Router[None]],
        *,
        limits: Limits = ...,
        origins: Origins = ...,
        subprotocols: Sequence[str] | None = ...,
        deflate: bool = ...,
        longpoll: bool | LongPoll = ...,
        vsn: str = ...,
        rate: str | None = ...,
        on_disconnect: Callable[[None, Exit], Awaitable[None]] | None = ...,
        hibernate_after: float | None = ...,
        filter_parameters: FilterParameters = ...,
        log: LogLevels | bool = ...,
    ) -> None: ...
    @overload
    def __init__(
        self,
        path: str,
        channels: Sequence[type[Channel[Assigns, Any]] | Router[Assigns]],
        connect: Callable[[ConnectParams], Awaitable[Assigns | Refusal]]
        | Callable[[ConnectParams, ConnectInfo], Awaitable[Assigns | Refusal]],
        *,
        identify: Callable[[Assigns], str | None] | None = ...,
        limits: Limits = ...,
        origins: Origins = ...,
        subprotocols: Sequence[str] | None = ...,
        deflate: bool = ...,
        longpoll: bool | LongPoll = ...,
        vsn: str = ...,
        rate: str | None = ...,
        expires_at: Callable[[Assigns], datetime | None] | None = ...,
        on_disconnect: Callable[[Assigns, Exit], Awaitable[None]] | None = ...,
        hibernate_after: float | None = ...,
        filter_parameters: FilterParameters = ...,
        log: LogLevels | bool = ...,
    ) -> None: ...
    def __init__(
        self,
        path: str,
        channels: Sequence[type[AnyChannel] | Router[Any]],
        connect: Callable[..., Awaitable[Any]] | None = None,
        *,
        identify: Callable[[Any], str | None] | None = None,
        limits: Limits | None = None,
        origins: Origins = True,
        subprotocols: Sequence[str] | None = None,
        deflate: bool = False,
        longpoll: bool | LongPoll = False,
        vsn: str = DEFAULT_VSN,
        rate: str | None = None,
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
        if negotiate(vsn) is None:
            raise ValueError(f"vsn is 0.x, 1.0.0 or 2.0.0, got {vsn!r}")
        self.channels = tuple(channels)
        self.vsn = vsn
        self.rate = checked_rate(rate)
        # To pyright, a cached_property is none of a protocol's properties.
        self.from_thread = FromThread(cast("Verbs", self))
        """The same verbs for other threads."""
        self._connect = connect

    # Compiled at first use: declaring an endpoint does no work.

    def compile(self) -> DispatchTable:
        """The compiled channels.

        Raises:
            DeclarationError: Something in the channels or in `connect` cannot work.
        """
        return self.hub.table

    @cached_property
    def _compiled(self) -> tuple[DispatchTable, ConnectPlan | None]:
        return compile_endpoint(self.channels, self._connect, self._hooks, vsn=self.vsn)

    @property
    def connect_plan(self) -> ConnectPlan | None:
        """How `connect` is called, None without one."""
        return self._compiled[1]

    @cached_property
    def hub(self) -> Hub:
        """What the endpoint's connections share."""
        return Hub(
            self._compiled[0],
            self.limits,
            rate=self.rate,
            on_disconnect=self._on_disconnect,
            hibernate_after=self.hibernate_after,
            instruments=self.instruments,
        )

    @property
    def pool(self) -> Pool:
        """The endpoint's connections."""
        return self.hub

    # For the transports.

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
        return self.hub.opened(carrier, serializer, welcome, peer=peer, over=over)

    # For the application.

    async def broadcast(self, topic: Topic[DeclaredPush], message: DeclaredPush) -> None:
        """Send to every member of a topic; typed by what may be sent there.

        At most once, in order per publishing task; never waits for a subscriber.

        Raises:
            LocalProtocolError: No channel has this topic, or its channel does
                not declare the message.
            ValueError: The message has no JSON form.
        """
        self.broadcast_nowait(topic, message)

    def broadcast_nowait(self, topic: Topic[DeclaredPush], message: DeclaredPush) -> None:
        """Broadcast without a checkpoint. Raises as `broadcast`."""
        event, declared = self._match(topic).route.outgoing(message)
        self.hub.pubsub.publish(Broadcast(topic.name, event, pushable(declared)))

    async def broadcast_raw(
        self, topic: str, event: str, payload: dict[str, JsonValue] | bytes
    ) -> None:
        """Send an event that no type declares; the contract marks it open.

        Raises:
            LocalProtocolError: The payload is neither an object nor bytes.
        """
        message = Open.model_construct(payload=payload)
        self.hub.pubsub.publish(Broadcast(topic, event, pushable(message)))

    def presences(self, topic: Topic[Any], presence: Presence[Meta]) -> dict[str, list[Meta]]:
        """Who is in a topic: the metas of each key, the oldest first, as copies.

        Args:
            presence: As the channel declares it: ``Room.here``.

        Raises:
            LocalProtocolError: No channel has this topic, or its channel has
                not this presence.
        """
        match = self._match(topic)
        plan = match.route.presence
        if plan is None or getattr(match.route.channel, plan.attribute) is not presence:
            name = match.route.channel.__name__
            raise LocalProtocolError(f"{topic.name!r} is a topic of {name}: ask for its presence")
        return self.hub.tracker.models(topic.name)

    def inform(self, to: Mailbox[InfoIn] | Topic[Any] | str, info: InfoIn) -> int:
        """Send an info, for the `on_info` of its class; no client can.

        To one member by its mailbox, to the members of a topic, or to all
        members of the sockets with this id, of each the newest first. It
        queues behind what a member has to do; one that ends takes none.

        Returns:
            How many members it was put before.
        """
        if isinstance(to, Mailbox):
            return int(to.inform(info))
        name, hub = str(to), self.hub
        members = sum(each.inform(info) for each in hub.pubsub.subscribers(name))
        return members + sum(each.inform(info) for each in hub.identified(name))

    @overload
    def revoke(
        self, *, id: str, topic: Topic[Any] | str | None = ..., reason: str = ...
    ) -> int: ...
    @overload
    def revoke(self, *, topic: Topic[Any] | str, reason: str = ...) -> int: ...
    def revoke(
        self,
        *,
        id: str | None = None,  # noqa: A002  (it is the socket's id)
        topic: Topic[Any] | str | None = None,
        reason: str = "",
    ) -> int:
        """Take joins back, at once: their handlers are cancelled, their clients get `phx_close`.

        Pending joins too: they are refused, "revoked". Sockets stay open, and
        may join again, so let the join handler know first.

        Args:
            id: Those of the sockets with this id.
            topic: Those of this topic; with an id, only that one.
            reason: Stands in the `Revoked` that `on_leave` gets; the client is not told it.

        Returns:
            How many there were.

        Raises:
            ValueError: Neither id nor topic is given.
        """
        if id is None and topic is None:
            raise ValueError("revoke needs an id, a topic or both")
        connections = self.hub.connections if id is None else self.hub.identified(id)
        name = None if topic is None else str(topic)
        return sum(connection.revoke(name, Revoked(reason)) for connection in tuple(connections))

    def _match(self, topic: Topic[Any]) -> Match:
        if not isinstance(topic, Topic):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise LocalProtocolError(f"a topic is made by topic_for(...), got {topic!r}")
        match = self.hub.table.match(topic.name)
        if match is None:
            hint = self.hub.table.elsewhere(topic.name)
            raise LocalProtocolError(
                f"no channel of {self.path} has the topic {topic.name!r}{hint}"
            )
        return match

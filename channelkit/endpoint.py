"""An endpoint: channels and policy at a path. It does no I/O; `Server` does."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, final, overload

import anyio.from_thread
from pydantic import BaseModel
from typing_extensions import TypeVar

from .compiler import compile_endpoint
from .errors import LocalProtocolError, Refused
from .exits import Disconnected
from .handshake import Denied, Welcome
from .limits import Limits
from .messages import Message, Refusal
from .origins import OriginPolicy
from .payloads import Invalid, pushable
from .rates import Rate
from .runtime.hub import Hub
from .serializers import DEFAULT_VSN, negotiate
from .subprotocols import SubprotocolPolicy
from .wire import Broadcast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from pydantic import JsonValue

    from .channel import AnyChannel, Channel
    from .connect_info import ConnectInfo
    from .dispatch import ConnectPlan, DispatchTable, Match
    from .origins import Origins
    from .presence import Presence
    from .topics import Topic

__all__ = ["Endpoint", "FromThread"]

# The type checkers' messages name these variables.
Assigns = TypeVar("Assigns")
ConnectParams = TypeVar("ConnectParams", bound=Message)
DeclaredPush = TypeVar("DeclaredPush", bound=Message)
Meta = TypeVar("Meta", bound=BaseModel)
Arguments = ParamSpec("Arguments")

DISCONNECT_CODE = 1001


class Endpoint(Generic[Assigns]):
    """Channels served at a path, with the policy of who may connect.

    Generic in the assigns: what `connect` returns is what every channel of
    the endpoint declares as its own.

    Args:
        path: Where it is mounted; WebSockets connect to ``<path>/websocket``.
        channels: The channel classes; the first whose pattern matches a topic takes it.
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
        vsn: The version of the wire that a client speaks who does not say.
            With ``"0.x"`` this is a mount for clients of the first Phoenix:
            they connect to the path itself, so that is open to them, too.
        rate: How often one socket may push, over all its topics, as in
            ``"100/s"`` (see `Rate.parse`). Joins count too; heartbeats and
            leaves always may. What comes sooner is answered error
            "rate_limited" at once.

    Raises:
        ValueError: The path, the origins or the subprotocols are none, or
            nobody speaks that vsn.
    """

    @overload
    def __init__(
        self: Endpoint[None],
        path: str,
        channels: Sequence[type[Channel[None, Any]]],
        *,
        limits: Limits = ...,
        origins: Origins = ...,
        subprotocols: Sequence[str] | None = ...,
        deflate: bool = ...,
        vsn: str = ...,
        rate: str | None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self,
        path: str,
        channels: Sequence[type[Channel[Assigns, Any]]],
        connect: Callable[[ConnectParams], Awaitable[Assigns | Refusal]]
        | Callable[[ConnectParams, ConnectInfo], Awaitable[Assigns | Refusal]],
        *,
        identify: Callable[[Assigns], str | None] | None = ...,
        limits: Limits = ...,
        origins: Origins = ...,
        subprotocols: Sequence[str] | None = ...,
        deflate: bool = ...,
        vsn: str = ...,
        rate: str | None = ...,
    ) -> None: ...
    def __init__(
        self,
        path: str,
        channels: Sequence[type[AnyChannel]],
        connect: Callable[..., Awaitable[Any]] | None = None,
        *,
        identify: Callable[[Any], str | None] | None = None,
        limits: Limits | None = None,
        origins: Origins = True,
        subprotocols: Sequence[str] | None = None,
        deflate: bool = False,
        vsn: str = DEFAULT_VSN,
        rate: str | None = None,
    ) -> None:
        if not path.startswith("/") or path.endswith("/"):
            raise ValueError(f"an endpoint's path starts with / and ends without, got {path!r}")
        if negotiate(vsn) is None:
            raise ValueError(f"vsn is 0.x, 1.0.0 or 2.0.0, got {vsn!r}")
        self.path = path
        self.channels = tuple(channels)
        self.limits = limits or Limits()
        self.origins = OriginPolicy(origins)
        self.subprotocols = SubprotocolPolicy(subprotocols)
        self.deflate = deflate
        self.vsn = vsn
        self.rate = None if rate is None else Rate.parse(rate)
        self.from_thread = FromThread(self)
        self._connect = connect
        self._identify = identify

    # Compiled at first use: declaring an endpoint does no work.

    def compile(self) -> DispatchTable:
        """The compiled channels.

        Raises:
            DeclarationError: Something in the channels or in `connect` cannot work.
        """
        return self.hub.table

    @cached_property
    def _compiled(self) -> tuple[DispatchTable, ConnectPlan | None]:
        return compile_endpoint(self.channels, self._connect)

    @property
    def connect_plan(self) -> ConnectPlan | None:
        """How `connect` is called, None without one."""
        return self._compiled[1]

    @cached_property
    def hub(self) -> Hub:
        """What the endpoint's connections share."""
        return Hub(self._compiled[0], self.limits, rate=self.rate)

    # For the transports.

    async def connect(self, params: Mapping[str, JsonValue], info: ConnectInfo) -> Welcome | Denied:
        """Decide about a connection.

        Raises:
            Exception: Whatever `connect` or `identify` raised.
        """
        plan = self.connect_plan
        if plan is None:
            return Welcome(None, None)
        message = plan.accepts.decode(dict(params))
        if isinstance(message, Invalid):
            return Denied(403, message.response())
        try:
            verdict: object = await (
                plan.handler(message, info) if plan.takes_info else plan.handler(message)
            )
        except Refused as refused:
            verdict = refused.refusal
        if isinstance(verdict, Refusal):
            return Denied(verdict.__status__, verdict.response())
        return Welcome(verdict, None if self._identify is None else self._identify(verdict))

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
        """Send an event that no type declares; the contract marks it open."""
        self.hub.pubsub.publish(Broadcast(topic, event, payload))

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

    def inform(self, to: Topic[Any] | str, info: object) -> None:
        """Send an info to the members of a topic, and to those of the sockets with this id."""
        name = str(to)
        for subscriber in self.hub.pubsub.subscribers(name):
            subscriber.inform(info)
        for connection in self.hub.identified(name):
            connection.inform(info)

    def disconnect(self, id: str, reason: str = "") -> int:  # noqa: A002  (it is the socket's id)
        """Close all sockets with this id, with 1001, so that phoenix.js asks to connect again.

        Returns:
            How many there were.
        """
        connections = self.hub.identified(id)
        for connection in connections:
            connection.close(Disconnected(DISCONNECT_CODE, reason))
        return len(connections)

    def _match(self, topic: Topic[Any]) -> Match:
        match = self.hub.table.match(topic.name)
        if match is None:
            raise LocalProtocolError(f"no channel of {self.path} has the topic {topic.name!r}")
        return match


@final
class FromThread:
    """The endpoint's verbs for other threads: each waits until the event loop has done it.

    Raises, beside what the verb raises:
        RuntimeError: Called in the event loop's own thread.
    """

    def __init__(self, endpoint: Endpoint[Any]) -> None:
        self._endpoint = endpoint

    def broadcast(self, topic: Topic[DeclaredPush], message: DeclaredPush) -> None:
        """See `Endpoint.broadcast`."""
        self._run(self._endpoint.broadcast_nowait, topic, message)

    def inform(self, to: Topic[Any] | str, info: object) -> None:
        """See `Endpoint.inform`."""
        self._run(self._endpoint.inform, to, info)

    def disconnect(self, id: str, reason: str = "") -> None:  # noqa: A002  (it is the socket's id)
        """See `Endpoint.disconnect`."""
        self._run(self._endpoint.disconnect, id, reason)

    def _run(
        self,
        verb: Callable[Arguments, object],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> None:
        token = self._endpoint.hub.token
        if token is not None:  # else nobody is connected who could hear of it
            anyio.from_thread.run_sync(partial(verb, *args, **kwargs), token=token)

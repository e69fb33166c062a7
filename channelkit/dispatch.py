"""The compiled channels: DispatchTable → Route → Grant → plan, all frozen. Pure.

Nothing here reads annotations or decorators: the compiler writes these
values, the session and the runtime read them. A `Route` keeps its event
plans to itself; only the `Grant` of a join that was not refused gives them.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, final

from .errors import LocalProtocolError
from .messages import Message, Refusal
from .payloads import Accepts, Verdict, narrowed

if TYPE_CHECKING:
    from pydantic import BaseModel, TypeAdapter

    from .channel import AnyChannel
    from .errors import Place
    from .payloads import Answers
    from .rates import Rate
    from .topics import TopicPattern

__all__ = [
    "Allow",
    "Connect",
    "ConnectPlan",
    "DispatchTable",
    "EventPlan",
    "Fetch",
    "Grant",
    "Handler",
    "Hook",
    "InfoPlan",
    "InterceptPlan",
    "JoinPlan",
    "Match",
    "PresencePlan",
    "Route",
    "StreamPlan",
    "Streamer",
]

Handler: TypeAlias = Callable[[Any, Any], Awaitable[Verdict]]
"""A handler as written: the channel instance, then the message."""

Streamer: TypeAlias = Callable[[Any, Any], AsyncGenerator[Message | Refusal, None]]
"""A handler that yields its answer, as written."""

Hook: TypeAlias = Callable[[Any], Awaitable[None]]
"""`after_join`, `on_drain`: the channel instance alone."""

Allow: TypeAlias = Callable[[Any], bool]
"""A permission: the channel instance says whether this member may."""

Fetch: TypeAlias = "Callable[[str, dict[str, list[Any]]], Awaitable[Mapping[str, BaseModel]]]"
"""A presence's `fetch`: the topic, then the metas of each key."""

Connect: TypeAlias = Callable[..., Awaitable[object]]
"""`connect` as written: the params, and the `ConnectInfo` if it takes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectPlan:
    """How a connection is let in."""

    handler: Connect
    accepts: Accepts
    refusals: tuple[type[Refusal], ...]
    assigns: object
    """The type of what it returns beside refusals: the assigns of every channel."""
    takes_info: bool
    """Whether the handler has a second parameter, for the `ConnectInfo`."""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPlan:
    """How a join is decided."""

    handler: Handler
    accepts: Accepts
    answers: Answers
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPlan:
    """What the handler of an event yields."""

    handler: Streamer
    items: Mapping[type[Message], str]
    """Every push that may be in the stream, and its event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlan:
    """How one event of a granted member is handled."""

    event: str
    handler: Handler
    """Never called where there is a `stream`, whose handler it is."""
    accepts: Accepts
    answers: Answers
    allow: Allow | None
    concurrent: bool
    place: Place
    summary: str
    rate: Rate | None = None
    stream: StreamPlan | None = None
    """What is pushed before the reply; None for an event that only replies."""
    special: bool = field(init=False, compare=False)
    """Whether its turn in the inbox asks for more than to answer it."""

    def __post_init__(self) -> None:
        special = self.concurrent or self.rate is not None or self.stream is not None
        object.__setattr__(self, "special", special)


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoPlan:
    """Who takes an info of these classes."""

    classes: tuple[type, ...]
    handler: Handler
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class InterceptPlan:
    """Who changes, or drops, a broadcast before it reaches this member's client."""

    event: str
    model: type[Message]
    handler: Handler
    answers: Answers
    place: Place
    accepts: Accepts = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "accepts", Accepts((self.model,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PresencePlan:
    """Who is here: what is known of each presence, and what its clients are told beside that."""

    attribute: str
    meta: type[BaseModel]
    fetch: Fetch | None
    fetched: type[BaseModel] | None
    """What the fetch gives for a key."""
    place: Place


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A join was granted: the only road to the event plans."""

    route: Route
    verdict: Message | bytes | None
    _events: Mapping[str, EventPlan]

    def plan(self, event: str) -> EventPlan | None:
        """The plan of an event, None for an unknown one."""
        return self._events.get(event)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One channel class, compiled."""

    channel: type[AnyChannel]
    pattern: TopicPattern
    parameters: Mapping[str, TypeAdapter[Any]]
    pushes: Mapping[type[Message], str]
    """Every declared push and its event."""
    join: JoinPlan
    after_join: Hook | None
    on_leave: Handler | None
    infos: tuple[InfoPlan, ...]
    intercepts: Mapping[str, InterceptPlan]
    place: Place
    summary: str
    _events: Mapping[str, EventPlan]
    on_drain: Hook | None = None
    presence: PresencePlan | None = None
    prefix: str = ""
    """What the routers that it stands in have put before its pattern."""

    @property
    def events(self) -> tuple[EventPlan, ...]:
        """The events for reading (documents, `channelkit check`), in order of declaration."""
        return tuple(self._events.values())

    def grant(self, verdict: Verdict) -> Grant:
        """The grant that a join handler's result makes.

        Raises:
            LocalProtocolError: The result refuses.
        """
        if verdict is not None and not isinstance(verdict, (Message, bytes)):
            raise LocalProtocolError(f"{type(verdict).__name__} grants nothing")
        return Grant(route=self, verdict=verdict, _events=self._events)

    def read(self, topic: str) -> dict[str, object] | None:
        """The typed parameters of a topic, None if it is none of this channel's.

        A topic that its own parameters would not build again is none:
        ``room:042`` is no second spelling of ``room:42``.
        """
        texts = self.pattern.match(topic)
        if texts is None:
            return None
        try:
            values: dict[str, object] = {
                name: adapter.validate_strings(texts[name])
                for name, adapter in self.parameters.items()
            }
            return values if self.pattern.build(values) == topic else None
        except Exception:  # a validator of the author may raise anything; the topic is none then
            return None

    def outgoing(self, message: Message) -> tuple[str, Message]:
        """The event of a declared push, and the message as the declared class.

        Raises:
            LocalProtocolError: The channel does not declare it.
        """
        event = self.pushes.get(type(message))
        if event is not None:
            return event, message
        declared = narrowed(message, self.pushes)
        if not isinstance(declared, Message):
            raise LocalProtocolError(
                f"{self.channel.__name__} does not declare {type(message).__name__} "
                f"among its pushes; add it to Channel[..., {type(message).__name__}]"
            )
        return self.pushes[type(declared)], declared


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A topic's route and its typed parameters."""

    route: Route
    parameters: Mapping[str, object]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchTable:
    """All channels of an endpoint, compiled: the first route that matches a topic takes it."""

    routes: tuple[Route, ...]
    _by_first: Mapping[str, tuple[Route, ...]] = field(init=False, repr=False)
    _others: tuple[Route, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        firsts = {route.pattern.first for route in self.routes}
        by_first = {
            first: tuple(r for r in self.routes if r.pattern.first in (first, None))
            for first in firsts
            if first is not None
        }
        object.__setattr__(self, "_by_first", by_first)
        others = tuple(route for route in self.routes if route.pattern.first is None)
        object.__setattr__(self, "_others", others)

    def match(self, topic: str) -> Match | None:
        """The route and typed parameters of a topic, None if it is unmatched."""
        first, _, _ = topic.partition(":")
        for route in self._by_first.get(first, self._others):
            if route.pattern.match(topic) is not None:
                parameters = route.read(topic)
                return None if parameters is None else Match(route=route, parameters=parameters)
        return None

    def elsewhere(self, topic: str) -> str:
        """A hint for a topic that is unmatched: what it is called in a router that has it."""
        for prefix in dict.fromkeys(route.prefix for route in self.routes):
            if prefix and self.match(prefix + topic) is not None:
                return f"; a router has it as {prefix + topic!r}, which router.topic(...) gives"
        return ""

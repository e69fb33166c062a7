"""What an endpoint tells of itself: the events of its sockets and channels, typed. Pure.

Phoenix's four telemetry events (protocol B2d), and the two ends that it has
none for. Durations are seconds. What a peer sent is in them masked only.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, final, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from .connect_info import ConnectInfo, Transport
    from .exits import Exit
    from .masking import Masked
    from .wire import Ref

__all__ = [
    "KINDS",
    "ChannelHandledIn",
    "ChannelJoined",
    "ChannelLeft",
    "Hooks",
    "Level",
    "LogLevels",
    "SocketConnected",
    "SocketDisconnected",
    "SocketDrain",
    "Told",
]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SocketConnected:
    """A client asked to connect, and may or may not.

    Attributes:
        duration: Seconds from its request to the decision, `connect` included.
        endpoint: The endpoint's path, as ``/socket``.
        path: The path that was asked for, as ``/socket/websocket``.
        transport: What carries the frames.
        peer: Its address and port, as in the log.
        result: Whether it is connected.
        status: The HTTP status of a refusal, None without one.
        reason: Why it was refused; the reason of a `Refusal`, or one of ours.
        sent: What it sent that does not fit, where the endpoint's options forbid it.
        remedy: What to change in them if it was right.
        id: The socket's id, None where it was refused or `identify` gives none.
        vsn: The version of the wire; like `info` None where the request
            was refused before it was known.
        serializer: The name of the serializer for that version.
        info: What `connect` may know of the request.
    """

    duration: float
    endpoint: str
    path: str
    transport: Transport
    peer: str
    result: Literal["ok", "error"]
    status: int | None = None
    reason: str | None = None
    sent: str | None = None
    remedy: str | None = None
    id: str | None = None
    vsn: str | None = None
    serializer: str | None = None
    info: ConnectInfo | None = None
    masked: Masked | None = field(default=None, repr=False)
    """The params, not read yet."""

    @property
    def params(self) -> JsonValue:
        """The connect parameters, masked: that is done at each read, and costs."""
        return {} if self.masked is None else self.masked.value


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SocketDisconnected:
    """A connection is over: once for each that was opened.

    Attributes:
        duration: Seconds that it lasted.
        endpoint: The endpoint's path.
        peer: Its address and port.
        id: The socket's id.
        exit: Why it is over.
    """

    duration: float
    endpoint: str
    peer: str
    id: str | None
    exit: Exit


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelJoined:
    """A join was decided. What was granted too late for the client is "ok", and left at once.

    Attributes:
        duration: Seconds that the decision took.
        endpoint: The endpoint's path.
        topic: The topic. Clients choose from as many as there are: no label for metrics.
        pattern: The pattern that it matched, as ``room:{room_id}``.
        peer: The client's address and port.
        id: The socket's id.
        result: Granted, refused (by the channel or by us), or crashed in the handler.
        reason: Why it was not granted.
    """

    duration: float
    endpoint: str
    topic: str
    pattern: str
    peer: str
    id: str | None
    result: Literal["ok", "error", "crashed"]
    reason: str | None = None
    masked: Masked = field(repr=False)
    """The params, not read yet."""

    @property
    def params(self) -> JsonValue:
        """The join's payload, masked: that is done at each read, and costs."""
        return self.masked.value


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLeft:
    """A member is gone, its farewell done: once for each join that was granted.

    Attributes:
        duration: Seconds since its join was granted.
        endpoint: The endpoint's path.
        topic: The topic.
        pattern: The pattern that it matched.
        peer: The client's address and port.
        id: The socket's id.
        exit: Why it is gone, as `on_leave` was told.
    """

    duration: float
    endpoint: str
    topic: str
    pattern: str
    peer: str
    id: str | None
    exit: Exit


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHandledIn:
    """An event of a joined client was handled. A leave is none, nor an event without a handler.

    Attributes:
        duration: Seconds that its handler took; 0 where it was not asked.
        endpoint: The endpoint's path.
        topic: The topic.
        pattern: The pattern that it matched.
        peer: The client's address and port.
        id: The socket's id.
        event: The event.
        ref: Its ref, None where the client asked for no reply.
        result: The reply's status; "none" without a reply; "crashed" where the
            handler raised.
        reason: Why the reply is an error; the reason of a `Refusal`, or one of ours.
    """

    duration: float
    endpoint: str
    topic: str
    pattern: str
    peer: str
    id: str | None
    event: str
    ref: Ref
    result: Literal["ok", "error", "none", "crashed"]
    reason: str | None = None
    masked: Masked = field(repr=False)
    """The params, not read yet."""

    @property
    def params(self) -> JsonValue:
        """The event's payload, masked: that is done at each read, and costs."""
        return self.masked.value


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SocketDrain:
    """A server that stops is about to close a batch of an endpoint's sockets.

    Attributes:
        endpoint: The endpoint's path.
        count: Sockets in this batch.
        total: Sockets of the endpoint as the drain began.
        index: The round, from 1 on.
        rounds: How many rounds it takes for this endpoint.
        interval: Seconds between two rounds.
    """

    endpoint: str
    count: int
    total: int
    index: int
    rounds: int
    interval: float


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """A function for each event, or None.

    Raises:
        TypeError: One of them is a coroutine function; nobody would await it.
        ValueError: None is given.
    """

    socket_connected: Callable[[SocketConnected], None] | None = None
    socket_disconnected: Callable[[SocketDisconnected], None] | None = None
    channel_joined: Callable[[ChannelJoined], None] | None = None
    channel_left: Callable[[ChannelLeft], None] | None = None
    channel_handled_in: Callable[[ChannelHandledIn], None] | None = None
    socket_drain: Callable[[SocketDrain], None] | None = None

    def __post_init__(self) -> None:
        names = tuple(KINDS.values())
        given = {name: hook for name in names if (hook := getattr(self, name)) is not None}
        if not given:
            raise ValueError(f"an instrument has at least one of {', '.join(names)}")
        for name, hook in given.items():
            if _is_async(hook):
                raise TypeError(f"{name} is called and not awaited, so it is a plain function")


Told: TypeAlias = (
    SocketConnected
    | SocketDisconnected
    | ChannelJoined
    | ChannelLeft
    | ChannelHandledIn
    | SocketDrain
)
"""What an endpoint tells of itself."""

KINDS: Final[Mapping[type[Told], str]] = {
    SocketConnected: "socket_connected",
    SocketDisconnected: "socket_disconnected",
    ChannelJoined: "channel_joined",
    ChannelLeft: "channel_left",
    ChannelHandledIn: "channel_handled_in",
    SocketDrain: "socket_drain",
}
"""The name of the hook for each."""


def _is_async(hook: Any) -> bool:
    return inspect.iscoroutinefunction(hook) or inspect.iscoroutinefunction(type(hook).__call__)


Level: TypeAlias = Literal["debug", "info", "warning", "error"]
"""How much a log line matters."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LogLevels:
    """At which level the life of an endpoint is logged; None logs nothing.

    Warnings and errors are logged whatever is said here.

    Attributes:
        socket: Lines `connected`, `refused`, `disconnected`. Phoenix's ``log``.
        join: Lines `joined`, `join refused`, `left`. Phoenix's ``log_join``.
        handle_in: Lines `handled`. Phoenix's ``log_handle_in``.
        drain: Lines `draining`.

    Raises:
        ValueError: One is no level.
    """

    socket: Level | None = "info"
    join: Level | None = "info"
    handle_in: Level | None = "debug"
    drain: Level | None = "info"

    def __post_init__(self) -> None:
        for each in fields(self):
            level = getattr(self, each.name)
            if level is not None and level not in get_args(Level):
                levels = ", ".join(get_args(Level))
                raise ValueError(f"LogLevels.{each.name} is {levels} or None, got {level!r}")

    @classmethod
    def of(cls, log: LogLevels | bool) -> LogLevels:
        """What an endpoint's option `log` stands for: True the defaults, False nothing."""
        if isinstance(log, LogLevels):
            return log
        return cls() if log else cls(socket=None, join=None, handle_in=None, drain=None)

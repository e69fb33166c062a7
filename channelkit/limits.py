"""Every bound of a server, in one frozen class."""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["Limits", "checked_seconds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a peer, or the program itself, can make grow, and how far.

    Sizes are bytes, times are seconds. All values are positive. What is seen at each is an
    answer to the client, a line of the log, or a figure of `Endpoint.stats` or `Server.stats`.
    """

    topics: int = 100
    """Topics of one socket, pending ones too. At it: error "too many channels joined".

    Seen: the reply.
    """
    message: int = 1024 * 1024
    """One message after inflating. Above it: close 1009.

    Seen: the close code, log `disconnected`.
    """
    fragments: int = 1024
    """Frames of one fragmented message. Above it: close 1008.

    Seen: the close code, log `disconnected`.
    """
    inbox: int = 64
    """Pushes that wait for one member. At it: the connection is not read, until `stall_timeout`.

    Seen: `inbox` of `stats()`.
    """
    infos: int = 1000
    """Infos and intercepted broadcasts waiting for a member. Above it: `phx_error` "overloaded".

    Seen: `phx_error`, log `left`.
    """
    concurrent: int = 16
    """`concurrent=True` events running at once for one member. At it: the next one waits.

    Seen: `inbox` of `stats()`, which fills meanwhile.
    """
    presences: int = 16
    """Presences that one member tracks. At it: `track` raises LocalProtocolError.

    Seen: the exception.
    """
    presence_window: float = 0.05
    """How long a topic's presence changes are gathered. After it: one `presence_diff`.

    Seen: the diff.
    """
    presence_fetch: float = 5.0
    """How long a presence's `fetch` may take. After it: presences go out without it.

    Seen: log `fetch timed out`.
    """
    streams: int = 16
    """Streams open at once for one member. At it: error "overloaded".

    Seen: the reply.
    """
    outbox: int = 1024 * 1024
    """Bytes that wait to be written to one connection. Above it: close 1013.

    Seen: `outbox_bytes` of `stats()`; the close code, log `disconnected`.
    """
    outbox_frames: int = 1000
    """Frames that wait to be written to one connection. Above it: close 1013.

    Seen: `outbox_frames` of `stats()`; the close code, log `disconnected`.
    """
    high_water: int = 64 * 1024
    """Bytes waiting in the outbox from which on the connection is not read.

    Seen: `outbox_bytes` of `stats()`.
    """
    too_slow_after: float = 5.0
    """How long an outbox may stay above its high-water mark. After it: close 1013.

    Seen: the close code, log `disconnected`.
    """
    stall_timeout: float = 5.0
    """How long a full inbox stops the reading. After it: error "overloaded" to its pushes.

    Seen: the replies, log `stalled`.
    """
    slow_handler: float = 1.0
    """How long a handler may take before it is logged as slow.

    Seen: log `slow handler`.
    """
    join: float = 8.0
    """How long a join handler may take. After it: error "join timeout".

    Seen: the reply, log `join refused`.
    """
    leave: float = 5.0
    """How long `on_leave` and `on_disconnect` may take, and an end waits for handlers.

    Seen: logs `on_leave timed out`, `on_disconnect timed out`, `stream cleanup timed out`.
    """
    drain: float = 5.0
    """How long all `on_drain` of one socket may take together. After it: close 1012.

    Seen: the close code, log `disconnected`.
    """
    connect: float = 5.0
    """How long `connect` may take. After it: HTTP 503.

    Seen: the status, log `refused`.
    """
    handshake: float = 5.0
    """How long a request's head may take to arrive. After it: the connection is closed, 408.

    Seen: the status.
    """
    closing: float = 2.0
    """How long the peer may take to answer a close frame. After it: the connection is dropped.

    Seen: the end of the connection; log `disconnected` has said why.
    """
    head: int = 16 * 1024
    """A request's line and headers together. Above it: HTTP 431.

    Seen: the status.
    """
    headers: int = 100
    """Headers of one request. Above it: HTTP 431.

    Seen: the status.
    """
    body: int = 1024 * 1024
    """The body of one HTTP request. Above it: HTTP 413.

    Seen: the status.
    """
    polls: int = 10_000
    """Long-poll sessions of one endpoint. At it: a new one gets HTTP 503.

    Seen: the status, log `refused`.
    """
    poll_body: int = 8_000_000
    """The body of one long-poll POST, and what waits of them in a session. Above it: HTTP 400.

    Seen: the status.
    """
    idle: float = 60.0
    """How long a connection may send nothing; any frame counts, pings too. After it: close 1001.

    Seen: the close code, log `disconnected`.
    """
    sockets: int = 100_000
    """Connections of one server. At it: accepting waits.

    Seen: `accepting` of `server.stats()`.
    """
    lag: float = 0.1
    """The event loop's delay above which accepting new connections waits.

    Seen: `accepting` of `server.stats()`.
    """

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, (int, float)) or not value > 0:  # NaN is not, either
                raise ValueError(f"Limits.{field.name} must be positive")


def checked_seconds(name: str, seconds: float | None) -> float | None:
    """A time that may be None, for never.

    Raises:
        ValueError: It is not positive.
    """
    if seconds is not None and not seconds > 0:  # NaN is not, either
        raise ValueError(f"{name} is a positive number of seconds or None, got {seconds}")
    return seconds

"""Envelopes, frames, and the words of the wire: reserved events and reasons. Pure."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, JsonValue

from .masking import masked

__all__ = [
    "CHANNEL_CLOSED",
    "CHANNEL_CRASH",
    "CLOSE",
    "ERROR",
    "EXPIRED",
    "FORBIDDEN",
    "HEARTBEAT",
    "INVALID_MESSAGE",
    "INVALID_PAYLOAD",
    "JOIN",
    "JOIN_CRASHED",
    "JOIN_TIMEOUT",
    "LEAVE",
    "NO_BINARY",
    "OVERLOADED",
    "PHOENIX",
    "PRESENCE_DIFF",
    "PRESENCE_STATE",
    "RATE_LIMITED",
    "REPLY",
    "RESERVED_EVENTS",
    "REVOKED",
    "TOO_MANY_CHANNELS",
    "UNKNOWN_EVENT",
    "UNMATCHED_TOPIC",
    "Body",
    "Broadcast",
    "Envelope",
    "Frame",
    "Push",
    "Ref",
    "Reply",
    "Status",
    "rate_limited",
    "refused",
]

# Reserved topic and events.
PHOENIX: Final = "phoenix"
HEARTBEAT: Final = "heartbeat"
JOIN: Final = "phx_join"
LEAVE: Final = "phx_leave"
REPLY: Final = "phx_reply"
CLOSE: Final = "phx_close"
ERROR: Final = "phx_error"
PRESENCE_STATE: Final = "presence_state"
PRESENCE_DIFF: Final = "presence_diff"
RESERVED_EVENTS: Final = frozenset({JOIN, LEAVE, REPLY, CLOSE, ERROR})

# Reasons in error replies and in phx_error. The first five are Phoenix's words.
UNMATCHED_TOPIC: Final = "unmatched topic"
JOIN_CRASHED: Final = "join crashed"
TOO_MANY_CHANNELS: Final = "too many channels joined"
CHANNEL_CRASH: Final = "channel_crash"
JOIN_TIMEOUT: Final = "join timeout"
INVALID_MESSAGE: Final = "invalid message"
INVALID_PAYLOAD: Final = "invalid payload"
UNKNOWN_EVENT: Final = "unknown event"
FORBIDDEN: Final = "forbidden"
OVERLOADED: Final = "overloaded"
NO_BINARY: Final = "binary not supported"
CHANNEL_CLOSED: Final = "channel closed"
RATE_LIMITED: Final = "rate_limited"

# Why a member's or a socket's time was up: in phx_close, in a refused join or connect.
EXPIRED: Final = "expired"
REVOKED: Final = "revoked"

Ref: TypeAlias = JsonValue
"""A ref or join_ref: opaque, echoed unchanged; a string in practice."""

Body: TypeAlias = BaseModel | JsonValue | bytes
"""What an outgoing envelope carries; bytes go out as a binary frame."""

Status: TypeAlias = Literal["ok", "error"]


class Push(NamedTuple):
    """One event, in either direction; a ref asks for a reply."""

    join_ref: Ref
    ref: Ref
    topic: str
    event: str
    payload: Body

    def __repr__(self) -> str:
        return _shown(self)


class Reply(NamedTuple):
    """The answer to the push with the same ref."""

    join_ref: Ref
    ref: Ref
    topic: str
    status: Status
    response: Body

    def __repr__(self) -> str:
        return _shown(self)


class Broadcast(NamedTuple):
    """One event for all subscribers of a topic: neither ref nor join_ref."""

    topic: str
    event: str
    payload: Body

    def __repr__(self) -> str:
        return _shown(self)


Envelope: TypeAlias = Push | Reply | Broadcast


def _shown(envelope: Envelope) -> str:
    """An envelope for debugging; secrets in its payload are masked by their name."""
    *fields, (last, payload) = envelope._asdict().items()
    shown = ", ".join(f"{name}={value!r}" for name, value in fields)
    return f"{type(envelope).__name__}({shown}, {last}={masked(payload)!r})"


class Frame:
    """An encoded envelope, shared by all who get it.

    Attributes:
        data: The content of the transport's message.
        binary: Whether it is binary; else `data` is UTF-8 text.
        wire: The transport's own bytes for it, kept for the next receiver.
    """

    __slots__ = ("binary", "data", "wire")

    def __init__(self, data: bytes, *, binary: bool = False) -> None:
        self.data = data
        self.binary = binary
        self.wire: bytes | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and (self.data, self.binary) == (other.data, other.binary)

    def __hash__(self) -> int:
        return hash((self.data, self.binary))

    def __repr__(self) -> str:
        return f"Frame({self.data!r}, binary={self.binary})"


def refused(reason: str) -> dict[str, JsonValue]:
    """The response of an error reply that says why in one word."""
    return {"reason": reason}


def rate_limited(wait: int) -> dict[str, JsonValue]:
    """The response of an error reply to a push that came too soon: by so many milliseconds."""
    return {"reason": RATE_LIMITED, "retry_after": wait}

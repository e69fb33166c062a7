"""What the framework itself answers, to whatever a client sends: reasons and when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..wire import (
    CHANNEL_CLOSED,
    EXPIRED,
    FORBIDDEN,
    INVALID_PAYLOAD,
    JOIN_CRASHED,
    JOIN_TIMEOUT,
    NO_BINARY,
    OVERLOADED,
    RATE_LIMITED,
    REVOKED,
    TOO_MANY_CHANNELS,
    UNMATCHED_TOPIC,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..contract.form import EndpointContract, EventContract, Payload

__all__ = ["Answer", "event_errors", "join_errors"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An error reply that no handler declares."""

    reason: str
    when: str


def join_errors(endpoint: EndpointContract) -> tuple[Answer, ...]:
    """What a join may be answered, beside what it declares."""
    seconds, topics = endpoint.limits.get("join", 0), endpoint.limits.get("topics")
    return (
        Answer(UNMATCHED_TOPIC, "no channel has the topic, or a parameter in it does not fit"),
        Answer(INVALID_PAYLOAD, "the parameters do not fit; `errors` says where and why"),
        Answer(TOO_MANY_CHANNELS, f"the socket has joined {topics} topics"),
        Answer(JOIN_TIMEOUT, f"it took longer than {seconds:g} s"),
        Answer(JOIN_CRASHED, "the server made a mistake"),
        Answer(EXPIRED, "what lets it in has ended meanwhile"),
        Answer(REVOKED, "it was taken back meanwhile"),
        Answer(OVERLOADED, "the server cannot keep up"),
        *_limited(endpoint.rate),
    )


def event_errors(endpoint: EndpointContract, event: EventContract) -> tuple[Answer, ...]:
    """What an event may be answered, beside what it declares."""
    return tuple(_event_errors(endpoint, event))


def _event_errors(endpoint: EndpointContract, event: EventContract) -> Iterator[Answer]:
    yield Answer(UNMATCHED_TOPIC, "the topic is not joined; nothing has happened")
    yield Answer(INVALID_PAYLOAD, "the payload does not fit; `errors` says where and why")
    if event.permission is not None:
        yield Answer(FORBIDDEN, "the permission says no")
    yield from _limited(event.rate or endpoint.rate)
    yield Answer(OVERLOADED, "the server cannot keep up")
    yield Answer(CHANNEL_CLOSED, "the membership ended before the answer")
    if any(map(_may_be_binary, event.answers)):
        yield Answer(NO_BINARY, "the answer is binary, and the client speaks a wire without")


def _limited(rate: str | None) -> Iterator[Answer]:
    if rate is not None:
        yield Answer(RATE_LIMITED, "it came too soon; `retry_after` says how many milliseconds")


def _may_be_binary(payload: Payload) -> bool:
    return payload.kind in ("binary", "open")

"""Topics and their subscribers in this process: encoded once, never awaited."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, cast, final

from pydantic_core import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Generator

    from pydantic import JsonValue

    from ..serializers import Serializer
    from ..wire import Broadcast, Frame

__all__ = ["PubSub", "Publication", "Subscriber"]


@final
class Publication:
    """One broadcast on its way, with the frames it has been encoded to so far."""

    __slots__ = ("_encoded", "_frames", "broadcast")

    def __init__(self, broadcast: Broadcast) -> None:
        self.broadcast = broadcast
        self._frames: dict[Serializer, Frame] = {}
        self._encoded: bytes | None = None

    def frame(self, serializer: Serializer) -> Frame:
        """The frame for this serializer, encoded at the first call.

        Raises:
            Unsendable: It has no form there.
            ValueError: The payload is no JSON.
        """
        frame = self._frames.get(serializer)
        if frame is None:
            frame = self._frames[serializer] = serializer.broadcast(self.broadcast)
        return frame

    def encode(self) -> bytes:
        """The payload's bytes, made at the first call: what `content` reads.

        Raises:
            ValueError: The payload is no JSON.
        """
        if self._encoded is None:
            payload = self.broadcast.payload
            self._encoded = payload if isinstance(payload, bytes) else to_json(payload)
        return self._encoded

    def content(self) -> JsonValue | bytes:
        """The payload as a client would read it; the caller's own, to be changed at will.

        Raises:
            ValueError: The payload is no JSON.
        """
        encoded = self.encode()
        if isinstance(self.broadcast.payload, bytes):
            return encoded
        return cast("JsonValue", from_json(encoded))


class Subscriber(Protocol):
    """Takes the broadcasts of a topic."""

    def published(self, publication: Publication) -> None:
        """Take a broadcast; never blocks.

        Raises:
            ValueError: The payload is no JSON: the publisher's mistake.
        """
        ...

    def inform(self, info: object) -> bool:
        """Take an info, unless it ends; never blocks."""
        ...


@final
class PubSub:
    """Who gets what is published to a topic."""

    def __init__(self) -> None:
        self._topics: dict[str, dict[Subscriber, None]] = {}

    @contextmanager
    def subscribe(self, topic: str, subscriber: Subscriber) -> Generator[None]:
        """Subscribe for as long as the block lasts, or until `unsubscribe`."""
        self._topics.setdefault(topic, {})[subscriber] = None
        try:
            yield
        finally:
            self.unsubscribe(topic, subscriber)

    def unsubscribe(self, topic: str, subscriber: Subscriber) -> None:
        """Give it nothing more; one that is not subscribed is left alone."""
        subscribers = self._topics.get(topic)
        if subscribers is not None:
            subscribers.pop(subscriber, None)
            if not subscribers:
                del self._topics[topic]

    def publish(self, broadcast: Broadcast, *, omit: Subscriber | None = None) -> None:
        """Hand a broadcast to every subscriber of its topic but one.

        Raises:
            ValueError: The payload is no JSON; nobody got it.
        """
        subscribers = self._topics.get(broadcast.topic)
        if subscribers is None:
            return
        publication = Publication(broadcast)
        for subscriber in tuple(subscribers):
            if subscriber is not omit:
                subscriber.published(publication)

    def subscribers(self, topic: str) -> tuple[Subscriber, ...]:
        """Who is subscribed to a topic now."""
        return tuple(self._topics.get(topic, ()))

    def __contains__(self, topic: str) -> bool:
        """Whether a topic has a subscriber now."""
        return topic in self._topics

    def __len__(self) -> int:
        """The number of topics that have subscribers."""
        return len(self._topics)

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, final

import pytest

from channelkit.runtime.pubsub import PubSub
from channelkit.serializers import negotiate
from channelkit.wire import Broadcast

if TYPE_CHECKING:
    from collections.abc import Callable

    from channelkit.runtime.pubsub import Publication


@final
class Listener:
    """A subscriber that writes down what it gets, and may do something then."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.got: list[Publication] = []
        self._then = then

    def published(self, publication: Publication) -> None:
        self.got.append(publication)
        self._then()

    def inform(self, info: object) -> bool:
        return True

    @property
    def events(self) -> list[str]:
        return [publication.broadcast.event for publication in self.got]


def told(event: str, payload: object = None) -> Broadcast:
    """A broadcast to topic t."""
    return Broadcast("t", event, payload or {})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_every_subscriber_of_the_topic_gets_it_but_the_omitted() -> None:
    pubsub, one, two, other = PubSub(), Listener(), Listener(), Listener()
    with pubsub.subscribe("t", one), pubsub.subscribe("t", two), pubsub.subscribe("u", other):
        pubsub.publish(told("a"))
        pubsub.publish(told("b"), omit=one)
        subscribers, topics = pubsub.subscribers("t"), len(pubsub)

    assert (one.events, two.events, other.events) == (["a"], ["a", "b"], [])
    assert (subscribers, topics) == ((one, two), 2)
    assert (pubsub.subscribers("t"), len(pubsub)) == ((), 0)


def test_publishing_to_nobody_is_nothing() -> None:
    PubSub().publish(told("a"))


def test_a_subscriber_that_goes_or_publishes_in_the_middle_disturbs_nobody() -> None:
    pubsub = PubSub()
    nested = Listener(lambda: pubsub.publish(told("b")) if len(nested.got) == 1 else None)
    first = Listener(lambda: subscriptions.close() if len(first.got) == 1 else None)
    last = Listener()
    subscriptions = ExitStack()
    subscriptions.enter_context(pubsub.subscribe("t", first))
    with pubsub.subscribe("t", nested), pubsub.subscribe("t", last):
        pubsub.publish(told("a"))
        pubsub.publish(told("c"))

    assert first.events == ["a"]
    assert nested.events == ["a", "b", "c"]
    assert sorted(last.events) == ["a", "b", "c"]
    assert len(pubsub) == 0


def test_a_broadcast_is_encoded_once_for_each_serializer() -> None:
    pubsub, one, two = PubSub(), Listener(), Listener()
    first, second = negotiate("1.0.0"), negotiate("2.0.0")
    assert first is not None
    assert second is not None
    with pubsub.subscribe("t", one), pubsub.subscribe("t", two):
        pubsub.publish(told("a", {"n": 1}))

    [publication] = {*one.got, *two.got}
    assert publication.frame(first) is publication.frame(first)
    assert publication.frame(first) is not publication.frame(second)


def test_everybody_who_reads_the_content_gets_a_copy() -> None:
    pubsub, one = PubSub(), Listener()
    with pubsub.subscribe("t", one):
        pubsub.publish(told("a", {"n": [1]}))
        pubsub.publish(told("b", b"\x00"))

    assert one.got[0].content() == {"n": [1]}
    assert one.got[0].content() is not one.got[0].content()
    assert one.got[1].content() == b"\x00"


def test_a_payload_that_is_no_json_has_no_content() -> None:
    pubsub, one = PubSub(), Listener()
    with pubsub.subscribe("t", one):
        pubsub.publish(told("a", {"n": object()}))

    with pytest.raises(ValueError, match="object"):
        one.got[0].encode()


def test_who_unsubscribes_early_gets_nothing_more_and_leaves_nothing() -> None:
    pubsub, one, other = PubSub(), Listener(), Listener()
    with pubsub.subscribe("t", one):
        pubsub.unsubscribe("t", one)
        pubsub.publish(told("first"))
        assert "t" not in pubsub

        with pubsub.subscribe("t", other):
            pubsub.unsubscribe("t", one)
            pubsub.publish(told("second"))

    pubsub.unsubscribe("t", one)
    assert (one.events, other.events, len(pubsub)) == ([], ["second"], 0)

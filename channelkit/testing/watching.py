"""Seeing what is broadcast to a topic, without joining it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, cast, final

from typing_extensions import TypeVar

from ..errors import LocalProtocolError
from ..messages import Message
from ..payloads import Accepts

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..endpoint import Endpoint
    from ..runtime.pubsub import Publication
    from ..topics import Topic

__all__ = ["Watched", "watch"]

DeclaredPush = TypeVar("DeclaredPush", bound=Message)


@final
class Watched(Generic[DeclaredPush]):
    """The broadcasts to a topic, as they were published.

    Attributes:
        messages: Those that the channel declares, in order.
        events: The events of all, raw ones too.
    """

    def __init__(self, models: dict[str, type[Message]]) -> None:
        self.messages: list[DeclaredPush] = []
        self.events: list[str] = []
        self._models = {event: Accepts((model,)) for event, model in models.items()}

    def published(self, publication: Publication) -> None:
        """See `runtime.pubsub.Subscriber`."""
        event = publication.broadcast.event
        self.events.append(event)
        if event in self._models:
            message = self._models[event].decode(publication.content())
            if isinstance(message, Message):
                self.messages.append(cast("DeclaredPush", message))

    def inform(self, info: object) -> bool:
        """See `runtime.pubsub.Subscriber`: infos are for members."""
        return False


@contextmanager
def watch(endpoint: Endpoint[Any], topic: Topic[DeclaredPush]) -> Generator[Watched[DeclaredPush]]:
    """Watch what is broadcast to a topic for as long as the block lasts.

    Before anybody intercepts it, and whether or not anybody has joined.

    Raises:
        LocalProtocolError: No channel has this topic.
    """
    table = endpoint.hub.table
    match = table.match(topic.name)
    if match is None:
        hint = table.elsewhere(topic.name)
        raise LocalProtocolError(f"no channel has the topic {topic.name!r}{hint}")
    watched = Watched[DeclaredPush]({event: push for push, event in match.route.pushes.items()})
    with endpoint.hub.pubsub.subscribe(topic.name, watched):
        yield watched

"""Channels grouped under a common prefix of their topics. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, final

from typing_extensions import TypeVar

from .messages import Message
from .topics import Topic

if TYPE_CHECKING:
    from .channel import Channel

__all__ = ["Router"]

# The type checkers' messages name these variables.
Assigns = TypeVar("Assigns")
DeclaredPush = TypeVar("DeclaredPush", bound=Message)


@final
class Router(Generic[Assigns]):
    """Channels and further routers under a prefix; a plain value, listed like a channel.

    Generic in the assigns that all of its channels have. A channel class may
    stand in several routers, and beside them: each place is a pattern of its
    own.

    Example:
        ```python
        admin = Router("admin:", Audit, Users)
        endpoint = Endpoint("/socket", channels=[Room, admin], connect=connect)

        await endpoint.broadcast(admin.topic(Audit.topic_for(id=1)), Changed(...))
        ```

    Args:
        prefix: What the topics of its channels begin with: segments that each
            end with a colon, or nothing.
        channels: What stands under it; the first whose pattern matches takes a topic.

    Raises:
        ValueError: The prefix does not end with a colon, or has a parameter in it.
    """

    # One by one and not in a list: of a list whose classes differ mypy does not learn the assigns.
    def __init__(
        self, prefix: str, *channels: type[Channel[Assigns, Any]] | Router[Assigns]
    ) -> None:
        if (prefix and not prefix.endswith(":")) or "{" in prefix or "}" in prefix:
            raise ValueError(
                f"a router's prefix is literal segments that end with a colon, got {prefix!r}"
            )
        self.prefix = prefix
        self.channels = channels

    def topic(self, topic: Topic[DeclaredPush]) -> Topic[DeclaredPush]:
        """A topic of one of its channels, as it is called here.

        Where routers stand in routers, begin with the innermost.
        """
        return Topic(self.prefix + topic.name, topic.channel)

    def __repr__(self) -> str:
        return f"Router({self.prefix!r})"

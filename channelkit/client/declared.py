"""What a client knows of a channel: its class, compiled alone, without an endpoint. Pure."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from ..channel import Channel
from ..compiler import compile_channels
from ..errors import LocalProtocolError

if TYPE_CHECKING:
    from ..channel import AnyChannel
    from ..declare import Join
    from ..dispatch import Route
    from ..topics import Topic

__all__ = ["declared"]


def declared(topic: Topic[Any], join: Join[Any, Any, Any]) -> Route:
    """The channel that has a topic, compiled at its first use.

    Its handlers are never called: those of a class that only declares may do
    nothing but raise NotImplementedError. Only the class is looked at, not
    its neighbours, assigns or routers.

    Raises:
        LocalProtocolError: The topic was not made by `topic_for`, or the join is of another
            channel.
        DeclarationError: Something in the class cannot work.
    """
    made_by: object = getattr(topic, "channel", None)
    if not _is_channel(made_by):
        raise LocalProtocolError(f"a topic to join is made by topic_for(...), got {topic!r}")
    route = _compiled(made_by)
    if route.join.handler is not join.handler:
        raise LocalProtocolError(
            f"{topic.name!r} is a topic of {route.channel.__name__}: join it with its join"
        )
    return route


def _is_channel(made_by: object) -> bool:
    return isinstance(made_by, type) and issubclass(made_by, Channel)


@cache
def _compiled(channel: object) -> Route:
    (route,) = compile_channels([cast("type[AnyChannel]", channel)]).routes
    return route

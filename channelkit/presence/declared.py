"""The mark of a presence: `here = Presence(Meta)` in the body of a channel. Pure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeAlias, cast, overload

from pydantic import BaseModel
from typing_extensions import TypeVar

if TYPE_CHECKING:
    from ..channel import AnyChannel
    from ..here import Here

__all__ = ["Fetch", "Presence"]

# The type checkers' messages name this variable.
Meta = TypeVar("Meta", bound=BaseModel)

Fetch: TypeAlias = Callable[[str, dict[str, list[Meta]]], Awaitable[Mapping[str, BaseModel]]]
"""From the topic and the metas of each key: what else clients are told of a key."""


class Presence(Generic[Meta]):
    """Who is here, in every topic of a channel.

    A class attribute, one for a channel. From a member it is that member's
    `Here`: `self.here.track(...)`. The compiler adds its two events,
    `presence_state` and `presence_diff`, to the channel's; phoenix.js's
    Presence class reads them (protocol B2c).

    Args:
        meta: The model of what is known of each presence. Its JSON form is an
            object, to which `phx_ref` is added.
        fetch: Asked for what else clients are told of the keys in a group,
            whenever presences go out: once for a state, once for the joins
            and once for the leaves of a diff, so that one query can serve all.
            It returns a model for each key that it knows; its fields stand
            beside the metas. Diffs wait for it and stay in order. One that
            raises, or takes longer than `Limits.presence_fetch`, is logged,
            and the presences go out without it.

    Example:
        ```python
        class Online(Message):
            status: str


        @channel("room:{room_id}")
        class Room(Channel[User, Posted]):
            room_id: int
            here = Presence(Online)

            @after_join
            async def arrived(self) -> None:
                self.here.track(self.assigns.name, Online(status="online"))
                await self.here.push_state()
        ```
    """

    def __init__(self, meta: type[Meta], *, fetch: Fetch[Meta] | None = None) -> None:
        self.meta = meta
        self.fetch = fetch

    @overload
    def __get__(self, instance: None, owner: object) -> Self: ...
    @overload
    def __get__(self, instance: AnyChannel, owner: object) -> Here[Meta]: ...
    def __get__(self, instance: Any, owner: object) -> object:
        return self if instance is None else cast("AnyChannel", instance).__here__()

"""What a handler holds of its channel's presence: `self.here`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from pydantic import BaseModel
from typing_extensions import TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Here"]

# The type checkers' messages name this variable.
Meta = TypeVar("Meta", bound=BaseModel)

_Metas: TypeAlias = list[Meta]  # in the class, `list` is a method


class Here(Protocol[Meta]):
    """Who is in this member's topic, and this member's own presences there.

    A member tracks itself under keys, as a rule one: its user. What several
    members track under one key are that key's metas: a user's tabs and phones.
    All that a member tracks leaves with it, whatever ends it, before
    `on_leave` runs.

    Nothing here waits for anybody but `push_state`: the topic's members are
    told of changes a moment later, in one `presence_diff` for all that happened
    within `Limits.presence_window`.
    """

    def track(self, key: str | int, meta: Meta) -> str:
        """This member is here, under this key.

        Does nothing once the member has ended.

        Args:
            key: An int goes out as text.
            meta: What the others shall know; a copy is kept.

        Returns:
            The meta's `phx_ref`.

        Raises:
            LocalProtocolError: The join is not done yet, this member tracks
                the key already, tracks `Limits.presences` keys, or the meta is
                of another class or above `Limits.message` bytes.
            ValueError: The meta has no JSON form.
        """
        ...

    def update(self, key: str | int, meta: Meta | Callable[[Meta], Meta]) -> str:
        """This member's meta under this key is another now.

        The diff has the new one, with the old one's ref as `phx_ref_prev`,
        among the joins, and the old one among the leaves.

        Args:
            meta: The new one, or what makes it from the old one.

        Returns:
            The new meta's `phx_ref`.

        Raises:
            LocalProtocolError: This member does not track the key; and as `track`.
            ValueError: The meta has no JSON form.
        """
        ...

    def untrack(self, key: str | int) -> None:
        """This member is not here any more under this key, if it was.

        Raises:
            LocalProtocolError: The join is not done yet.
        """
        ...

    def list(self) -> dict[str, _Metas[Meta]]:
        """Everybody in this topic: the metas of each key, the oldest first, as copies.

        Raises:
            LocalProtocolError: The join is not done yet.
        """
        ...

    def metas(self, key: str | int) -> _Metas[Meta]:
        """The metas of one key; none for an unknown one. Raises as `list`."""
        ...

    async def push_state(self) -> None:
        """Push `presence_state`, everybody in this topic, to this member's client.

        Clients wait for it before they show anything, so push it once, after
        the join. Waits for the `fetch` of the presence if it has one, and as
        `push` does.

        Raises:
            LocalProtocolError: The join is not done yet.
        """
        ...

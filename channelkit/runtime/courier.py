"""Taking one topic's presence changes to its members: gathered, fetched for, in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, final

import anyio

from ..presence import Diffed, Fields, Present, grouped
from . import log
from .bell import current_loop
from .calls import Crashes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import BaseModel

    from ..dispatch import Fetch, PresencePlan
    from ..limits import Limits
    from ..presence import Entry

__all__ = ["Courier", "Meta", "presented"]

MOST: Final = 1000
"""Changes that do not wait for the window's end."""


class Meta(NamedTuple):
    """A meta as it was tracked, and as clients read it."""

    model: BaseModel
    fields: Fields


@final
class Courier:
    """Tells of a topic's changes: the first at once, then one diff for each window.

    It runs while there is something to tell, for nobody's connection: the
    one that caused a change may be gone.

    Args:
        tell: Takes each diff.
        over: Called when there is nothing more to tell.
    """

    def __init__(
        self,
        topic: str,
        plan: PresencePlan,
        limits: Limits,
        tell: Callable[[str, Diffed], None],
        over: Callable[[Courier], None],
    ) -> None:
        loop = current_loop()
        self.topic = topic
        self._plan = plan
        self._limits = limits
        self._tell = tell
        self._over = over
        self._joins: list[Entry[Meta]] = []
        self._leaves: list[Entry[Meta]] = []
        self._telling = False
        self._bell = loop.bell()
        self._scope = anyio.CancelScope()
        loop.background(self._run)

    def changed(self, joins: Sequence[Entry[Meta]], leaves: Sequence[Entry[Meta]]) -> None:
        """Take what has happened.

        What joins and leaves within one window is told as both: clients
        that know of it from a state need the leave, and all others undo the join.
        """
        self._joins += joins
        self._leaves += leaves
        if len(self._joins) + len(self._leaves) >= MOST:
            self.hurry()

    @property
    def idle(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self._joins or self._leaves or self._telling)

    def hurry(self) -> None:
        """End the window now."""
        self._bell.ring()

    def stop(self) -> None:
        """Nobody is there any more who could be told."""
        self._scope.cancel()

    async def _run(self) -> None:
        try:
            with Crashes(self._crashed), self._scope:
                while not self.idle:
                    await self._tell_next()
                    if len(self._joins) + len(self._leaves) < MOST:
                        with anyio.move_on_after(self._limits.presence_window):
                            await self._bell.wait()
        finally:
            self._over(self)

    def _crashed(self, error: Exception) -> None:
        log.crashed("presence crashed", error, topic=self.topic)

    async def _tell_next(self) -> None:
        joins, self._joins = self._joins, []
        leaves, self._leaves = self._leaves, []
        self._telling = True
        diff: Diffed = {
            "joins": await self._presented(joins),
            "leaves": await self._presented(leaves),
        }
        self._telling = False
        self._tell(self.topic, diff)

    async def _presented(self, entries: Sequence[Entry[Meta]]) -> Present:
        by_key: dict[str, list[Entry[Meta]]] = {}
        for entry in entries:
            by_key.setdefault(entry.key, []).append(entry)
        return await presented(self._plan, self.topic, by_key, self._limits)


async def presented(
    plan: PresencePlan,
    topic: str,
    entries: Mapping[str, Sequence[Entry[Meta]]],
    limits: Limits,
) -> Present:
    """Presences as clients read them, with what the presence's fetch gives."""
    metas = {key: [entry.meta.fields for entry in held] for key, held in entries.items()}
    if plan.fetch is None or not entries:
        return grouped(metas, {})
    group = {
        key: [entry.meta.model.model_copy() for entry in held] for key, held in entries.items()
    }
    return grouped(metas, await _fetched(plan.fetch, topic, group, limits.presence_fetch))


async def _fetched(
    fetch: Fetch, topic: str, group: dict[str, list[BaseModel]], seconds: float
) -> Present:
    """What clients are told beside the metas; nothing if the author's code fails or hangs."""
    extras: dict[str, Fields] = {}
    with Crashes(partial(_fetch_crashed, topic)), anyio.move_on_after(seconds) as timer:
        found = await fetch(topic, group)
        extras = {key: found[key].model_dump(mode="json", by_alias=True) for key in found}
    if timer.cancelled_caught:
        log.warning("fetch timed out", topic=topic)
    return extras


def _fetch_crashed(topic: str, error: Exception) -> None:
    log.crashed("fetch crashed", error, topic=topic)

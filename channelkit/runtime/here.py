"""What `self.here` does: one member's presences, which leave with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast, final

from ..errors import LocalProtocolError
from ..wire import PRESENCE_STATE, Push

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel, JsonValue

    from ..dispatch import PresencePlan
    from ..presence import Entry
    from .channel_task import ChannelTask
    from .connection import Connection
    from .courier import Meta

__all__ = ["MemberHere"]

_Metas: TypeAlias = list[Any]  # in the class, `list` is a method


@final
class MemberHere:
    """Implements `here.Here` for one channel task; as a block, what is tracked lasts as long."""

    __slots__ = ("_connection", "_entries", "_over", "_plan", "_task", "_tracker")

    def __init__(self, plan: PresencePlan, connection: Connection, task: ChannelTask) -> None:
        self._plan = plan
        self._connection = connection
        self._task = task
        self._tracker = connection.hub.tracker
        self._entries: dict[str, Entry[Meta]] = {}
        self._over = False

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._tracker.untrack(self._plan, self._topic, [*self._entries.values()])
        self._entries.clear()

    def track(self, key: str | int, meta: BaseModel) -> str:
        name = self._checked("track", key)
        if self._over:
            return self._tracker.new_ref()
        if name in self._entries:
            raise LocalProtocolError(f"this member tracks the key {name!r} already; use update")
        most = self._connection.hub.limits.presences
        if len(self._entries) >= most:
            raise LocalProtocolError(f"this member tracks {most} keys, which is Limits.presences")
        entry = self._tracker.track(self._plan, self._topic, name, meta)
        self._entries[name] = entry
        return entry.ref

    def update(self, key: str | int, meta: BaseModel | Callable[[Any], BaseModel]) -> str:
        name = self._checked("update", key)
        if self._over:
            return self._tracker.new_ref()
        entry = self._entries.get(name)
        if entry is None:
            raise LocalProtocolError(f"this member does not track the key {name!r}; use track")
        if not isinstance(meta, self._plan.meta):
            change = cast("Callable[[Any], BaseModel]", meta)
            meta = change(entry.meta.model.model_copy())
        new = self._entries[name] = self._tracker.update(self._plan, entry, meta)
        return new.ref

    def untrack(self, key: str | int) -> None:
        entry = self._entries.pop(self._checked("untrack", key), None)
        if entry is not None:
            self._tracker.untrack(self._plan, self._topic, [entry])

    def list(self) -> dict[str, _Metas]:
        self._checked("list")
        return self._tracker.models(self._topic)

    def metas(self, key: str | int) -> _Metas:
        return self._tracker.models_of(self._topic, self._checked("metas", key))

    async def push_state(self) -> None:
        self._checked("push_state")
        state = await self._tracker.state(self._plan, self._topic)
        if not self._task.over:
            payload = cast("dict[str, JsonValue]", state)
            join_ref = self._task.member.join_ref
            self._connection.push(Push(join_ref, None, self._topic, PRESENCE_STATE, payload))
        if self._connection.outbox.paused:
            await self._connection.outbox.wait_writable()

    @property
    def _topic(self) -> str:
        return self._task.member.topic

    def _checked(self, verb: str, key: str | int = "") -> str:
        """The key as text, once the join is done."""
        if self._task.grant is None:
            raise LocalProtocolError(
                f"{verb} before the join is done; do it in the channel's @after_join"
            )
        return str(key)

"""Who is here, in all topics of an endpoint, and telling their members of it."""

from __future__ import annotations

import secrets
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast, final

from pydantic_core import to_json

from ..errors import LocalProtocolError
from ..presence import Diffed, State, on_the_wire, phx_ref, synced
from ..wire import PRESENCE_DIFF, Broadcast
from .courier import Courier, Meta, presented

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from pydantic import BaseModel, JsonValue

    from ..dispatch import PresencePlan
    from ..limits import Limits
    from ..presence import Entry, Fields, Present
    from .pubsub import PubSub

__all__ = ["Tracker"]


@final
class Tracker:
    """The presences of one endpoint in this process."""

    def __init__(self, pubsub: PubSub, limits: Limits) -> None:
        self._pubsub = pubsub
        self._limits = limits
        self._state: State[Meta] = State(secrets.token_hex(8))
        self._lists: dict[str, dict[str, Fields]] = {}
        """What `_state` has, as clients read it: made once for each change, not for each state."""
        self._couriers: dict[str, Courier] = {}
        self._fetching: dict[str, list[list[Diffed]]] = {}
        self._process = secrets.randbits(16)
        self._number = 0

    # From members.

    def track(self, plan: PresencePlan, topic: str, key: str, meta: BaseModel) -> Entry[Meta]:
        """Somebody is here.

        Raises:
            LocalProtocolError: The meta is of another class, or too big.
            ValueError: It has no JSON form.
        """
        ref = self.new_ref()
        entry = self._state.track(topic, key, self._meta(plan, meta, ref, None), ref)
        self._changed(plan, topic, [entry], [])
        return entry

    def update(self, plan: PresencePlan, entry: Entry[Meta], meta: BaseModel) -> Entry[Meta]:
        """Somebody's meta is another now. Raises as `track`; then nothing has changed."""
        ref = self.new_ref()
        new = self._state.update(entry, self._meta(plan, meta, ref, entry.ref), ref)
        self._changed(plan, entry.topic, [new], [entry])
        return new

    def untrack(self, plan: PresencePlan, topic: str, entries: Sequence[Entry[Meta]]) -> None:
        """Somebody is here no more."""
        for entry in entries:
            self._state.untrack(entry)
        if entries:
            self._changed(plan, topic, [], entries)
        if topic not in self._pubsub and topic in self._couriers:
            self._couriers.pop(topic).stop()  # nobody is left who could be told

    def new_ref(self) -> str:
        """A `phx_ref` that no other meta has."""
        self._number += 1
        return phx_ref(time.time_ns(), self._process, self._number)

    # Looking.

    def models(self, topic: str) -> dict[str, list[Any]]:
        """The metas of each key, as copies."""
        return {
            key: [entry.meta.model.model_copy() for entry in held]
            for key, held in self._state.present(topic).items()
        }

    def models_of(self, topic: str, key: str) -> list[Any]:
        """The metas of one key, as copies."""
        return [entry.meta.model.model_copy() for entry in self._state.metas(topic, key)]

    async def state(self, plan: PresencePlan, topic: str) -> Present:
        """A `presence_state`: it holds what every `presence_diff` that is out told of.

        Without a fetch no other task runs before it returns. With one, diffs
        may go out while it is asked; what they told is added.
        """
        if plan.fetch is None:
            return self._lists.get(topic, {}).copy()
        with self._overheard(topic) as diffs:
            present = await presented(plan, topic, self._state.present(topic), self._limits)
        for diff in diffs:
            present = synced(present, diff)
        return present

    # For the test kit.

    def hurried(self) -> bool:
        """Whether there was nothing to tell; what there was, is told at once."""
        busy = [courier for courier in self._couriers.values() if not courier.idle]
        for courier in busy:
            courier.hurry()
        return not busy

    # What they share.

    def _changed(
        self,
        plan: PresencePlan,
        topic: str,
        joins: Sequence[Entry[Meta]],
        leaves: Sequence[Entry[Meta]],
    ) -> None:
        for key in {entry.key for entry in (*joins, *leaves)}:
            self._list_anew(topic, key)
        if topic in self._pubsub:
            self._courier(plan, topic).changed(joins, leaves)

    def _list_anew(self, topic: str, key: str) -> None:
        held = self._state.metas(topic, key)
        if held:
            keys = self._lists.setdefault(topic, {})
            keys[key] = {"metas": [entry.meta.fields for entry in held]}
            return
        keys = self._lists.get(topic, {})
        keys.pop(key, None)
        if not keys:
            self._lists.pop(topic, None)

    def _courier(self, plan: PresencePlan, topic: str) -> Courier:
        courier = self._couriers.get(topic)
        if courier is None:
            courier = Courier(topic, plan, self._limits, self._tell, self._over)
            self._couriers[topic] = courier
        return courier

    def _tell(self, topic: str, diff: Diffed) -> None:
        payload = cast("dict[str, JsonValue]", diff)
        self._pubsub.publish(Broadcast(topic, PRESENCE_DIFF, payload))
        for heard in self._fetching.get(topic, ()):
            heard.append(diff)

    def _over(self, courier: Courier) -> None:
        if self._couriers.get(courier.topic) is courier:
            del self._couriers[courier.topic]

    @contextmanager
    def _overheard(self, topic: str) -> Generator[list[Diffed]]:
        """The diffs that go out while the block lasts."""
        diffs: list[Diffed] = []
        heard = self._fetching.setdefault(topic, [])
        heard.append(diffs)
        try:
            yield diffs
        finally:
            heard[:] = [other for other in heard if other is not diffs]
            if not heard:
                self._fetching.pop(topic, None)

    def _meta(self, plan: PresencePlan, meta: BaseModel, ref: str, ref_prev: str | None) -> Meta:
        model = plan.meta
        if not isinstance(meta, model):
            raise LocalProtocolError(
                f"the presence has metas of {model.__name__}, got a {type(meta).__name__}"
            )
        if type(meta) is model:
            copy = meta.model_copy()
        else:  # only the declared fields go out, whatever a subclass adds
            copy = model.model_construct(**{n: getattr(meta, n) for n in model.model_fields})
        fields: dict[str, JsonValue] = copy.model_dump(mode="json", by_alias=True)
        size = len(to_json(fields))
        if size > self._limits.message:
            raise LocalProtocolError(f"a meta of {size} bytes is above Limits.message")
        return Meta(copy, on_the_wire(fields, ref, ref_prev))

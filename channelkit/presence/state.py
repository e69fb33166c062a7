"""Who is here, as an observed-remove set that replicas can merge in any order. Pure.

Each node is a replica and counts what it tracks: replica and count are a
presence's `Tag`. A `Delta` is what one replica tells another: some entries,
and which tags it knows of. A tag that is known of but has no entry is one
that has left, so a leave needs no tombstone, and it does not matter how often
or in which order deltas come (protocol B2c, Tracker).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Delta", "Diff", "Entry", "Seen", "State", "Tag", "joined", "left", "merged"]

MetaT = TypeVar("MetaT")


class Tag(NamedTuple):
    """Which presence: the replica that tracked it, and its count there, from 1."""

    replica: str
    clock: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[MetaT]):
    """One meta under one key in one topic.

    Attributes:
        ref: Its `phx_ref`, which no other entry has.
        ref_prev: That of the entry it took the place of, if it is an update.
    """

    tag: Tag
    topic: str
    key: str
    meta: MetaT
    ref: str
    ref_prev: str | None = None


@final
@dataclass(frozen=True, slots=True)
class Seen:
    """A set of tags, small where they came in order.

    Attributes:
        upto: For each replica, the count up to which all are in it.
        beyond: Those that came early: not the next one of their replica.
    """

    upto: Mapping[str, int] = field(default_factory=dict[str, int])
    beyond: frozenset[Tag] = frozenset()

    @classmethod
    def of(cls, *tags: Tag) -> Seen:
        """A set of these tags."""
        return _compact({}, tags)

    def __contains__(self, tag: Tag) -> bool:
        return tag.clock <= self.upto.get(tag.replica, 0) or tag in self.beyond

    def __or__(self, other: Seen) -> Seen:
        """The tags of both."""
        replicas = self.upto.keys() | other.upto.keys()
        upto = {r: max(self.upto.get(r, 0), other.upto.get(r, 0)) for r in replicas}
        return _compact(upto, self.beyond | other.beyond)


def _compact(upto: dict[str, int], tags: Iterable[Tag]) -> Seen:
    beyond: set[Tag] = set()
    for tag in sorted(tags):
        reached = upto.get(tag.replica, 0)
        if tag.clock == reached + 1:
            upto[tag.replica] = tag.clock
        elif tag.clock > reached:
            beyond.add(tag)
    return Seen(upto, frozenset(beyond))


@final
@dataclass(frozen=True, slots=True)
class Delta(Generic[MetaT]):
    """What one replica tells another: these are here, and of those tags it knows."""

    entries: Mapping[Tag, Entry[MetaT]]
    seen: Seen


def joined(entry: Entry[MetaT]) -> Delta[MetaT]:
    """What is to be told of a presence that has joined."""
    return Delta({entry.tag: entry}, Seen.of(entry.tag))


def left(entry: Entry[MetaT]) -> Delta[MetaT]:
    """What is to be told of a presence that has left."""
    return Delta({}, Seen.of(entry.tag))


def merged(one: Delta[MetaT], other: Delta[MetaT]) -> Delta[MetaT]:
    """Both as one: commutative, associative, idempotent.

    An entry stays unless the other side knows of it and has it no more.
    """
    kept = _surviving(one, other) | _surviving(other, one)
    return Delta(kept, one.seen | other.seen)


def _surviving(one: Delta[MetaT], other: Delta[MetaT]) -> dict[Tag, Entry[MetaT]]:
    return {
        tag: entry
        for tag, entry in one.entries.items()
        if tag in other.entries or tag not in other.seen
    }


@final
@dataclass(frozen=True, slots=True)
class Diff(Generic[MetaT]):
    """What has changed for those who look."""

    joins: tuple[Entry[MetaT], ...] = ()
    leaves: tuple[Entry[MetaT], ...] = ()


@final
class State(Generic[MetaT]):
    """One replica's knowledge of who is here.

    Args:
        replica: Its name, which no other and no earlier one has: a node that
            starts anew is a new replica.
    """

    __slots__ = ("_count", "_down", "_entries", "_seen", "_topics", "replica")

    def __init__(self, replica: str) -> None:
        self.replica = replica
        self._count = 0
        self._seen = Seen()
        self._entries: dict[Tag, Entry[MetaT]] = {}
        self._topics: dict[str, dict[str, dict[Tag, Entry[MetaT]]]] = {}
        self._down: set[str] = set()

    # What happens here.

    def track(
        self, topic: str, key: str, meta: MetaT, ref: str, ref_prev: str | None = None
    ) -> Entry[MetaT]:
        """Somebody is here; tell the others `joined` of it."""
        self._count += 1
        tag = Tag(self.replica, self._count)
        entry = Entry(tag=tag, topic=topic, key=key, meta=meta, ref=ref, ref_prev=ref_prev)
        self._seen |= Seen({self.replica: self._count})
        self._add(entry)
        return entry

    def update(self, entry: Entry[MetaT], meta: MetaT, ref: str) -> Entry[MetaT]:
        """Somebody's meta is another now: `left` the one, `joined` the other."""
        self.untrack(entry)
        return self.track(entry.topic, entry.key, meta, ref, entry.ref)

    def untrack(self, entry: Entry[MetaT]) -> None:
        """Somebody is here no more; tell the others `left` of it."""
        self._remove(entry)

    # What the others tell.

    def merge(self, delta: Delta[MetaT]) -> Diff[MetaT]:
        """Take what another replica tells.

        Returns:
            What has changed in `present`.
        """
        leaves = [
            entry
            for tag, entry in self._entries.items()
            if tag in delta.seen and tag not in delta.entries
        ]
        joins = [entry for tag, entry in delta.entries.items() if tag not in self._seen]
        for entry in leaves:
            self._remove(entry)
        for entry in joins:
            self._add(entry)
        self._seen |= delta.seen
        return self._visible(joins, leaves)

    def replica_down(self, replica: str) -> Diff[MetaT]:
        """Nothing is heard of a replica: its presences are hidden until it is up again."""
        if replica in self._down:
            return Diff()
        leaves = self._of(replica)
        for entry in leaves:
            self._hide(entry)
        self._down.add(replica)
        return Diff((), tuple(leaves))

    def replica_up(self, replica: str) -> Diff[MetaT]:
        """A replica is heard of again: its presences are back, as far as they are known."""
        if replica not in self._down:
            return Diff()
        self._down.discard(replica)
        joins = self._of(replica)
        for entry in joins:
            self._show(entry)
        return Diff(tuple(joins), ())

    def forget(self, replica: str) -> Diff[MetaT]:
        """A replica will not come back: its presences have left, here and where this is told."""
        gone = self._of(replica)
        diff = self._visible([], gone)
        for entry in gone:
            self._remove(entry)
        self._down.discard(replica)
        return diff

    def whole(self) -> Delta[MetaT]:
        """All that it knows, for a replica that knows nothing, or has missed something."""
        return Delta(dict(self._entries), self._seen)

    # Looking.

    def present(self, topic: str) -> dict[str, tuple[Entry[MetaT], ...]]:
        """Who is in a topic: entries by key, in the order in which they came."""
        return {key: tuple(held.values()) for key, held in self._topics.get(topic, {}).items()}

    def metas(self, topic: str, key: str) -> tuple[Entry[MetaT], ...]:
        """The entries of one key; none for an unknown one."""
        return tuple(self._topics.get(topic, {}).get(key, {}).values())

    # What they share.

    def _of(self, replica: str) -> list[Entry[MetaT]]:
        return [entry for tag, entry in self._entries.items() if tag.replica == replica]

    def _visible(self, joins: list[Entry[MetaT]], leaves: list[Entry[MetaT]]) -> Diff[MetaT]:
        shown = [
            tuple(entry for entry in entries if entry.tag.replica not in self._down)
            for entries in (joins, leaves)
        ]
        return Diff(*shown)

    def _add(self, entry: Entry[MetaT]) -> None:
        self._entries[entry.tag] = entry
        if entry.tag.replica not in self._down:
            self._show(entry)

    def _remove(self, entry: Entry[MetaT]) -> None:
        if self._entries.pop(entry.tag, None) is not None:
            self._hide(entry)

    def _show(self, entry: Entry[MetaT]) -> None:
        keys = self._topics.setdefault(entry.topic, {})
        keys.setdefault(entry.key, {})[entry.tag] = entry

    def _hide(self, entry: Entry[MetaT]) -> None:
        keys = self._topics.get(entry.topic, {})
        held = keys.get(entry.key, {})
        held.pop(entry.tag, None)
        if not held:
            keys.pop(entry.key, None)
        if not keys:
            self._topics.pop(entry.topic, None)

"""Merging presences: the order, the grouping and the repetition of what is told do not matter."""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from channelkit.presence import Delta, Diff, Entry, Seen, State, joined, left, merged

REPLICAS = ("a", "b", "c")
TOPICS = ("room:1", "room:2")
KEYS = ("ann", "bob", "__proto__")

Step: TypeAlias = tuple[str, int, int, int]


def steps(*kinds: str) -> st.SearchStrategy[list[Step]]:
    """What happens: a kind, and three numbers that choose whom it happens to."""
    number = st.integers(min_value=0, max_value=5)
    return st.lists(st.tuples(st.sampled_from(kinds), number, number, number), max_size=30)


LOCAL = ("track", "track", "untrack", "update")


class World:
    """Replicas, and everything that each has told so far."""

    def __init__(self) -> None:
        self.states = [State[str](name) for name in REPLICAS]
        self.own: list[list[Entry[str]]] = [[] for _ in REPLICAS]
        self.told: list[Delta[str]] = []
        self.seen: list[set[Entry[str]]] = [set() for _ in REPLICAS]
        self._refs = 0

    def play(self, steps: list[Step]) -> None:
        for kind, one, two, three in steps:
            getattr(self, kind)(one % len(REPLICAS), two, three)

    def track(self, replica: int, topic: int, key: int) -> None:
        state = self.states[replica]
        entry = state.track(TOPICS[topic % len(TOPICS)], KEYS[key % len(KEYS)], "meta", self._ref())
        self._say(replica, joined(entry))
        self.own[replica].append(entry)

    def untrack(self, replica: int, which: int, _: int) -> None:
        if self.own[replica]:
            entry = self.own[replica].pop(which % len(self.own[replica]))
            self.states[replica].untrack(entry)
            self._say(replica, left(entry))

    def update(self, replica: int, which: int, _: int) -> None:
        if self.own[replica]:
            index = which % len(self.own[replica])
            old = self.own[replica][index]
            new = self.own[replica][index] = self.states[replica].update(old, "new", self._ref())
            self._say(replica, merged(left(old), joined(new)))

    def hear(self, replica: int, which: int, _: int) -> None:
        """Take something that was told before, by whomever, perhaps again."""
        if self.told:
            self._take(replica, self.told[-1 - which % len(self.told)])

    def ask(self, replica: int, other: int, _: int) -> None:
        """Take all that another replica knows."""
        self._take(replica, self.states[other % len(REPLICAS)].whole())

    def down(self, replica: int, other: int, _: int) -> None:
        name = REPLICAS[other % len(REPLICAS)]
        if other % len(REPLICAS) != replica:
            self._apply(replica, self.states[replica].replica_down(name))

    def up(self, replica: int, other: int, _: int) -> None:
        self._apply(replica, self.states[replica].replica_up(REPLICAS[other % len(REPLICAS)]))

    def everybody_hears_everything(self) -> None:
        for replica in range(len(REPLICAS)):
            for delta in self.told:
                self._take(replica, delta)

    def present(self, replica: int) -> set[Entry[str]]:
        """Everybody in the list of a replica."""
        lists = [self.states[replica].present(topic) for topic in TOPICS]
        return {entry for topic in lists for held in topic.values() for entry in held}

    def _say(self, replica: int, delta: Delta[str]) -> None:
        self.told.append(delta)
        self.seen[replica] = self.present(replica)  # its own doing: no diff is made of it

    def _take(self, replica: int, delta: Delta[str]) -> None:
        self._apply(replica, self.states[replica].merge(delta))

    def _apply(self, replica: int, diff: Diff[str]) -> None:
        assert not self.seen[replica] & set(diff.joins)
        assert set(diff.leaves) <= self.seen[replica]
        self.seen[replica] |= set(diff.joins)
        self.seen[replica] -= set(diff.leaves)

    def _ref(self) -> str:
        self._refs += 1
        return str(self._refs)


@st.composite
def deltas(draw: st.DrawFn) -> tuple[Delta[str], Delta[str], Delta[str]]:
    """Three things that replicas of one world may tell at some time."""
    world = World()
    world.play(draw(steps(*LOCAL, "hear", "ask")))
    nothing: Delta[str] = Delta({}, Seen())
    known = [nothing, *world.told, *(state.whole() for state in world.states)]
    one, two, three = (draw(st.sampled_from(known)) for _ in range(3))
    return merged(one, draw(st.sampled_from(known))), two, three


@given(deltas())
def test_merging_is_commutative(told: tuple[Delta[str], Delta[str], Delta[str]]) -> None:
    one, other, _ = told

    assert merged(one, other) == merged(other, one)


@given(deltas())
def test_merging_is_associative(told: tuple[Delta[str], Delta[str], Delta[str]]) -> None:
    one, two, last = told

    assert merged(merged(one, two), last) == merged(one, merged(two, last))


@given(deltas())
def test_merging_is_idempotent(told: tuple[Delta[str], Delta[str], Delta[str]]) -> None:
    one, other, _ = told

    assert merged(one, one) == one
    assert merged(merged(one, other), other) == merged(one, other)


@given(deltas())
def test_a_state_takes_a_delta_as_two_deltas_are_merged(
    told: tuple[Delta[str], Delta[str], Delta[str]],
) -> None:
    one, other, _ = told
    state = State[str]("listener")
    state.merge(one)

    state.merge(other)

    assert state.whole() == merged(one, other)


@given(steps(*LOCAL, "hear", "ask"))
def test_replicas_that_have_heard_the_same_list_the_same(steps: list[Step]) -> None:
    world = World()
    world.play(steps)

    world.everybody_hears_everything()

    tracked = {entry for own in world.own for entry in own}
    assert [world.present(replica) for replica in range(len(REPLICAS))] == [tracked] * 3
    assert world.states[0].whole() == world.states[1].whole() == world.states[2].whole()


@given(steps(*LOCAL, "hear", "ask", "down", "up"))
@settings(max_examples=200)
def test_the_diffs_applied_one_after_another_are_the_list(steps: list[Step]) -> None:
    world = World()

    world.play(steps)

    for replica in range(len(REPLICAS)):
        assert world.seen[replica] == world.present(replica)

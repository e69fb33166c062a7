"""Who is here: one replica's own presences, what others tell, and replicas that are lost."""

from __future__ import annotations

from channelkit.presence import Delta, Diff, Entry, Seen, State, Tag, joined, left, merged

ROOM = "room:1"


def entry(replica: str, clock: int, key: str = "ann", ref: str | None = None) -> Entry[str]:
    """An entry as a replica of this name would make it."""
    name = ref or f"{replica}{clock}"
    return Entry(tag=Tag(replica, clock), topic=ROOM, key=key, meta="online", ref=name)


def refs(state: State[str], topic: str = ROOM) -> dict[str, list[str]]:
    """Who is here, by their refs."""
    return {key: [e.ref for e in held] for key, held in state.present(topic).items()}


def test_nobody_is_here_before_somebody_is_tracked() -> None:
    state = State[str]("n")

    assert state.present(ROOM) == {}
    assert state.metas(ROOM, "ann") == ()


def test_several_metas_of_a_key_stand_in_the_order_in_which_they_came() -> None:
    state = State[str]("n")

    one = state.track(ROOM, "ann", "phone", "r1")
    other = state.track(ROOM, "ann", "laptop", "r2")
    bob = state.track(ROOM, "bob", "phone", "r3")

    assert state.present(ROOM) == {"ann": (one, other), "bob": (bob,)}
    assert state.metas(ROOM, "ann") == (one, other)
    assert state.metas(ROOM, "eve") == ()
    assert state.metas("room:2", "ann") == ()


def test_what_is_untracked_is_gone_with_its_key_and_its_topic() -> None:
    state = State[str]("n")
    one = state.track(ROOM, "ann", "phone", "r1")
    other = state.track(ROOM, "ann", "laptop", "r2")

    state.untrack(one)
    after_one = refs(state)
    state.untrack(other)

    assert after_one == {"ann": ["r2"]}
    assert refs(state) == {}
    assert state.whole() == Delta({}, Seen({"n": 2}))


def test_untracking_twice_changes_nothing() -> None:
    state = State[str]("n")
    entry = state.track(ROOM, "ann", "phone", "r1")
    state.untrack(entry)

    state.untrack(entry)

    assert refs(state) == {}


def test_an_update_is_a_new_entry_that_names_the_old_ones_ref() -> None:
    state = State[str]("n")
    old = state.track(ROOM, "ann", "online", "r1")

    new = state.update(old, "away", "r2")

    assert new == Entry(
        tag=Tag("n", 2), topic=ROOM, key="ann", meta="away", ref="r2", ref_prev="r1"
    )
    assert state.present(ROOM) == {"ann": (new,)}


# Tags.


def test_tags_that_came_in_order_are_one_number() -> None:
    assert Seen.of(Tag("n", 2), Tag("n", 1), Tag("n", 3)) == Seen({"n": 3})


def test_a_tag_that_came_early_waits_for_those_before_it() -> None:
    early = Seen.of(Tag("n", 1), Tag("n", 3))

    assert early == Seen({"n": 1}, frozenset({Tag("n", 3)}))
    assert [Tag("n", clock) in early for clock in (1, 2, 3, 4)] == [True, False, True, False]
    assert early | Seen.of(Tag("n", 2)) == Seen({"n": 3})


def test_what_is_covered_already_needs_no_place_of_its_own() -> None:
    assert Seen({"n": 3}) | Seen.of(Tag("n", 2)) == Seen({"n": 3})
    assert Seen({"n": 3}) | Seen({"n": 1, "m": 2}) == Seen({"n": 3, "m": 2})


# What others tell.


def test_a_join_that_is_told_of_is_seen_once() -> None:
    state = State[str]("here")
    there = entry("there", 1)

    first = state.merge(joined(there))
    again = state.merge(joined(there))

    assert first == Diff((there,), ())
    assert again == Diff()
    assert refs(state) == {"ann": ["there1"]}


def test_a_leave_that_is_told_of_takes_the_entry_away() -> None:
    state = State[str]("here")
    there = entry("there", 1)
    state.merge(joined(there))

    assert state.merge(left(there)) == Diff((), (there,))
    assert refs(state) == {}


def test_a_join_that_comes_after_its_leave_is_no_join() -> None:
    state = State[str]("here")
    there = entry("there", 1)
    state.merge(left(there))

    assert state.merge(joined(there)) == Diff()
    assert refs(state) == {}


def test_an_update_that_is_told_of_is_a_join_and_a_leave_in_one_diff() -> None:
    here, there = State[str]("here"), State[str]("there")
    old = there.track(ROOM, "ann", "online", "r1")
    here.merge(joined(old))
    new = there.update(old, "away", "r2")

    diff = here.merge(merged(left(old), joined(new)))

    assert diff == Diff((new,), (old,))
    assert refs(here) == {"ann": ["r2"]}


def test_a_replica_that_has_missed_everything_learns_it_from_the_whole() -> None:
    here, there = State[str]("here"), State[str]("there")
    ann = there.track(ROOM, "ann", "online", "r1")
    there.untrack(ann)
    there.track(ROOM, "bob", "online", "r2")
    here.track(ROOM, "eve", "online", "r3")

    here.merge(there.whole())
    there.merge(here.whole())

    assert refs(here) == {"eve": ["r3"], "bob": ["r2"]}
    assert here.whole() == there.whole()


# Replicas that are lost.


def test_the_presences_of_a_replica_that_is_down_are_hidden_until_it_is_up() -> None:
    state = State[str]("here")
    mine = state.track(ROOM, "ann", "online", "mine")
    theirs = entry("there", 1)
    state.merge(joined(theirs))

    assert state.replica_down("there") == Diff((), (theirs,))
    assert state.present(ROOM) == {"ann": (mine,)}
    assert state.replica_up("there") == Diff((theirs,), ())
    assert state.present(ROOM) == {"ann": (mine, theirs)}


def test_a_replica_goes_down_and_up_once() -> None:
    state = State[str]("here")
    theirs = entry("there", 1)
    state.merge(joined(theirs))

    assert state.replica_up("there") == Diff()
    assert state.replica_down("there") == Diff((), (theirs,))
    assert state.replica_down("there") == Diff()


def test_what_happens_on_a_replica_that_is_down_shows_when_it_is_up() -> None:
    state = State[str]("here")
    gone, stays, comes = entry("there", 1), entry("there", 2), entry("there", 3)
    state.merge(merged(joined(gone), joined(stays)))
    state.replica_down("there")

    quietly = state.merge(merged(left(gone), joined(comes)))

    assert quietly == Diff()
    assert refs(state) == {}
    assert state.replica_up("there") == Diff((stays, comes), ())
    assert refs(state) == {"ann": ["there2", "there3"]}


def test_a_replica_that_is_forgotten_has_left_for_all_who_are_told() -> None:
    here, third = State[str]("here"), State[str]("third")
    theirs = entry("there", 1)
    here.merge(joined(theirs))
    third.merge(joined(theirs))

    assert here.forget("there") == Diff((), (theirs,))
    assert third.merge(here.whole()) == Diff((), (theirs,))
    assert here.merge(joined(theirs)) == Diff()
    assert refs(here) == refs(third) == {}


def test_forgetting_a_replica_that_was_down_tells_of_its_leaves_no_second_time() -> None:
    state = State[str]("here")
    state.merge(joined(entry("there", 1)))
    state.replica_down("there")

    assert state.forget("there") == Diff()
    assert state.replica_up("there") == Diff()
    assert refs(state) == {}

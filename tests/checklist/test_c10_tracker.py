"""C10, Tracker: what of it is here, the state that replicas merge, and what one node tracks.

Nodes that tell each other come with a later release; replicas are told here by hand.
"""

from __future__ import annotations

import pytest

from channelkit.presence import Diff, Seen, State, Tag, joined, left, merged

from ..app.presences import Do, Hall, Said, entered, make_hall, present

ROOM = "room:1"


def replicas() -> tuple[State[str], State[str]]:
    return State[str]("a"), State[str]("b")


def test_c10_13_a_replica_that_is_seen_for_the_first_time_is_told_the_whole() -> None:
    a, b = replicas()
    ann = a.track(ROOM, "ann", "online", "r1")

    assert b.merge(a.whole()) == Diff((ann,), ())
    assert b.present(ROOM) == {"ann": (ann,)}


def test_c10_14_what_is_told_twice_by_several_changes_nothing() -> None:
    a, b = replicas()
    ann = a.track(ROOM, "ann", "online", "r1")
    c = State[str]("c")
    c.merge(a.whole())
    b.merge(c.whole())

    assert b.merge(a.whole()) == Diff()
    assert b.present(ROOM) == {"ann": (ann,)}


def test_c10_15_a_node_that_restarts_is_a_new_replica() -> None:
    a, b = replicas()
    ann = a.track(ROOM, "ann", "online", "r1")
    b.merge(a.whole())
    restarted = State[str]("a, again")
    bob = restarted.track(ROOM, "bob", "online", "r2")

    b.merge(restarted.whole())

    assert b.forget("a") == Diff((), (ann,))
    assert b.present(ROOM) == {"bob": (bob,)}


def test_c10_16_a_node_may_be_away_for_a_while_or_be_gone_for_good() -> None:
    a, b = replicas()
    ann = a.track(ROOM, "ann", "online", "r1")
    b.merge(a.whole())

    assert b.replica_down("a") == Diff((), (ann,))
    assert b.present(ROOM) == {}
    assert b.replica_up("a") == Diff((ann,), ())
    assert b.forget("a") == Diff((), (ann,))
    assert b.replica_up("a") == Diff()


@pytest.mark.anyio
async def test_c10_17_joins_and_leaves_are_seen() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann") as [(_, anns)]:
        async with entered(endpoint, "bob"):
            both = await present(anns)
        alone = await present(anns)

    assert both == {"ann": ["online"], "bob": ["online"]}
    assert alone == {"ann": ["online"]}


def test_c10_18_a_node_that_goes_takes_its_presences_along() -> None:
    a, b = replicas()
    ann, bob = a.track(ROOM, "ann", "online", "r1"), a.track("room:2", "bob", "away", "r2")
    eve = b.track(ROOM, "eve", "online", "r3")
    b.merge(a.whole())

    gone = b.forget("a")

    assert gone == Diff((), (ann, bob))
    assert (b.present(ROOM), b.present("room:2")) == ({"eve": (eve,)}, {})


@pytest.mark.anyio
async def test_c10_19_one_key_can_be_untracked_and_an_unknown_one() -> None:
    async with entered(make_hall(), "ann") as [(_, room)]:
        await room.call(Hall.do, Do(verb="track", key="host"))
        for key in ("ann", "nobody"):
            assert await room.call(Hall.do, Do(verb="untrack", key=key)) == Said(text="")

        assert await present(room) == {"host": ["online"]}


def test_c10_20_an_update_is_a_leave_and_a_join_that_names_the_meta_before_it() -> None:
    a, b = replicas()
    online = a.track(ROOM, "ann", "online", "r1")
    b.merge(a.whole())

    away = a.update(online, "away", "r2")

    assert away.ref_prev == "r1"
    assert b.merge(merged(joined(away), left(online))) == Diff((away,), (online,))


@pytest.mark.anyio
async def test_c10_21_an_update_of_who_is_not_tracked_is_an_error() -> None:
    async with entered(make_hall(), "ann") as [(_, room)]:
        answer = await room.call(Hall.do, Do(verb="update", key="bob"))

        assert answer == Said(text="this member does not track the key 'bob'; use track")


@pytest.mark.anyio
async def test_c10_22_a_second_track_of_a_key_is_an_error() -> None:
    async with entered(make_hall(), "ann") as [(_, room)]:
        answer = await room.call(Hall.do, Do(verb="track", key="ann"))

        assert answer == Said(text="this member tracks the key 'ann' already; use update")


def test_c10_26_a_split_network_heals() -> None:
    a, b = replicas()
    ann = a.track(ROOM, "ann", "online", "r1")
    b.merge(a.whole())
    a.untrack(ann)
    bob, eve = a.track(ROOM, "bob", "online", "r2"), b.track(ROOM, "eve", "online", "r3")

    from_a, from_b = a.whole(), b.whole()

    assert b.merge(from_a) == Diff((bob,), (ann,))
    assert a.merge(from_b) == Diff((eve,), ())
    assert sorted(a.present(ROOM)) == sorted(b.present(ROOM)) == ["bob", "eve"]


def test_c10_27_deltas_may_come_in_any_order_with_gaps() -> None:
    a, b = replicas()
    one, two = (a.track(ROOM, key, "online", key) for key in ("ann", "bob"))
    a.untrack(one)

    b.merge(joined(two))
    b.merge(left(one))
    b.merge(joined(one))  # late: it has left already

    assert b.present(ROOM) == {"bob": (two,)}
    assert b.whole().seen == Seen({"a": 2})


def test_c10_28_of_two_clocks_one_may_know_all_that_the_other_does_or_neither() -> None:
    less, more = Seen({"a": 1}), Seen({"a": 3, "b": 1})
    other = Seen({"c": 1})

    assert less | more == more
    assert less | other == Seen({"a": 1, "c": 1})
    assert Tag("a", 2) in more
    assert Tag("a", 2) not in less

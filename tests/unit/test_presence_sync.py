"""What a client makes of states and diffs, in whatever order they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channelkit.presence import Synced, synced

if TYPE_CHECKING:
    from channelkit.presence import Diffed, Fields, Present


def held(*refs: str, **extras: str) -> Fields:
    """The metas with these refs."""
    return {**extras, "metas": [{"phx_ref": ref} for ref in refs]}


def diff(joins: Present | None = None, leaves: Present | None = None) -> Diffed:
    return {"joins": joins or {}, "leaves": leaves or {}}


def test_nothing_is_known_before_the_first_state() -> None:
    client = Synced()

    client.diff_came(diff({"ann": held("1")}))

    assert client.present is None


def test_a_diff_that_came_before_the_state_is_applied_to_it() -> None:
    client = Synced()
    client.diff_came(diff({"bob": held("2")}))
    client.diff_came(diff({}, {"ann": held("1")}))

    client.state_came({"ann": held("1")})

    assert client.present == {"bob": held("2")}


def test_a_diff_that_the_state_holds_already_changes_nothing() -> None:
    client = Synced()
    client.state_came({"ann": held("1")})

    client.diff_came(diff({"ann": held("1")}))

    assert client.present == {"ann": held("1")}


def test_a_second_state_takes_the_place_of_the_first() -> None:
    client = Synced()
    client.state_came({"ann": held("1")})
    client.diff_came(diff({"bob": held("2")}))

    client.state_came({"eve": held("3")})

    assert client.present == {"eve": held("3")}


def test_another_meta_of_a_known_key_stands_behind_those_it_has() -> None:
    assert synced({"ann": held("1")}, diff({"ann": held("2", name="Ann")})) == {
        "ann": held("1", "2", name="Ann")
    }


def test_an_update_takes_the_place_of_the_meta_before_it() -> None:
    update = diff({"ann": held("2")}, {"ann": held("1")})

    assert synced({"ann": held("1")}, update) == {"ann": held("2")}
    assert synced({"ann": held("1", "3")}, update) == {"ann": held("3", "2")}


def test_the_leave_of_the_last_meta_takes_the_key_away() -> None:
    both = {"ann": held("1", "2", name="Ann")}

    assert synced(both, diff({}, {"ann": held("1")})) == {"ann": held("2", name="Ann")}
    assert synced(both, diff({}, {"ann": held("1", "2")})) == {}


def test_what_joins_and_leaves_in_one_diff_is_not_here() -> None:
    passing = diff({"ann": held("1")}, {"ann": held("1")})

    assert synced({}, passing) == {}
    assert synced({"ann": held("1")}, passing) == {}
    assert synced({"ann": held("0")}, passing) == {"ann": held("0")}


def test_the_leave_of_somebody_unknown_changes_nothing() -> None:
    assert synced({}, diff({}, {"ann": held("1")})) == {}


def test_presences_that_were_given_are_not_changed() -> None:
    before = {"ann": held("1")}

    synced(before, diff({"ann": held("2")}, {"ann": held("1")}))

    assert before == {"ann": held("1")}

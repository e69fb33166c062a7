from __future__ import annotations

import pytest

from channelkit.member import Member
from channelkit.transitions import State
from channelkit.wire import Ref

from .given import event, join, joining, session


def member(*, ref: Ref = "1", join_ref: Ref = "the ref", limit: int = 4) -> Member:
    push = join(ref=ref, join_ref=join_ref)
    return Member(push, joining(session()).match, limit)


def test_a_member_begins_with_its_join_and_nothing_else() -> None:
    one = member()

    assert (one.topic, one.join, one.state) == ("room:1", join(), State.JOINING)
    assert (list(one.held), one.backlog, one.leave, one.replaced, one.stalled) == (
        [],
        0,
        None,
        None,
        False,
    )


@pytest.mark.parametrize(
    ("ref", "join_ref", "mine"), [("2", "1", "1"), ("2", None, "2"), ("2", "", ""), ("2", 0, 0)]
)
def test_a_members_join_ref_is_the_joins_or_its_ref_where_it_had_none(
    ref: Ref, join_ref: Ref, mine: Ref
) -> None:
    assert member(ref=ref, join_ref=join_ref).join_ref == mine


@pytest.mark.parametrize(
    ("mine", "theirs", "owned"),
    [
        ("1", "1", True),
        ("1", None, True),
        (None, None, True),
        (1, 1, True),
        ("1", "2", False),
        ("1", 1, False),
        ("1", "", False),
        (1, True, False),
        (1, 1.0, False),
        (None, "1", False),
        ("", None, True),
    ],
)
def test_a_member_owns_what_carries_its_join_ref_or_none(
    mine: Ref, theirs: Ref, *, owned: bool
) -> None:
    assert member(join_ref=mine).owns(event(join_ref=theirs)) is owned


@pytest.mark.parametrize(
    ("backlog", "full", "half_empty"),
    [(0, False, True), (2, False, True), (3, False, False), (4, True, False), (5, True, False)],
)
def test_a_member_is_full_at_its_limit_and_has_room_at_half_of_it(
    backlog: int, *, full: bool, half_empty: bool
) -> None:
    one = member(limit=4)
    one.backlog = backlog

    assert (one.full, one.half_empty) == (full, half_empty)


def test_an_emptied_member_gives_what_was_held_and_waits_for_nothing() -> None:
    one = member()
    one.held.extend([event("2"), event("3")])
    one.backlog = 3

    held = one.emptied()

    assert list(held) == [event("2"), event("3")]
    assert (list(one.held), one.backlog) == ([], 0)


def test_a_member_says_who_it_is() -> None:
    assert repr(member()) == "<Member 'room:1' '1' JOINING>"

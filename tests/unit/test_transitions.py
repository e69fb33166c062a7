from __future__ import annotations

from itertools import chain

import pytest

from channelkit.transitions import TABLE, TARGETS, Input, Rule, State


def test_every_input_has_its_row() -> None:
    assert list(TABLE) == list(Input)


def test_every_rule_is_used_somewhere() -> None:
    used = set(chain.from_iterable(row.values() for row in TABLE.values()))

    assert used == set(Rule)


def test_every_row_lists_its_states_in_the_order_of_a_life() -> None:
    order = list(State)

    for row in TABLE.values():
        assert list(row) == sorted(row, key=order.index)


def test_a_rule_leads_somewhere_else_from_wherever_it_applies() -> None:
    for row in TABLE.values():
        for state, rule in row.items():
            assert TARGETS.get(rule) is not state


@pytest.mark.parametrize("happened", [Input.JOIN, Input.LEAVE, Input.EVENT])
def test_what_a_peer_can_send_at_any_time_has_a_rule_in_every_state(happened: Input) -> None:
    assert set(TABLE[happened]) == set(State)


@pytest.mark.parametrize("happened", [Input.GRANTED, Input.REFUSED, Input.LEFT, Input.ENDED])
def test_what_the_runtime_reports_has_a_rule_in_every_state(happened: Input) -> None:
    assert set(TABLE[happened]) == set(State)


@pytest.mark.parametrize("happened", [Input.GRANTED, Input.REFUSED, Input.LEFT])
def test_what_is_reported_of_a_member_that_is_gone_counts_for_nothing(happened: Input) -> None:
    assert TABLE[happened][State.ABSENT] is Rule.IGNORE


def test_the_end_of_a_member_that_is_gone_changes_nothing() -> None:
    assert TABLE[Input.ENDED][State.ABSENT] not in TARGETS


def test_only_a_joined_member_is_delivered_to() -> None:
    delivering = {
        (happened, state)
        for happened, row in TABLE.items()
        for state, rule in row.items()
        if rule in {Rule.DELIVER, Rule.DELIVER_LEAVE}
    }

    assert delivering == {(Input.EVENT, State.JOINED), (Input.LEAVE, State.JOINED)}


def test_only_a_grant_makes_a_joined_member() -> None:
    assert [rule for rule, target in TARGETS.items() if target is State.JOINED] == [Rule.ADMIT]

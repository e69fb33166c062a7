from __future__ import annotations

import pytest

from channelkit.client.actions import (
    CancelTimer,
    Deliver,
    Expects,
    Fail,
    Item,
    Resolve,
    RoomBecame,
    StartTimer,
    Transmit,
)
from channelkit.client.machine import ClientMachine
from channelkit.client.transitions import RoomState
from channelkit.wire import Broadcast, Push

from .client_given import (
    ROOM,
    SETTINGS,
    call,
    error,
    joined,
    leave,
    made,
    ok,
    opened,
    sent_join,
    timers,
)


def test_a_join_is_sent_with_its_ref_as_join_ref() -> None:
    machine, room = opened(), made()

    assert machine.join(room) == [
        RoomBecame(room, RoomState.JOINING),
        Transmit(sent_join("1")),
        StartTimer(room, 8),
    ]


def test_a_granted_join_is_joined() -> None:
    machine, room = opened(), made()
    machine.join(room)

    assert machine.received(ok("1", {"members": 1})) == [
        CancelTimer(room),
        RoomBecame(room, RoomState.JOINED, ok("1", {"members": 1})),
    ]


def test_a_refused_first_join_is_final() -> None:
    machine, room = opened(), made()
    machine.join(room)

    assert machine.received(error("1")) == [
        CancelTimer(room),
        RoomBecame(room, RoomState.CLOSED, error("1")),
    ]
    assert machine.rooms == ()


def test_a_first_join_without_a_reply_is_given_up_and_left() -> None:
    machine, room = opened(), made()
    machine.join(room)

    assert machine.fired(room) == [
        Transmit(leave("2")),
        CancelTimer(room),
        RoomBecame(room, RoomState.CLOSED, reason="timeout"),
    ]


def test_a_join_survives_the_loss_of_its_connection() -> None:
    machine, room = opened(), made()
    machine.join(room)

    suspended = machine.closed()
    machine.fired(machine)
    rejoined = machine.opened()

    assert RoomBecame(room, RoomState.ERRORED, reason="disconnected") in suspended
    assert Transmit(sent_join("2")) in rejoined
    assert machine.received(ok("1")) == []  # to the join that was lost
    assert machine.received(ok("2", join_ref="2"))[1].state is RoomState.JOINED  # type: ignore[union-attr]


def test_a_failed_try_to_connect_is_told_to_a_room_once() -> None:
    machine, room = joined()
    machine.closed()
    machine.fired(machine)

    assert [action for action in machine.closed() if isinstance(action, RoomBecame)] == []
    assert room.state is RoomState.ERRORED


def test_a_refused_later_join_is_tried_again_ever_later() -> None:
    machine, room = joined()
    machine.closed()
    machine.fired(machine)
    machine.opened()
    waits: list[float] = []

    for ref in ("2", "3", "4"):
        refused = machine.received(error(ref, join_ref=ref))
        waits += [seconds for _, seconds in timers(refused)]
        assert (
            RoomBecame(room, RoomState.ERRORED, error(ref, join_ref=ref), None, waits[-1])
            in refused
        )
        assert machine.fired(room)[0] == RoomBecame(room, RoomState.JOINING)

    assert waits == [1, 2, 2]


def test_a_grant_resets_the_tries() -> None:
    machine, room = joined()
    crash = Push(None, None, ROOM, "phx_error", {"reason": "channel_crash"})
    machine.received(crash)
    machine.fired(room)
    machine.received(ok("2", join_ref="2"))

    assert timers(machine.received(crash)) == [(room, 1)]


def test_a_later_join_without_a_reply_is_left_and_tried_again() -> None:
    machine, room = joined()
    machine.closed()
    machine.fired(machine)
    machine.opened()

    assert machine.fired(room) == [
        Transmit(leave("3", join_ref="2")),
        StartTimer(room, 1),
        RoomBecame(room, RoomState.ERRORED, reason="timeout", retry_in=1),
    ]


def test_a_room_that_waits_to_be_joined_again_is_joined_when_the_connection_is_back() -> None:
    machine, room = joined()
    machine.received(Push("1", "1", ROOM, "phx_error", {}))

    lost = machine.closed()
    machine.fired(machine)

    assert CancelTimer(room) in lost
    assert Transmit(sent_join("2")) in machine.opened()


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"reason": "overloaded"}, "overloaded"),
        ({}, "channel_crash"),
        ({"reason": 1}, "channel_crash"),
    ],
)
def test_an_error_fails_calls_and_is_joined_again(payload: dict[str, object], reason: str) -> None:
    machine, room = joined()
    asked = call(room)
    machine.push(asked)

    assert machine.received(Push("1", "1", ROOM, "phx_error", payload)) == [  # type: ignore[arg-type]
        StartTimer(room, 1),
        RoomBecame(room, RoomState.ERRORED, reason=reason, retry_in=1),
        CancelTimer(asked),
        Fail(asked, reason),
    ]


@pytest.mark.parametrize(
    ("payload", "reason"), [({"reason": "expired"}, "expired"), ({}, "closed")]
)
def test_a_close_is_for_good(payload: dict[str, str], reason: str) -> None:
    machine, room = joined()
    asked = call(room)
    machine.push(asked)

    assert machine.received(Push("1", "1", ROOM, "phx_close", {**payload})) == [
        CancelTimer(room),
        RoomBecame(room, RoomState.CLOSED, reason=reason),
        CancelTimer(asked),
        Fail(asked, reason),
    ]


@pytest.mark.parametrize("event", ["phx_close", "phx_error", "posted"])
def test_what_belongs_to_an_earlier_join_is_dropped(event: str) -> None:
    machine, room = joined()

    assert machine.received(Push("0", None, ROOM, event, {})) == []
    assert room.state is RoomState.JOINED


@pytest.mark.parametrize("event", ["phx_close", "phx_error", "posted"])
def test_what_comes_without_a_join_ref_while_the_room_is_errored_is_dropped(event: str) -> None:
    machine, room = joined()
    machine.received(Push("1", "1", ROOM, "phx_error", {}))

    assert machine.received(Push(None, None, ROOM, event, {})) == []
    assert room.state is RoomState.ERRORED


# Pushes of the program.


def test_a_call_resolves_with_its_reply() -> None:
    machine, room = joined()
    asked = call(room)

    assert machine.push(asked) == [
        StartTimer(asked, 5),
        Transmit(Push("1", "2", ROOM, "new_msg", {"body": "hi"})),
    ]
    assert machine.received(error("2")) == [CancelTimer(asked), Resolve(asked, error("2"))]
    assert machine.received(error("2")) == []


def test_a_reply_without_a_join_ref_is_a_reply() -> None:
    """To a topic without a member: protocol.md F."""
    machine, room = joined()
    asked = call(room)
    machine.push(asked)
    reply = error("2", "unmatched topic", join_ref=None)

    assert machine.received(reply) == [CancelTimer(asked), Resolve(asked, reply)]


def test_a_reply_without_a_ref_answers_nothing() -> None:
    machine, _ = joined()

    assert machine.received(ok(None)) == []


def test_a_push_that_expects_nothing_is_done_once_sent() -> None:
    machine, room = joined()
    said = call(room, expects=Expects.NOTHING)

    assert machine.push(said) == [
        StartTimer(said, 5),
        Transmit(Push("1", "2", ROOM, "new_msg", {"body": "hi"})),
        CancelTimer(said),
        Resolve(said, None),
    ]
    assert machine.received(ok("2")) == []


def test_a_call_without_a_reply_times_out() -> None:
    machine, room = joined()
    asked = call(room)
    machine.push(asked)

    assert machine.fired(asked) == [Fail(asked, "timeout")]
    assert machine.fired(asked) == []
    assert machine.received(ok("2")) == []


def test_pushes_wait_for_the_join_and_go_out_in_order() -> None:
    machine, room = ClientMachine(SETTINGS), made()
    machine.connect()
    machine.join(room)
    first, second = call(room, "first"), call(room, "second", expects=Expects.NOTHING)
    assert machine.push(first) == [StartTimer(first, 5)]
    assert machine.push(second) == [StartTimer(second, 5)]
    machine.opened()

    assert machine.received(ok("1")) == [
        CancelTimer(room),
        RoomBecame(room, RoomState.JOINED, ok("1")),
        Transmit(Push("1", "2", ROOM, "first", {"body": "hi"})),
        Transmit(Push("1", "3", ROOM, "second", {"body": "hi"})),
        CancelTimer(second),
        Resolve(second, None),
    ]


def test_pushes_wait_while_a_room_is_errored_and_no_more_than_the_bound() -> None:
    machine, room = joined()
    machine.closed()
    waiting, refused = [call(room), call(room)], call(room)
    for each in waiting:
        machine.push(each)

    assert machine.push(refused) == [Fail(refused, "full")]


def test_a_push_that_timed_out_while_it_waited_is_never_sent() -> None:
    machine, room = opened(), made()
    machine.join(room)
    asked = call(room)
    machine.push(asked)

    assert machine.fired(asked) == [Fail(asked, "timeout")]
    assert len(machine.received(ok("1"))) == 2


def test_a_push_is_not_sent_again_on_the_next_connection() -> None:
    machine, room = joined()
    machine.push(call(room))
    machine.closed()
    machine.fired(machine)
    machine.opened()

    assert len(machine.received(ok("3", join_ref="3"))) == 2


def test_an_abandoned_call_leaves_nothing() -> None:
    machine, room = joined()
    asked = call(room)
    machine.push(asked)

    assert machine.abandon(asked) == [CancelTimer(asked)]
    assert machine.abandon(asked) == []
    assert machine.received(ok("2")) == []


def test_a_push_to_a_closed_room_fails() -> None:
    machine, room = joined()
    machine.leave(room)
    asked = call(room)

    assert machine.push(asked) == [Fail(asked, "closed")]
    machine.received(ok("2"))
    assert machine.push(asked) == [Fail(asked, "closed")]


def test_what_waits_fails_with_the_refusal_of_the_join() -> None:
    machine, room = opened(), made()
    machine.join(room)
    asked = call(room)
    machine.push(asked)

    assert machine.received(error("1"))[-1] == Fail(asked, "room_full")


def test_a_refusal_without_a_reason_fails_what_waits_too() -> None:
    machine, room = opened(), made()
    machine.join(room)
    asked = call(room)
    machine.push(asked)

    assert machine.received(error("1")._replace(response="no"))[-1] == Fail(asked, "refused")


# What comes.


@pytest.mark.parametrize("join_ref", ["1", None])
def test_pushes_are_delivered(join_ref: str | None) -> None:
    machine, room = joined()
    push = Push(join_ref, None, ROOM, "posted", {"body": "hi"})

    assert machine.received(push) == [Deliver(room, push)]


def test_broadcasts_are_delivered() -> None:
    machine, room = joined()
    broadcast = Broadcast(ROOM, "posted", {})

    assert machine.received(broadcast) == [Deliver(room, broadcast)]


def test_items_of_a_stream_go_to_its_call_and_give_it_time() -> None:
    machine, room = joined()
    asked = call(room, "history", expects=Expects.STREAM)
    machine.push(asked)
    item = Push("1", "2", ROOM, "posted", {})

    assert machine.received(item) == [StartTimer(asked, 5), Item(asked, item)]
    assert machine.received(ok("2")) == [CancelTimer(asked), Resolve(asked, ok("2"))]
    assert machine.received(item) == []


def test_items_for_what_asked_for_no_stream_are_dropped() -> None:
    machine, room = joined()
    machine.push(call(room))

    assert machine.received(Push("1", "2", ROOM, "posted", {})) == []


# Leaving.


def test_leaving_waits_for_the_reply() -> None:
    machine, room = joined()
    asked = call(room)
    machine.push(asked)

    assert machine.leave(room) == [
        RoomBecame(room, RoomState.LEAVING),
        Transmit(leave("3")),
        StartTimer(room, 8),
    ]
    assert machine.received(ok("3")) == [
        CancelTimer(room),
        RoomBecame(room, RoomState.CLOSED, reason="left"),
        CancelTimer(asked),
        Fail(asked, "left"),
    ]


@pytest.mark.parametrize("event", ["phx_close", "phx_error"])
def test_the_end_of_the_member_is_the_end_of_leaving(event: str) -> None:
    machine, room = joined()
    machine.leave(room)

    ended = machine.received(Push("1", "1", ROOM, event, {}))

    assert ended == [CancelTimer(room), RoomBecame(room, RoomState.CLOSED, reason="left")]


def test_leaving_without_a_reply_ends_in_time() -> None:
    machine, room = joined()
    machine.leave(room)

    assert machine.fired(room)[1] == RoomBecame(room, RoomState.CLOSED, reason="left")
    assert machine.rooms == ()


def test_leaving_twice_is_leaving_once() -> None:
    machine, room = joined()
    machine.leave(room)

    assert machine.leave(room) == []


def test_what_comes_while_leaving_is_delivered() -> None:
    machine, room = joined()
    machine.leave(room)
    broadcast = Broadcast(ROOM, "posted", {})

    assert machine.received(broadcast) == [Deliver(room, broadcast)]


def test_a_room_that_is_not_joined_on_this_connection_is_left_at_once() -> None:
    machine, room = joined()
    machine.closed()

    assert machine.leave(room) == [
        CancelTimer(room),
        RoomBecame(room, RoomState.CLOSED, reason="left"),
    ]


def test_the_late_grant_of_a_room_that_is_left_counts_for_nothing() -> None:
    machine, room = opened(), made()
    machine.join(room)
    machine.leave(room)

    assert machine.received(ok("1")) == []
    assert room.state is RoomState.LEAVING


def test_a_call_says_what_it_is() -> None:
    assert repr(call(made())) == "<Call 'new_msg' on 'room:1', ref None>"

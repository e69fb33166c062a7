"""The session: each cell of its table, and what goes beyond one (protocol.md B1.3 to B1.6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import JsonValue

from channelkit.errors import RemoteProtocolError
from channelkit.exits import (
    BadEncoding,
    BadFrame,
    ConnectionLost,
    Crashed,
    Exit,
    Left,
    Overloaded,
    Replaced,
    ShutDown,
    Stopped,
)
from channelkit.limits import Limits
from channelkit.member import Member
from channelkit.session import Close, Deliver, Send, Session, Start, Stop
from channelkit.transitions import State
from channelkit.wire import Push, Ref, Reply, refused

from .given import (
    ROOM,
    closed,
    crashed,
    error,
    event,
    heartbeat,
    join,
    joined,
    joining,
    leave,
    leaving,
    ok,
    route,
    session,
    unmatched,
)

# The heartbeat.


@pytest.mark.parametrize("join_ref", [None, "5"])
def test_a_heartbeat_is_answered_without_a_join_ref(join_ref: Ref) -> None:
    on = session()

    actions = on.receive(heartbeat("7", join_ref=join_ref))

    assert actions == [Send(Reply(None, "7", "phoenix", "ok", {}))]


def test_a_heartbeat_without_a_ref_is_answered_too() -> None:
    on = session()

    actions = on.receive(heartbeat(None))

    assert actions == [Send(Reply(None, None, "phoenix", "ok", {}))]


def test_a_heartbeat_does_not_wait_for_a_pending_join() -> None:
    on = session()
    joining(on)

    actions = on.receive(heartbeat())

    assert actions == [ok(heartbeat())]


def test_another_event_on_phoenix_is_unmatched() -> None:
    on = session()
    push = event(topic="phoenix")

    actions = on.receive(push)

    assert actions == [unmatched(push)]


def test_a_heartbeat_on_another_topic_is_an_event() -> None:
    on = session()
    push = event(name="heartbeat")

    actions = on.receive(push)

    assert actions == [unmatched(push)]


def test_nobody_joins_phoenix_even_where_a_route_would_take_it() -> None:
    on = session(None, route("{anything*}", anything=str))
    push = join("phoenix")

    actions = on.receive(push)

    assert actions == [unmatched(push)]
    assert on.members == ()


# A topic without a member.


def test_a_join_starts_a_member() -> None:
    on = session()

    actions = on.receive(join())

    (member,) = on.members
    assert actions == [Start(member)]
    assert (member.topic, member.join, member.state) == (ROOM, join(), State.JOINING)
    assert member.match.parameters == {"room_id": 1}
    assert member.replaced is None


@pytest.mark.parametrize("topic", ["lobby", "room", "room:", "room:x", "room:01", "room:1:2", ""])
def test_a_join_that_no_route_takes_is_unmatched(topic: str) -> None:
    on = session()

    actions = on.receive(join(topic))

    assert actions == [unmatched(join(topic))]
    assert on.members == ()


def test_an_unmatched_join_has_no_join_ref_in_its_reply() -> None:
    on = session()

    actions = on.receive(join("lobby", ref="3", join_ref="2"))

    response = refused("unmatched topic")
    assert actions == [Send(Reply(None, "3", "lobby", "error", response))]


def test_one_join_too_many_is_refused() -> None:
    on = session(Limits(topics=2))
    joined(on, join("room:1"))
    joining(on, join("room:2", ref="2"))
    third = join("room:3", ref="3")

    actions = on.receive(third)

    assert actions == [error(third, "too many channels joined")]


def test_a_member_that_leaves_still_counts_as_joined() -> None:
    on = session(Limits(topics=1))
    leaving(on)
    other = join("room:2", ref="2")

    actions = on.receive(other)

    assert actions == [error(other, "too many channels joined")]


def test_an_unmatched_join_at_the_limit_is_unmatched() -> None:
    on = session(Limits(topics=1))
    joined(on)

    actions = on.receive(join("lobby", ref="2"))

    assert actions == [unmatched(join("lobby", ref="2"))]


def test_there_is_room_again_when_a_member_has_ended() -> None:
    on = session(Limits(topics=1))
    on.ended(joined(on), Stopped())

    actions = on.receive(join("room:2", ref="2"))

    (member,) = on.members
    assert actions == [Start(member)]


@pytest.mark.parametrize("topic", [ROOM, "lobby"])
@pytest.mark.parametrize("join_ref", ["1", None])
def test_a_leave_of_nobody_is_ok_and_echoes_the_join_ref(topic: str, join_ref: Ref) -> None:
    on = session()
    push = leave(topic=topic, join_ref=join_ref)

    actions = on.receive(push)

    assert actions == [ok(push)]


@pytest.mark.parametrize("topic", [ROOM, "lobby"])
def test_an_event_for_nobody_is_unmatched_each_time(topic: str) -> None:
    on = session()

    actions = on.receive(event("2", topic=topic)) + on.receive(event(None, topic=topic))

    assert actions == [unmatched(event("2", topic=topic)), unmatched(event(None, topic=topic))]


@pytest.mark.parametrize("name", ["phx_close", "phx_error", "phx_reply", "presence_diff"])
def test_the_servers_own_events_are_ordinary_when_a_client_sends_them(name: str) -> None:
    on = session()
    member = joined(on)

    actions = on.receive(event(name=name)) + on.receive(event(name=name, topic="room:2"))

    elsewhere = event(name=name, topic="room:2")
    assert actions == [Deliver(member, event(name=name)), unmatched(elsewhere)]


# A pending join.


@pytest.mark.parametrize(
    "push",
    [join(ref="2"), leave(), leave(join_ref=None), event(), event(join_ref="0")],
    ids=["join", "leave", "leave, null", "event", "stale event"],
)
def test_a_pending_join_holds_everything_for_its_topic(push: Push) -> None:
    on = session()
    joining(on)

    actions = on.receive(push)

    assert actions == []


def test_a_pending_join_holds_up_no_other_topic() -> None:
    on = session()
    other = joined(on, join("room:2", ref="2"))
    joining(on)
    push = event(topic="room:2", join_ref="2")

    actions = on.receive(push)

    assert actions == [Deliver(other, push)]


def test_a_granted_join_is_answered_with_its_response() -> None:
    on = session()
    member = joining(on)

    actions = on.granted(member, {"members": 3})

    assert actions == [ok(join(), {"members": 3})]
    assert on.members == (member,)
    assert member.state is State.JOINED


def test_what_was_held_follows_the_joins_reply_in_order() -> None:
    on = session()
    member = joining(on)
    for ref in ("2", "3"):
        on.receive(event(ref))
    on.receive(event("4", join_ref="0"))
    on.receive(leave("5"))
    on.receive(event("6"))

    actions = on.granted(member, {})

    assert actions == [
        ok(join()),
        Deliver(member, event("2")),
        Deliver(member, event("3")),
        Deliver(member, leave("5")),
    ]
    assert member.state is State.LEAVING
    assert on.ended(member, Left()) == [ok(leave("5")), closed(member), unmatched(event("6"))]


def test_a_refused_join_is_answered_and_gone() -> None:
    on = session()
    member = joining(on)
    response: JsonValue = {"reason": "room_full", "limit": 50}

    actions = on.refused(member, response)

    assert actions == [Send(Reply("1", "1", ROOM, "error", response))]
    assert on.members == ()
    assert member.state is State.ABSENT


def test_what_was_held_for_a_refused_join_finds_no_member() -> None:
    on = session()
    member = joining(on)
    on.receive(event("2"))
    on.receive(leave("3"))
    on.receive(join(ref="4"))
    on.receive(event("5", join_ref="4"))

    actions = on.refused(member, refused("unauthorized"))

    (second,) = on.members
    assert actions == [
        error(join(), "unauthorized"),
        unmatched(event("2")),
        ok(leave("3")),
        Start(second),
    ]
    assert on.granted(second, {}) == [
        ok(join(ref="4")),
        Deliver(second, event("5", join_ref="4")),
    ]


def test_a_join_that_ends_without_a_verdict_has_crashed() -> None:
    on = session()
    member = joining(on)
    on.receive(event())

    actions = on.ended(member, Crashed(RuntimeError()))

    assert actions == [error(join(), "join crashed"), unmatched(event())]
    assert on.members == ()


# A member.


@pytest.mark.parametrize("join_ref", ["1", None])
def test_an_event_is_delivered_where_its_join_ref_is_null_or_the_members(join_ref: Ref) -> None:
    on = session()
    member = joined(on)
    push = event(join_ref=join_ref)

    actions = on.receive(push)

    assert actions == [Deliver(member, push)]


@pytest.mark.parametrize("join_ref", ["0", "", 1, True, ["1"], {"1": 1}], ids=repr)
def test_a_stale_push_or_leave_is_dropped_in_silence(join_ref: Ref) -> None:
    on = session()
    member = joined(on)

    actions = on.receive(event(join_ref=join_ref)) + on.receive(leave(join_ref=join_ref))

    assert actions == []
    assert member.state is State.JOINED


def test_a_join_is_never_stale() -> None:
    on = session()
    old = joined(on)

    actions = on.receive(join(ref="5", join_ref="0"))

    (new,) = on.members
    assert actions == [Stop(old, Replaced()), Start(new)]


@pytest.mark.parametrize("join_ref", ["1", None])
def test_a_leave_goes_through_the_inbox_so_that_it_comes_last(join_ref: Ref) -> None:
    on = session()
    member = joined(on)
    push = leave(join_ref=join_ref)

    actions = on.receive(push)

    assert actions == [Deliver(member, push)]
    assert member.state is State.LEAVING


def test_a_second_join_replaces_the_first() -> None:
    on = session()
    old = joined(on)

    actions = on.receive(join(ref="2"))

    (new,) = on.members
    assert actions == [Stop(old, Replaced()), Start(new)]
    assert new.replaced is old
    assert (old.state, new.state) == (State.ABSENT, State.JOINING)


def test_a_replaced_members_close_follows_the_new_joins_reply() -> None:
    on = session()
    old = joined(on)
    new = joining(on, join(ref="2"))
    on.receive(event("3", join_ref="2"))
    on.receive(event("4", join_ref="1"))

    actions = on.granted(new, {})

    assert actions == [
        ok(join(ref="2")),
        closed(old),
        Deliver(new, event("3", join_ref="2")),
    ]
    assert new.replaced is None


def test_a_replaced_member_is_gone_even_if_the_new_join_is_refused() -> None:
    on = session()
    old = joined(on)
    new = joining(on, join(ref="2"))

    actions = on.refused(new, refused("unauthorized"))

    assert actions == [error(join(ref="2"), "unauthorized"), closed(old)]
    assert on.members == ()


def test_a_replaced_members_end_is_told_once_whatever_it_died_of() -> None:
    on = session()
    old = joined(on)
    new = joining(on, join(ref="2"))

    actions = on.ended(old, Crashed(RuntimeError()))

    assert actions == []
    assert on.granted(new, {}) == [ok(join(ref="2")), closed(old)]


def test_what_a_replaced_member_never_handled_is_answered_before_the_new_joins_reply() -> None:
    on = session()
    old = joined(on)
    joining(on, join(ref="2"))

    assert on.ended(old, Replaced(), [event()]) == [unmatched(event())]


def test_what_was_never_handled_is_answered_no_more_once_the_link_is_closed() -> None:
    on = session()
    old = joined(on)
    on.closed(ConnectionLost())

    assert on.ended(old, ConnectionLost(), [event()]) == []


def test_a_third_join_waits_for_the_second() -> None:
    on = session()
    joined(on)
    second = joining(on, join(ref="2"))
    held = on.receive(join(ref="3"))

    actions = on.granted(second, {})

    (third,) = on.members
    assert held == []
    assert actions[2:] == [Stop(second, Replaced()), Start(third)]
    assert on.granted(third, {}) == [ok(join(ref="3")), closed(second)]


def test_a_second_join_is_no_join_too_many() -> None:
    on = session(Limits(topics=1))
    old = joined(on)

    actions = on.receive(join(ref="2"))

    (new,) = on.members
    assert actions == [Stop(old, Replaced()), Start(new)]


@pytest.mark.parametrize("reason", [Stopped(), Left(), ShutDown(), ConnectionLost()], ids=repr)
def test_a_member_that_ends_in_peace_is_closed(reason: Exit) -> None:
    on = session()
    member = joined(on)

    actions = on.ended(member, reason)

    assert actions == [closed(member)]
    assert on.members == ()


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Crashed(RuntimeError("secret")), "channel_crash"),
        (Stopped("secret"), "channel_crash"),
        (Stopped(""), "channel_crash"),
        (Overloaded(), "overloaded"),
    ],
    ids=["crashed", "stopped with an error", "stopped with an empty error", "overloaded"],
)
def test_a_member_that_breaks_ends_in_an_error_that_tells_no_secret(
    reason: Exit, told: str
) -> None:
    on = session()
    member = joined(on)

    actions = on.ended(member, reason)

    assert actions == [crashed(member, told)]


def test_what_a_member_never_handled_is_answered_as_for_nobody() -> None:
    on = session()
    member = joined(on)
    for ref in ("2", "3"):
        on.receive(event(ref))
    on.taken(member)

    actions = on.ended(member, Crashed(RuntimeError()), [event("3")])

    assert actions == [crashed(member), unmatched(event("3"))]


def test_a_topic_can_be_joined_again_after_a_crash() -> None:
    on = session()
    on.ended(joined(on), Crashed(RuntimeError()))

    actions = on.receive(join(ref="3"))

    (member,) = on.members
    assert actions == [Start(member)]
    assert member.replaced is None


# A leave.


@pytest.mark.parametrize(
    "push",
    [join(ref="2"), leave("10"), event(), event(join_ref=None), event(join_ref="0")],
    ids=["join", "leave", "event", "event, null", "stale event"],
)
def test_a_leave_holds_everything_for_its_topic(push: Push) -> None:
    on = session()
    leaving(on)

    actions = on.receive(push)

    assert actions == []


def test_a_leave_is_answered_before_the_close() -> None:
    on = session()
    member = leaving(on)

    actions = [*on.left(member), *on.ended(member, Left())]

    assert actions == [ok(leave()), closed(member)]


def test_a_leave_is_answered_once() -> None:
    on = session()
    member = leaving(on)

    actions = [*on.left(member), *on.left(member)]

    assert actions == [ok(leave())]


def test_a_leave_is_answered_even_if_the_member_breaks_before_its_turn() -> None:
    on = session()
    member = joined(on)
    on.receive(event("2"))
    on.receive(leave())
    on.receive(event("10"))

    actions = on.ended(member, Crashed(RuntimeError()), [event("2")])

    assert actions == [
        ok(leave()),
        closed(member),
        unmatched(event("2")),
        unmatched(event("10")),
    ]


def test_a_join_straight_after_a_leave_gets_its_turn() -> None:
    """Phoenix mostly gives the leave no reply here (protocol.md part F)."""
    on = session()
    old = leaving(on)
    on.receive(join(ref="10"))

    actions = on.ended(old, Left())

    (new,) = on.members
    assert actions == [ok(leave()), closed(old), Start(new)]
    assert on.granted(new, {}) == [ok(join(ref="10"))]


def test_a_second_leave_is_ok_after_the_first() -> None:
    on = session()
    member = leaving(on)
    on.receive(leave("10"))

    actions = on.ended(member, Left())

    assert actions == [ok(leave()), closed(member), ok(leave("10"))]


def test_an_event_after_a_leave_is_unmatched() -> None:
    on = session()
    member = leaving(on)
    on.receive(event("10"))

    actions = on.ended(member, Left())

    assert actions == [ok(leave()), closed(member), unmatched(event("10"))]


# Refs are opaque, and a join may have no join_ref (B1.3 rule 7).


@pytest.mark.parametrize("ref", [None, 1, 1.5, True, "", "x" * 100_000, [1], {"a": None}])
def test_a_ref_is_echoed_whatever_it_is(ref: Ref) -> None:
    on = session()

    actions = on.receive(heartbeat(ref)) + on.granted(joining(on, join(ref=ref)), {})

    assert actions == [ok(heartbeat(ref)), ok(join(ref=ref))]


def test_a_join_without_a_join_ref_is_answered_and_closed_without_one() -> None:
    on = session()
    push = join(ref="1", join_ref=None)
    member = joining(on, push)

    actions = [*on.granted(member, {}), *on.ended(member, Stopped())]

    assert actions == [
        Send(Reply(None, "1", ROOM, "ok", {})),
        Send(Push(None, None, ROOM, "phx_close", {})),
    ]


def test_a_join_without_a_join_ref_lends_its_ref_to_the_replies_after_it() -> None:
    on = session()
    member = joined(on, join(ref="1", join_ref=None))
    on.receive(leave(join_ref=None))

    actions = on.left(member)

    assert actions == [Send(Reply("1", "9", ROOM, "ok", {}))]


def test_a_join_without_a_join_ref_owns_no_push_that_has_one() -> None:
    on = session()
    joined(on, join(ref="1", join_ref=None))

    actions = on.receive(event(join_ref="1"))

    assert actions == []


# A verdict, or an end, that comes too late.


def refused_member(on: Session) -> Member:
    member = joining(on)
    on.refused(member, {})
    return member


def ended_member(on: Session) -> Member:
    member = joined(on)
    on.ended(member, Stopped())
    return member


def replaced_member(on: Session) -> Member:
    member = joined(on)
    on.receive(join(ref="2"))
    return member


@pytest.mark.parametrize("given", [joined, leaving, refused_member, ended_member, replaced_member])
def test_a_second_verdict_counts_for_nothing(given: Callable[[Session], Member]) -> None:
    on = session()
    member = given(on)
    before = on.members

    actions = [*on.granted(member, {}), *on.refused(member, {})]

    assert actions == []
    assert on.members == before


def test_a_member_ends_once() -> None:
    on = session()
    member = joined(on)
    on.ended(member, Stopped())
    again = joined(on, join(ref="2"))

    actions = [*on.ended(member, Stopped()), *on.left(member)]

    assert actions == []
    assert on.members == (again,)


def test_only_a_member_that_leaves_has_left() -> None:
    on = session()
    member = joining(on)
    early = on.left(member)
    on.granted(member, {})

    actions = on.left(member)

    assert early == actions == []


# Frames that hold no envelope.


def violation(ref: Ref = "5", topic: str | None = ROOM) -> RemoteProtocolError:
    return RemoteProtocolError("x", close_code=1007, has_ref=True, ref=ref, topic=topic)


def test_a_frame_that_is_no_envelope_is_answered_where_a_ref_could_be_read() -> None:
    on = session()

    actions = on.violated(violation()) + on.violated(violation(None, None))

    response = refused("invalid message")
    assert actions == [
        Send(Reply(None, "5", ROOM, "error", response)),
        Send(Reply(None, None, "phoenix", "error", response)),
    ]


def test_the_third_such_frame_closes() -> None:
    on = session()
    on.violated(violation())
    on.receive(heartbeat())
    on.violated(violation())

    actions = on.violated(violation())

    assert actions == [Close(BadEncoding())]


@pytest.mark.parametrize(
    ("code", "reason"), [(1007, BadEncoding()), (1002, BadFrame(1002)), (1003, BadFrame(1003))]
)
def test_a_frame_without_a_ref_closes_at_once(code: int, reason: Exit) -> None:
    on = session()

    actions = on.violated(RemoteProtocolError("x", close_code=code))

    assert actions == [Close(reason)]


# Full inboxes.


def filled(on: Session, inbox: int, topic: str = ROOM, ref: str = "1") -> None:
    for n in range(inbox):
        on.receive(event(f"{topic} {n}", topic=topic, join_ref=ref))


def test_a_full_inbox_clogs_the_session_until_half_of_it_is_handled() -> None:
    on = session(Limits(inbox=4))
    member = joined(on)

    clogged: list[Member | None] = []
    for n in range(4):
        on.receive(event(f"{n}"))
        clogged.append(on.clogged)
    for _ in range(4):
        on.taken(member)
        clogged.append(on.clogged)

    assert clogged == [None, None, None, member, member, None, None, None]


@pytest.mark.parametrize("pending", [joining, leaving])
def test_held_input_counts_as_inbox(pending: Callable[[Session], Member]) -> None:
    on = session(Limits(inbox=2))
    member = pending(on)

    on.receive(event("10"))
    on.receive(event("11"))

    assert on.clogged is member


def test_a_verdict_makes_room() -> None:
    on = session(Limits(inbox=2))
    member = joining(on)
    filled(on, 2)

    on.refused(member, {})

    assert on.clogged is None


def test_what_was_held_can_fill_the_inbox_again() -> None:
    on = session(Limits(inbox=2))
    member = joining(on)
    filled(on, 2)

    on.granted(member, {})

    assert on.clogged is member
    assert member.backlog == 2


def test_an_end_makes_room() -> None:
    on = session(Limits(inbox=2))
    member = joined(on)
    filled(on, 2)

    on.ended(member, Stopped())

    assert on.clogged is None


def test_a_stalled_inbox_answers_overloaded_and_lets_the_reading_go_on() -> None:
    on = session(Limits(inbox=2))
    member = joined(on)
    filled(on, 2)
    on.stalled(member)

    actions = on.receive(event("3")) + on.receive(heartbeat())

    assert actions == [error(event("3"), "overloaded"), ok(heartbeat())]
    assert on.clogged is None


@pytest.mark.parametrize("push", [join(ref="5"), leave(), event(), event(join_ref="0")])
def test_a_stalled_pending_join_answers_overloaded_to_all_that_it_would_hold(push: Push) -> None:
    on = session(Limits(inbox=1))
    member = joining(on)
    filled(on, 1)
    on.stalled(member)

    actions = on.receive(push)

    assert actions == [error(push, "overloaded")]


@pytest.mark.parametrize("push", [join(ref="5"), leave("10"), event(), event(join_ref="0")])
def test_a_stalled_leave_answers_overloaded_to_all_that_it_would_hold(push: Push) -> None:
    on = session(Limits(inbox=1))
    member = leaving(on)
    on.stalled(member)

    actions = on.receive(push)

    assert actions == [error(push, "overloaded")]


def test_a_stalled_member_can_still_be_left_and_joined_again() -> None:
    on = session(Limits(inbox=1))
    stuck = joined(on)
    filled(on, 1)
    on.stalled(stuck)
    other = joined(on, join("room:2", ref="2"))
    filled(on, 1, "room:2", "2")
    on.stalled(other)

    left = on.receive(leave())
    joined_again = on.receive(join("room:2", ref="3"))

    _, new = on.members
    assert left == [Deliver(stuck, leave())]
    assert joined_again == [Stop(other, Replaced()), Start(new)]


def test_a_stale_push_to_a_stalled_member_stays_unanswered() -> None:
    on = session(Limits(inbox=1))
    member = joined(on)
    filled(on, 1)
    on.stalled(member)

    actions = on.receive(event(join_ref="0"))

    assert actions == []


def test_a_stalled_inbox_takes_pushes_again_once_half_of_it_is_handled() -> None:
    on = session(Limits(inbox=2))
    member = joined(on)
    filled(on, 2)
    on.stalled(member)
    on.taken(member)

    actions = on.receive(event("3")) + on.receive(event("4"))

    assert actions == [Deliver(member, event("3")), Deliver(member, event("4"))]
    assert on.clogged is member


def test_a_stalled_inbox_that_moves_a_little_holds_the_reading_up_no_more() -> None:
    on = session(Limits(inbox=4))
    member = joined(on)
    filled(on, 4)
    on.taken(member)
    on.stalled(member)

    actions = on.receive(event("5")) + on.receive(event("6"))

    assert actions == [Deliver(member, event("5")), error(event("6"), "overloaded")]
    assert on.clogged is None


def test_of_two_full_inboxes_the_second_clogs_when_the_first_has_room() -> None:
    on = session(Limits(inbox=1))
    held = joining(on, join("room:2", ref="2"))
    filled(on, 1, "room:2", "2")
    on.stalled(held)
    first = joined(on)
    filled(on, 1)
    on.granted(held, {})

    before = on.clogged
    on.taken(first)

    assert before is first
    assert on.clogged is held


def test_a_stall_of_somebody_else_leaves_the_clogged_one_clogged() -> None:
    on = session(Limits(inbox=1))
    member = joined(on)
    other = joined(on, join("room:2", ref="2"))
    filled(on, 1)

    on.stalled(other)

    assert on.clogged is member


def test_a_clogged_member_that_is_replaced_clogs_no_more() -> None:
    on = session(Limits(inbox=2))
    joined(on)
    filled(on, 2)

    on.receive(join(ref="4"))

    assert on.clogged is None


# The end of the link.


def test_when_the_link_is_over_every_member_stops_for_its_reason() -> None:
    on = session(Limits(inbox=1))
    one, two, three = joined(on), joining(on, join("room:2")), joined(on, join("room:3"))
    on.receive(leave(topic="room:3"))

    actions = on.closed(ConnectionLost())

    assert actions == [Stop(member, ConnectionLost()) for member in (one, two, three)]
    assert on.members == ()
    assert on.clogged is None


def test_when_the_link_is_over_nothing_is_sent_any_more() -> None:
    on = session()
    pending, member = joining(on), joined(on, join("room:2"))
    on.closed(ShutDown())

    actions = [
        *on.receive(heartbeat()),
        *on.receive(join("room:3")),
        *on.violated(violation()),
        *on.granted(pending, {}),
        *on.refused(pending, {}),
        *on.left(member),
        *on.ended(member, ShutDown(), [event()]),
        *on.closed(ShutDown()),
    ]

    assert actions == []


def test_a_member_says_who_it_is_where_it_is_printed() -> None:
    member = joined(session(), join(ref=3))

    assert repr(member) == "<Member 'room:1' 3 JOINED>"

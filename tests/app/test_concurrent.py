from __future__ import annotations

import anyio
import pytest

from channelkit import Limits, exits
from channelkit.testing import Ended, connect
from channelkit.wire import Reply

from .rooms import Count, JoinRoom, Journal, Room, Say, make_endpoint

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)


async def test_a_concurrent_event_does_not_hold_the_others() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        push = ann.push(str(ROOM), "beside", {"body": "abc"}, join_ref=room.join_ref)
        assert await room.call(Room.counted, Say(body="x")) == Count(n=1)
        journal.gate.set()
        reply = await ann.replied(push, lambda: "no reply")

    assert reply == Reply(room.join_ref, push.ref, str(ROOM), "ok", {"n": 3})


async def test_at_the_bound_the_next_concurrent_event_waits() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal, Limits(concurrent=2))) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        pushes = [
            ann.push(str(ROOM), "beside", {"body": "x" * n}, join_ref=room.join_ref)
            for n in range(1, 4)
        ]
        await anyio.wait_all_tasks_blocked()
        running = sorted(journal.lines)
        journal.gate.set()
        replies = [await ann.replied(push, lambda: "no reply") for push in pushes]

    assert running == ["beside x", "beside xx"]
    assert [reply.response for reply in replies] == [{"n": 1}, {"n": 2}, {"n": 3}]


async def test_a_concurrent_handler_that_raises_ends_the_member() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.send(Room.beside, Say(body="crash"))
        journal.gate.set()

        assert await room.expect_ended() == Ended("phx_error", "channel_crash")

    [(_, exit_)] = journal.exits
    assert isinstance(exit_, exits.Crashed)


async def test_a_leave_waits_for_concurrent_handlers() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        push = ann.push(str(ROOM), "beside", {"body": "x"}, join_ref=room.join_ref)
        leave = ann.push(str(ROOM), "phx_leave", {}, join_ref=room.join_ref)
        await ann.heartbeat()
        journal.gate.set()
        await room.expect_ended()

    refs = [envelope.ref for envelope in ann.received if isinstance(envelope, Reply)]
    assert refs[-2:] == [push.ref, leave.ref]


async def test_a_lost_connection_cancels_concurrent_handlers() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.send(Room.beside, Say(body="x"))
        await ann.heartbeat()
        ann.drop()

    assert journal.exits == [("ann", exits.ConnectionLost())]


async def test_what_waits_at_the_bound_when_its_member_is_replaced_is_told_so() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal, Limits(concurrent=1))) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        running, waiting, behind = (
            ann.push(str(ROOM), "beside", {"body": "x"}, join_ref=room.join_ref) for _ in range(3)
        )
        await anyio.wait_all_tasks_blocked()
        await ann.join(ROOM, Room.join, JoinRoom())
        replies = [one for one in ann.received if isinstance(one, Reply)][1:-1]

    assert journal.lines == ["beside x"]
    assert replies == [
        Reply(room.join_ref, running.ref, str(ROOM), "error", {"reason": "channel closed"}),
        Reply(None, waiting.ref, str(ROOM), "error", {"reason": "unmatched topic"}),
        Reply(None, behind.ref, str(ROOM), "error", {"reason": "unmatched topic"}),
    ]


async def test_what_waits_at_the_bound_when_a_handler_stops_the_member_is_not_begun() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal, Limits(concurrent=1))) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        stopping, waiting = (
            ann.push(str(ROOM), "beside", {"body": body}, join_ref=room.join_ref)
            for body in ("stop", "x")
        )
        await anyio.wait_all_tasks_blocked()
        journal.gate.set()
        await room.expect_ended()
        replies = [one for one in ann.received if isinstance(one, Reply)][1:]

    assert journal.lines == ["beside stop"]
    assert replies == [
        Reply(room.join_ref, stopping.ref, str(ROOM), "ok", {"n": 4}),
        Reply(None, waiting.ref, str(ROOM), "error", {"reason": "unmatched topic"}),
    ]


@pytest.mark.trio_clock
async def test_a_concurrent_handler_that_outlasts_a_leave_is_cut_short_and_answered() -> None:
    async with connect(make_endpoint(Journal()), patience=60) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        push = ann.push(str(ROOM), "beside", {"body": "x"}, join_ref=room.join_ref)
        leave = ann.push(str(ROOM), "phx_leave", {}, join_ref=room.join_ref)
        await room.expect_ended()

    replies = [one for one in ann.received if isinstance(one, Reply)][1:]
    assert replies == [
        Reply(room.join_ref, push.ref, str(ROOM), "error", {"reason": "channel closed"}),
        Reply(room.join_ref, leave.ref, str(ROOM), "ok", {}),
    ]

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

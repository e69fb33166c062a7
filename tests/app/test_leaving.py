from __future__ import annotations

import pytest

from channelkit import exits
from channelkit.testing import Closed, Ended, connect
from channelkit.wire import Push, Reply

from .rooms import (
    Boom,
    Count,
    JoinRoom,
    Journal,
    Login,
    Room,
    Said,
    Say,
    Tick,
    Welcome,
    make_endpoint,
)

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)


async def test_a_leave_is_answered_then_closed_and_on_leave_ran_once() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.leave()

    assert room.ended == Ended("phx_close")
    assert journal.exits == [("ann", exits.Left())]


async def test_a_leave_waits_for_what_was_sent_before_it() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)
        await room.send(Room.wait, Say(body="x"))
        await room.send(Room.counted, Say(body="x"))
        leave = ann.push(str(ROOM), "phx_leave", {}, join_ref=room.join_ref)
        await ann.heartbeat()
        before = len(ann.received)
        journal.gate.set()
        await room.expect_ended()

    assert ann.received[before:] == [
        Reply(room.join_ref, "2", str(ROOM), "ok", {"n": 0}),
        Reply(room.join_ref, "3", str(ROOM), "ok", {"n": 1}),
        Reply(room.join_ref, leave.ref, str(ROOM), "ok", {}),
        Push(room.join_ref, room.join_ref, str(ROOM), "phx_close", {}),
    ]


@pytest.mark.trio_clock
async def test_a_leave_cancels_a_handler_that_is_stuck() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal), patience=60) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.send(Room.wait, Say(body="x"))
        await room.leave()

    assert journal.exits == [("ann", exits.Left())]


async def test_what_follows_a_leave_finds_no_member() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.leave()
        push = ann.push(str(ROOM), "say", {"body": "x"}, join_ref=room.join_ref)
        reply = await ann.replied(push, lambda: "no reply")

    assert (reply.join_ref, reply.response) == (None, {"reason": "unmatched topic"})


async def test_no_broadcast_follows_a_leaves_reply() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)
        await room.leave()
        await endpoint.broadcast(ROOM, Said(name="bob", body="late"))
        await room.expect_nothing()


@pytest.mark.parametrize(
    ("code", "reason"), [(1000, ""), (4000, "see you")], ids=["normal", "own code"]
)
async def test_a_close_by_the_peer_ends_its_members_with_code_and_reason(
    code: int, reason: str
) -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        await ann.join(ROOM, Room.join, JoinRoom())
        ann.close(code, reason)

    assert journal.exits == [("ann", exits.Closed(code, reason))]


async def test_a_lost_connection_ends_its_members() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        await ann.join(ROOM, Room.join, JoinRoom())
        ann.drop()

    assert journal.exits == [("ann", exits.ConnectionLost())]


async def test_a_lost_connection_cancels_a_running_handler() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.send(Room.wait, Say(body="x"))
        ann.drop()

    assert journal.exits == [("ann", exits.ConnectionLost())]


async def test_a_join_that_is_pending_when_the_peer_goes_grants_nothing() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        ann.push(str(ROOM), "phx_join", {"how": "wait"}, join_ref="1")
        await ann.heartbeat()
        ann.drop()

    assert journal.exits == []


async def test_a_crash_ends_with_what_was_raised() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.send(Room.crash, Say(body="x"))
        await room.expect_ended()

    [(_, exit_)] = journal.exits
    assert isinstance(exit_, exits.Crashed)
    assert str(exit_.error) == "event went wrong"


@pytest.mark.parametrize(
    ("error", "ended"),
    [("", Ended("phx_close")), ("tired", Ended("phx_error", "channel_crash"))],
    ids=["normally", "with an error"],
)
async def test_a_stop_takes_effect_after_the_reply(error: str, ended: Ended) -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.call(Room.stop_now, Say(body=error))

        assert await room.expect_ended() == ended

    assert journal.exits == [("ann", exits.Stopped(error or None))]


async def test_closing_the_socket_takes_effect_after_the_reply() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.call(Room.close, Say(body="enough"))

        assert await ann.expect_closed() == Closed(4001, "enough")

    assert journal.exits == [("ann", exits.Disconnected(4001, "enough"))]


async def test_a_disconnect_by_id_closes_all_sockets_of_that_id() -> None:
    journal = Journal()
    endpoint = make_endpoint(journal)
    async with (
        connect(endpoint) as one,
        connect(endpoint) as other,
        connect(endpoint, Login(name="bob")) as bob,
    ):
        await one.join(ROOM, Room.join, JoinRoom())
        his, _ = await bob.join(ROOM, Room.join, JoinRoom())

        assert endpoint.disconnect("user:ann") == 2
        assert await one.expect_closed() == Closed(1001)
        assert await other.expect_closed() == Closed(1001)
        assert await his.call(Room.counted, Say(body="x")) == Count(n=1)
        assert journal.exits == [("ann", exits.Disconnected(1001))]


async def test_the_farewell_may_broadcast_to_the_others() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        hers, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await bob.join(ROOM, Room.join, JoinRoom())
        bob.drop()

        assert await hers.expect(Said) == Said(name="bob", body="bye")


async def test_a_second_join_replaces_the_first() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        first, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await first.expect(Welcome)
        before = len(ann.received)
        second, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await second.expect(Welcome)

        assert journal.exits == [("ann", exits.Replaced())]
        assert ann.received[before:] == [
            Reply(second.join_ref, second.join_ref, str(ROOM), "ok", {"room_id": 1}),
            Push(first.join_ref, first.join_ref, str(ROOM), "phx_close", {}),
            Push(second.join_ref, None, str(ROOM), "welcome", {"name": "ann"}),
        ]


async def test_a_second_join_that_is_refused_leaves_no_member() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        first, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await ann.join(ROOM, Room.join, JoinRoom(how="full"))

        assert await first.expect_ended() == Ended("phx_close")
        push = ann.push(str(ROOM), "say", {"body": "x"})
        assert (await ann.replied(push, lambda: "no reply")).response == {
            "reason": "unmatched topic"
        }

    assert journal.exits == [("ann", exits.Replaced())]


async def test_a_second_join_cancels_a_handler_of_the_first() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        first, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await first.send(Room.wait, Say(body="x"))
        second, _ = await ann.join(ROOM, Room.join, JoinRoom())

        assert await second.call(Room.counted, Say(body="x")) == Count(n=1)


async def test_every_broadcast_around_a_second_join_arrives_once() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        await ann.join(ROOM, Room.join, JoinRoom())
        for n in range(10):
            await endpoint.broadcast(ROOM, Count(n=2 * n))
            await ann.join(ROOM, Room.join, JoinRoom())
            await endpoint.broadcast(ROOM, Count(n=2 * n + 1))
        numbers = [
            e.payload for e in ann.received if not isinstance(e, Reply) and e.event == "count"
        ]

    assert numbers == [{"n": n} for n in range(20)]


async def test_an_info_reaches_the_members_of_a_topic_or_of_a_socket() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        hers, _ = await ann.join(ROOM, Room.join, JoinRoom())
        his, _ = await bob.join(ROOM, Room.join, JoinRoom())
        endpoint.inform(ROOM, Tick(1))
        endpoint.inform("user:bob", Tick(2))

        assert await hers.expect(Count) == Count(n=1)
        assert await his.expect(Count) == Count(n=1)
        assert await his.expect(Count) == Count(n=2)
        await hers.expect(Welcome)
        await hers.expect_nothing()


async def test_an_info_to_itself_queues_behind_what_came_before() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.call(Room.inform_self, Say(body="four"))

        assert await room.expect(Count) == Count(n=4)


async def test_an_info_that_nobody_takes_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        endpoint.inform(ROOM, "a string")

        assert await room.call(Room.counted, Say(body="x")) == Count(n=1)

    assert "unhandled info" in caplog.text


async def test_an_info_handler_that_raises_ends_its_member() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        endpoint.inform(ROOM, Boom())

        assert await room.expect_ended() == Ended("phx_error", "channel_crash")


async def test_a_grant_that_comes_when_the_peer_is_gone_is_still_said_farewell() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        ann.push(str(ROOM), "phx_join", {"how": "stubborn"}, join_ref="1")
        await ann.patience.passes()
        ann.drop()
        journal.gate.set()

    assert journal.exits == [("ann", exits.ConnectionLost())]

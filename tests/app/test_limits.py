"""Every limit of `Limits` that the runtime keeps, reached."""

from __future__ import annotations

import pytest

from channelkit import CallFailed, Limits, exits
from channelkit.testing import Closed, Ended, connect
from channelkit.wire import Reply

from .rooms import (
    Count,
    JoinRoom,
    Journal,
    Login,
    Room,
    Said,
    Say,
    Secret,
    Tick,
    Welcome,
    make_endpoint,
)

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)


async def test_at_the_limit_of_topics_a_join_is_refused_and_a_leave_makes_room() -> None:
    async with connect(make_endpoint(Journal(), Limits(topics=2))) as ann:
        rooms = [
            (await ann.join(Room.topic_for(room_id=n), Room.join, JoinRoom()))[0] for n in range(2)
        ]
        with pytest.raises(CallFailed, match="too many channels joined"):
            await ann.join(Room.topic_for(room_id=3), Room.join, JoinRoom())
        await rooms[0].leave()

        await ann.join(Room.topic_for(room_id=3), Room.join, JoinRoom())


async def test_a_full_inbox_stops_the_reading_and_loses_nothing() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal, Limits(inbox=4))) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.send(Room.wait, Say(body="x"))
        for _ in range(100):
            await room.send(Room.say, Say(body="x"))
        await room.expect(Welcome)
        stopped = ann.carrier.pending
        journal.gate.set()
        await ann.heartbeat()
        await ann.patience.at_rest()

    assert stopped
    assert sum(isinstance(one, Reply) and one.status == "ok" for one in ann.received) == 103


async def test_pushes_behind_a_pending_join_count_as_inbox() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal, Limits(inbox=4))) as ann:
        ann.push(str(ROOM), "phx_join", {"how": "wait"}, join_ref="j")
        pushes = [
            ann.push(str(ROOM), "say", {"body": "x"}, join_ref="j", ref=f"s{n}") for n in range(20)
        ]
        assert ann.carrier.pending
        journal.gate.set()
        replies = [await ann.replied(push, lambda: "no reply") for push in pushes]

    assert {reply.status for reply in replies} == {"ok"}


async def test_a_handler_that_stays_stuck_is_overloaded_and_the_rest_lives() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal, Limits(inbox=4))) as ann:
        one, _ = await ann.join(ROOM, Room.join, JoinRoom())
        two, _ = await ann.join(Room.topic_for(room_id=2), Room.join, JoinRoom())
        await one.send(Room.wait, Say(body="x"))
        for _ in range(6):
            await one.send(Room.say, Say(body="x"))
        await one.expect(Welcome)
        await ann.elapse(5.1)

        with pytest.raises(CallFailed, match="overloaded"):
            await one.call(Room.say, Say(body="x"))
        assert await two.call(Room.counted, Say(body="x")) == Count(n=1)
        journal.gate.set()
        await ann.patience.at_rest()
        assert await one.call(Room.counted, Say(body="x")) == Count(n=1)


async def test_a_stuck_member_can_still_be_left_or_joined_again() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal, Limits(inbox=2))) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.send(Room.wait, Say(body="x"))
        await room.expect(Welcome)
        for _ in range(3):
            await room.send(Room.say, Say(body="x"))
        await ann.elapse(5.1)
        second, _ = await ann.join(ROOM, Room.join, JoinRoom())

        assert await second.call(Room.counted, Say(body="x")) == Count(n=1)
    assert journal.exits[0] == ("ann", exits.Replaced())


@pytest.mark.parametrize("what", ["infos", "intercepted broadcasts"])
async def test_too_many_infos_end_the_member_and_are_never_dropped_in_silence(what: str) -> None:
    journal = Journal()
    endpoint = make_endpoint(journal, Limits(infos=10))
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.send(Room.wait, Say(body="x"))
        await room.expect(Welcome)
        for n in range(11):
            if what == "infos":
                endpoint.inform(ROOM, Tick(n))
            else:
                await endpoint.broadcast(ROOM, Secret(body="x"))

        assert await room.expect_ended() == Ended("phx_error", "overloaded")
    assert journal.exits == [("ann", exits.Overloaded())]


@pytest.mark.parametrize(
    "limits", [Limits(outbox_frames=50), Limits(outbox=2000)], ids=["frames", "bytes"]
)
async def test_a_peer_that_reads_nothing_is_closed_and_the_others_notice_nothing(
    limits: Limits,
) -> None:
    journal = Journal()
    endpoint = make_endpoint(journal, limits)
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        await ann.join(ROOM, Room.join, JoinRoom())
        his, _ = await bob.join(ROOM, Room.join, JoinRoom())
        ann.carrier.block()
        for n in range(60):
            await endpoint.broadcast(ROOM, Said(name="loop", body=str(n)))

        assert await ann.expect_closed() == Closed(1013, "too slow")
        assert [(await his.expect(Said)).body for _ in range(60)] == [str(n) for n in range(60)]
    assert journal.exits[0] == ("ann", exits.TooSlow())


async def test_an_outbox_that_stays_above_its_mark_closes_the_socket() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        await ann.join(ROOM, Room.join, JoinRoom())
        ann.carrier.block()
        await ann.elapse(5.1)

        assert await ann.expect_closed() == Closed(1013, "too slow")
    assert journal.exits == [("ann", exits.TooSlow())]


async def test_a_push_waits_while_the_outbox_is_above_its_mark() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)
        ann.carrier.block()
        endpoint.inform(ROOM, Tick(1))
        endpoint.inform(ROOM, Tick(2))
        await ann.patience.settled()
        before = [one for one in room.unread if one.event == "count"]
        ann.carrier.unblock()

        assert before == []
        assert [await room.expect(Count) for _ in range(2)] == [Count(n=1), Count(n=2)]


async def test_a_socket_above_its_mark_is_not_read() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        ann.carrier.block()
        await room.send(Room.say, Say(body="x"))
        unread = ann.carrier.pending
        ann.carrier.unblock()

        assert unread
        assert await room.expect(Said) == Said(name="ann", body="x")


async def test_a_peer_that_sends_nothing_is_closed_so_that_it_reconnects() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        await ann.join(ROOM, Room.join, JoinRoom())
        await ann.elapse(61)

        assert await ann.expect_closed() == Closed(1001, "idle")
    assert journal.exits == [("ann", exits.TimedOut())]


async def test_a_heartbeat_keeps_a_peer_alive() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        for _ in range(3):
            await ann.elapse(59)
            await ann.heartbeat()

        assert ann.carrier.closed is None


@pytest.mark.trio_clock
async def test_a_farewell_that_takes_too_long_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    journal = Journal(hang_in_farewell=True)
    async with connect(make_endpoint(journal), patience=60) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.leave()

    assert "on_leave timed out" in caplog.text


@pytest.mark.trio_clock
async def test_a_slow_handler_is_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    async with connect(make_endpoint(Journal()), patience=60) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.call(Room.doze, Say(body="x"))

    assert "slow handler topic=room:1" in caplog.text


async def test_invalid_messages_are_answered_and_the_third_closes() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        await ann.join(ROOM, Room.join, JoinRoom())
        before = len(ann.received)
        for ref in ("a", "b", "c"):
            ann.carrier.write_frame(f'[null,"{ref}"]'.encode())

        assert await ann.expect_closed() == Closed(1007)
    assert ann.received[before : before + 2] == [
        Reply(None, ref, "phoenix", "error", {"reason": "invalid message"}) for ref in ("a", "b")
    ]
    assert journal.exits == [("ann", exits.BadEncoding())]

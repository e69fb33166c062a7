"""A client of the first Phoenix as an application's tests have it: `connect(vsn="0.x")`."""

from __future__ import annotations

import logging

import pytest

from channelkit import LocalProtocolError, Ok
from channelkit.exits import Closed, Left, Replaced
from channelkit.testing import Ended, connect
from channelkit.wire import Broadcast, Push

from .rooms import Count, JoinRoom, Journal, Login, Room, Said, Say, Welcome, make_endpoint

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)


async def test_a_join_is_not_answered_and_what_the_channel_says_arrives() -> None:
    async with connect(make_endpoint(Journal()), vsn="0.x") as ann:
        room = ann.join_nowait(ROOM, Room.join, JoinRoom())

        assert await room.expect(Welcome) == Welcome(name="ann")
        await room.expect_nothing()


async def test_waiting_for_the_verdict_of_a_join_is_a_mistake() -> None:
    async with connect(make_endpoint(Journal()), vsn="0.5.0") as ann:
        with pytest.raises(LocalProtocolError, match="use join_nowait"):
            await ann.join(ROOM, Room.join, JoinRoom())

        assert not ann.carrier.pending


async def test_a_refused_join_is_silent_and_so_is_all_that_follows(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "channelkit")
    async with connect(make_endpoint(Journal()), vsn="0.x") as ann:
        room = ann.join_nowait(ROOM, Room.join, JoinRoom(how="full"))
        await room.send(Room.say, Say(body="hi"))
        await room.expect_nothing()

    line = 'join refused topic=room:1 peer="" id=user:ann reason=room_full'
    assert any(message.startswith(line) for message in caplog.messages)
    assert 'unanswered peer="" topic=room:1 event=say reason="unmatched topic"' in caplog.messages


async def test_a_reply_is_a_message_under_the_events_name() -> None:
    async with connect(make_endpoint(Journal()), vsn="0.x") as ann:
        room = ann.join_nowait(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)

        assert await room.call(Room.counted, Say(body="")) == Count(n=1)
        assert await room.call(Room.say, Say(body="hi")) == Ok()
        assert ann.received[-3:] == [
            Broadcast("room:1", "count", {"n": 1}),
            Broadcast("room:1", "said", {"name": "ann", "body": "hi"}),
            Broadcast("room:1", "say", {}),
        ]


@pytest.mark.parametrize(
    ("body", "event", "reason"),
    [("x" * 21, "say", "invalid payload"), ("", "refuse", "room_full"), ("", "nope", None)],
)
async def test_an_error_is_silent_and_logged(
    body: str, event: str, reason: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "channelkit")
    async with connect(make_endpoint(Journal()), vsn="0.x") as ann:
        room = ann.join_nowait(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)
        ann.push("room:1", event, {"body": body})
        await room.expect_nothing()

    (line,) = (line for line in caplog.messages if line.startswith("unanswered"))
    assert f"event={event}" in line
    assert (reason or "unknown event").split()[0] in line
    assert "xxx" not in line


async def test_a_crash_is_silent_and_a_new_join_starts_afresh() -> None:
    async with connect(make_endpoint(Journal()), vsn="0.x") as ann:
        room = ann.join_nowait(ROOM, Room.join, JoinRoom())
        await room.call(Room.counted, Say(body=""))
        await room.send(Room.crash, Say(body=""))
        await room.expect(Welcome)
        await room.expect_nothing()
        again = ann.join_nowait(ROOM, Room.join, JoinRoom())

        assert await again.call(Room.counted, Say(body="")) == Count(n=1)


async def test_a_leave_is_silent_and_ends_the_membership() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal), vsn="0.x") as ann:
        room = ann.join_nowait(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)
        await room.leave()

        assert room.ended == Ended("phx_close")
        assert journal.exits == [("ann", Left())]
        await room.send(Room.say, Say(body="hi"))
        await room.expect_nothing()
        assert len(ann.received) == 1


async def test_a_second_join_replaces_the_first_without_a_word() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal), vsn="0.x") as ann:
        first = ann.join_nowait(ROOM, Room.join, JoinRoom())
        await first.expect(Welcome)
        ann.join_nowait(ROOM, Room.join, JoinRoom())
        await first.expect(Welcome)
        await first.expect_nothing()

        assert journal.exits == [("ann", Replaced())]


async def test_a_heartbeat_is_answered_whoever_joined() -> None:
    async with connect(make_endpoint(Journal()), vsn="0.x") as ann:
        await ann.heartbeat()
        await ann.heartbeat()

        assert [each.topic for each in ann.received] == ["phoenix", "phoenix"]


async def test_its_silence_never_ends_the_connection() -> None:
    async with connect(make_endpoint(Journal()), vsn="0.x") as ann:
        await ann.elapse(3600)
        await ann.heartbeat()

        assert ann.carrier.closed is None


async def test_both_generations_meet_in_one_room() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint, vsn="0.x") as ann, connect(endpoint, Login(name="bob")) as bob:
        old = ann.join_nowait(ROOM, Room.join, JoinRoom())
        await old.expect(Welcome)
        new, _ = await bob.join(ROOM, Room.join, JoinRoom())
        await old.call(Room.say, Say(body="from ann"))
        await new.call(Room.say, Say(body="from bob"))

        for room in (old, new):
            assert await room.expect(Said) == Said(name="ann", body="from ann")
            assert await room.expect(Said) == Said(name="bob", body="from bob")


async def test_binary_is_dropped_for_it_and_said_so(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "channelkit")
    endpoint = make_endpoint(Journal())
    async with connect(endpoint, vsn="0.x") as ann, connect(endpoint, Login(name="bob")) as bob:
        old = ann.join_nowait(ROOM, Room.join, JoinRoom())
        await old.expect(Welcome)
        new, _ = await bob.join(ROOM, Room.join, JoinRoom())
        await endpoint.broadcast_raw("room:1", "raw", b"\x00")
        assert await new.expect_event("raw") == b"\x00"
        await old.expect_nothing()

    assert 'dropped peer="" topic=room:1 event=raw reason="binary not supported"' in caplog.messages


async def test_it_cannot_send_binary() -> None:
    async with connect(make_endpoint(Journal()), vsn="0.x") as ann:
        room = ann.join_nowait(ROOM, Room.join, JoinRoom())
        with pytest.raises(LocalProtocolError, match="no binary"):
            await room.send(Room.echo_bytes, b"\x00")


async def test_a_binary_frame_closes_its_connection() -> None:
    async with connect(make_endpoint(Journal()), vsn="0.x") as ann:
        ann.carrier.write_frame(b"\x00", binary=True)

        assert await ann.expect_closed() == Closed(1003)


# Version 1.0.0 tells the end of a first join from that of a second, though its pushes say nothing.


@pytest.mark.parametrize("vsn", ["1.0.0", "2.0.0"])
async def test_the_close_of_a_first_join_does_not_end_the_second(vsn: str) -> None:
    async with connect(make_endpoint(Journal()), vsn=vsn) as ann:
        first, _ = await ann.join(ROOM, Room.join, JoinRoom())
        second, _ = await ann.join(ROOM, Room.join, JoinRoom())
        assert await first.expect_ended() == Ended("phx_close")

        assert second.ended is None
        assert await second.call(Room.counted, Say(body="")) == Count(n=1)
        await second.send(Room.stop_now, Say(body="why"))
        assert await second.expect_ended() == Ended("phx_error", "channel_crash")


async def test_on_1_0_0_a_close_carries_its_joins_ref_and_a_push_none() -> None:
    async with connect(make_endpoint(Journal()), vsn="1.0.0") as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)
        await room.leave()

        pushed, closed = ann.received[1], ann.received[-1]
        assert pushed == Broadcast("room:1", "welcome", {"name": "ann"})
        assert closed == Push("1", "1", "room:1", "phx_close", {})

from __future__ import annotations

import logging

import pytest

from channelkit import CallFailed, Ok
from channelkit.testing import Ended, connect

from .rooms import (
    Count,
    JoinRoom,
    Journal,
    Login,
    Raw,
    Room,
    RoomFull,
    Said,
    Say,
    Welcome,
    make_endpoint,
)

pytestmark = pytest.mark.anyio

ONE, TWO = Room.topic_for(room_id=1), Room.topic_for(room_id=2)


async def test_an_event_is_answered_with_what_its_handler_returns() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ONE, Room.join, JoinRoom())
        answers = [await room.call(Room.counted, Say(body="x")) for _ in range(4)]

    assert answers == [Count(n=1), Count(n=2), Count(n=3), RoomFull(limit=3)]


async def test_every_member_has_an_instance_of_its_own() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        one, _ = await ann.join(ONE, Room.join, JoinRoom())
        two, _ = await ann.join(TWO, Room.join, JoinRoom())
        await one.call(Room.counted, Say(body="x"))

        assert await two.call(Room.counted, Say(body="x")) == Count(n=1)


async def test_an_unknown_event_is_an_error_and_no_crash() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ONE, Room.join, JoinRoom())
        push = ann.push(str(ONE), "nope", {}, join_ref=room.join_ref)
        reply = await ann.replied(push, lambda: "no reply")

        assert reply.response == {"reason": "unknown event"}
        assert await room.call(Room.counted, Say(body="x")) == Count(n=1)


async def test_an_invalid_payload_says_where_and_why_but_never_what_came() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ONE, Room.join, JoinRoom())
        with pytest.raises(CallFailed, match="invalid payload") as failed:
            await room.call(Room.counted, Say.model_construct(body="y" * 21))

    assert failed.value.response == {
        "reason": "invalid payload",
        "errors": [
            {"loc": ["body"], "type": "string_too_long", "msg": "must have at most 20 characters"}
        ],
    }


async def test_a_permission_is_asked_before_the_handler() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        hers, _ = await ann.join(ONE, Room.join, JoinRoom())
        his, _ = await bob.join(ONE, Room.join, JoinRoom())

        assert await hers.call(Room.moderate, Say(body="x")) == Ok()
        with pytest.raises(CallFailed, match="forbidden"):
            await his.call(Room.moderate, Say(body="x"))


@pytest.mark.parametrize("event", ["crash", "undeclared"])
async def test_a_crash_costs_one_topic_on_one_socket(event: str) -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        one, _ = await ann.join(ONE, Room.join, JoinRoom())
        two, _ = await ann.join(TWO, Room.join, JoinRoom())
        his, _ = await bob.join(ONE, Room.join, JoinRoom())
        ann.push(str(ONE), event, {"body": "x"}, join_ref=one.join_ref)

        assert await one.expect_ended() == Ended("phx_error", "channel_crash")
        assert await two.call(Room.counted, Say(body="x")) == Count(n=1)
        assert await his.call(Room.counted, Say(body="x")) == Count(n=1)


async def test_a_crash_is_one_log_line_and_tells_the_client_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ONE, Room.join, JoinRoom())
        with pytest.raises(CallFailed, match="channel_crash") as failed:
            await room.call(Room.crash, Say(body="x"))

    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.message.split()[0] for record in errors] == ["crashed"]
    assert "RuntimeError('event went wrong')" in errors[0].message
    assert "rooms.py" in errors[0].message
    assert failed.value.response is None


async def test_an_undeclared_refusal_is_a_crash_logged_with_the_remedy(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ONE, Room.join, JoinRoom())
        with pytest.raises(CallFailed, match="channel_crash"):
            await room.call(Room.undeclared, Say(body="x"))

    assert "returned Undeclared, which its return annotation does not declare" in caplog.text


async def test_a_refusal_raised_in_a_helper_is_the_answer() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ONE, Room.join, JoinRoom())

        assert await room.call(Room.refuse, Say(body="x")) == RoomFull(limit=7)


async def test_bytes_and_text_pick_the_arm_of_a_union() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ONE, Room.join, JoinRoom())

        assert await room.call(Room.echo_bytes, b"\x00\xff") == b"\x00\xff"
        assert await room.call(Room.echo_bytes, Say(body="four")) == Count(n=4)


@pytest.mark.parametrize("payload", [{"a": [1, None]}, b"\x00\x01", {}])
async def test_an_open_payload_takes_and_gives_anything(payload: object) -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ONE, Room.join, JoinRoom())
        answer = await room.call(Room.raw, Raw.model_validate({"payload": payload}))
        pushed = await room.expect(Raw)

    assert (answer.payload, pushed.payload) == (payload, payload)


async def test_pushing_an_open_payload_that_is_no_object_crashes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ONE, Room.join, JoinRoom())
        with pytest.raises(CallFailed, match="channel_crash"):
            await room.call(Room.raw, Raw(payload=[1]))

    assert "a pushed payload must be a JSON object or bytes" in caplog.text


async def test_events_of_one_topic_are_handled_one_at_a_time_in_order() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ONE, Room.join, JoinRoom())
        await room.expect(Welcome)
        await room.send(Room.wait, Say(body="x"))
        await room.send(Room.counted, Say(body="x"))
        await room.send(Room.say, Say(body="x"))
        before = len(ann.received)
        await ann.heartbeat()
        behind = ann.received[before + 1 :]
        journal.gate.set()
        await room.expect(Said)

    assert behind == []
    assert [getattr(envelope, "response", None) for envelope in ann.received[before + 1 :]] == [
        {"n": 0},
        {"n": 1},
        None,
        {},
    ]


async def test_a_slow_handler_delays_neither_heartbeats_nor_other_topics() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        one, _ = await ann.join(ONE, Room.join, JoinRoom())
        two, _ = await ann.join(TWO, Room.join, JoinRoom())
        await one.send(Room.wait, Say(body="x"))
        await ann.heartbeat()

        assert await two.call(Room.counted, Say(body="x")) == Count(n=1)


async def test_v1_and_v2_members_share_a_room() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob"), vsn="1.0.0") as bob:
        hers, _ = await ann.join(ONE, Room.join, JoinRoom())
        his, _ = await bob.join(ONE, Room.join, JoinRoom())
        await hers.call(Room.say, Say(body="hi"))

        assert await his.expect(Said) == Said(name="ann", body="hi")
        assert await his.call(Room.counted, Say(body="x")) == Count(n=1)


async def test_binary_to_a_v1_member_is_an_error_reply_or_dropped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint, vsn="1.0.0") as ann, connect(endpoint, Login(name="bob")) as bob:
        hers, _ = await ann.join(ONE, Room.join, JoinRoom())
        await bob.join(ONE, Room.join, JoinRoom())
        await hers.expect(Welcome)
        await endpoint.broadcast(ONE, Raw(payload=b"\x00"))
        await hers.expect_nothing()

    assert "dropped" in caplog.text

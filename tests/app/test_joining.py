from __future__ import annotations

import pytest

from channelkit import CallFailed, Refused
from channelkit.testing import connect

from .rooms import (
    Banned,
    JoinRoom,
    Journal,
    Login,
    Room,
    RoomFull,
    RoomState,
    Welcome,
    make_endpoint,
)

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)


async def test_a_granted_join_answers_with_the_handlers_message() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        _, state = await ann.join(ROOM, Room.join, JoinRoom())

    assert state == RoomState(room_id=1)


@pytest.mark.parametrize(("how", "limit"), [("full", 50), ("raise", 51)])
async def test_a_refusal_is_the_verdict_whether_returned_or_raised(how: str, limit: int) -> None:
    async with connect(make_endpoint(Journal())) as ann:
        _, verdict = await ann.join(ROOM, Room.join, JoinRoom(how=how))

    assert verdict == RoomFull(limit=limit)


@pytest.mark.parametrize("how", ["crash", "undeclared", "early"])
async def test_a_join_that_raises_answers_join_crashed(how: str) -> None:
    async with connect(make_endpoint(Journal())) as ann:
        with pytest.raises(CallFailed, match="join crashed"):
            await ann.join(ROOM, Room.join, JoinRoom(how=how))


async def test_a_broadcast_before_the_join_is_done_tells_the_author_what_to_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connect(make_endpoint(Journal())) as ann:
        with pytest.raises(CallFailed):
            await ann.join(ROOM, Room.join, JoinRoom(how="early"))

    assert "broadcast before the join is done; do it in the channel's @after_join" in caplog.text


async def test_a_join_with_an_invalid_payload_is_answered_and_starts_nothing() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        push = ann.push(str(ROOM), "phx_join", {"how": 1}, join_ref="9")
        reply = await ann.replied(push, lambda: "no reply")

    assert reply.response == {
        "reason": "invalid payload",
        "errors": [{"loc": ["how"], "type": "string_type", "msg": "must be a string"}],
    }
    assert journal.exits == []


async def test_after_join_runs_when_the_reply_has_left() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        welcome = await room.expect(Welcome)

    assert welcome == Welcome(name="ann")


@pytest.mark.trio_clock
async def test_a_join_that_takes_too_long_is_answered_join_timeout() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal), patience=60) as ann:
        with pytest.raises(CallFailed, match="join timeout"):
            await ann.join(ROOM, Room.join, JoinRoom(how="hang"))

    assert journal.exits == []


async def test_a_join_that_is_pending_holds_only_its_own_topic() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        pending = ann.push(str(ROOM), "phx_join", {"how": "wait"}, join_ref="90")
        await ann.heartbeat()
        _, state = await ann.join(Room.topic_for(room_id=2), Room.join, JoinRoom())

    assert state == RoomState(room_id=2)
    assert all(getattr(envelope, "ref", None) != pending.ref for envelope in ann.received)


async def test_pushes_behind_a_pending_join_are_handled_after_it_in_order() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        ann.push(str(ROOM), "phx_join", {"how": "wait"}, join_ref="90")
        pushes = [
            ann.push(str(ROOM), "count", {"body": "x"}, join_ref="90", ref=f"c{n}")
            for n in range(3)
        ]
        journal.gate.set()
        replies = [await ann.replied(push, lambda: "no reply") for push in pushes]

    assert [reply.response for reply in replies] == [{"n": 1}, {"n": 2}, {"n": 3}]


async def test_connect_may_refuse_with_a_typed_reason() -> None:
    with pytest.raises(Refused) as refused:
        async with connect(make_endpoint(Journal()), Login(name="mallory")):
            pass

    assert refused.value.refusal == Banned(name="mallory")


async def test_a_topic_that_no_channel_has_is_unmatched() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        push = ann.push("room:abc", "phx_join", {}, join_ref="1")
        reply = await ann.replied(push, lambda: "no reply")

    assert (reply.join_ref, reply.response) == (None, {"reason": "unmatched topic"})

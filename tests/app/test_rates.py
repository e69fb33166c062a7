"""Rate limits of events and of sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel
import pytest

from channelkit import (
    CallFailed,
    Channel,
    Endpoint,
    Message,
    Ok,
    Refusal,
    channel,
    on_event,
    on_join,
)
from channelkit.testing import connect
from channelkit.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from channelkit.testing import ClientRoom

pytestmark = pytest.mark.anyio


class Nothing(Message):
    """No fields."""


class Word(Message):
    """A word."""

    text: str


class NotNow(Refusal):
    """The handler itself refuses."""


def is_open(room: Room) -> bool:
    """Room 3 is closed."""
    return room.room_id != 3


@channel("room:{room_id}")
class Room(Channel[None]):
    """Events with rates, and without."""

    room_id: int

    @on_join
    async def join(self, params: Nothing) -> None:
        """Everybody may."""

    @on_event("free")
    async def free(self, message: Nothing) -> Ok:
        """As often as you like."""
        return Ok()

    @on_event("twice", rate="2/h")
    async def twice(self, message: Nothing) -> Ok:
        """Twice an hour."""
        return Ok()

    @on_event("other", rate="2/h")
    async def other(self, message: Nothing) -> Ok:
        """Twice an hour, too."""
        return Ok()

    @on_event("guarded", rate="2/h", allow=is_open)
    async def guarded(self, message: Word) -> Ok | NotNow:
        """Twice an hour, where it is allowed."""
        return NotNow()

    @on_event("beside", rate="2/h", concurrent=True)
    async def beside(self, message: Nothing) -> Ok:
        """Twice an hour, beside the others."""
        await anyio.lowlevel.checkpoint()
        return Ok()

    @on_event("silent", rate="1/h")
    async def silent(self, message: Nothing) -> None:
        """Once an hour, without an answer."""

    @on_event("steady", rate="10/s burst 1")
    async def steady(self, message: Nothing) -> Ok:
        """Every 100 ms."""
        return Ok()


ONE, TWO, CLOSED = (Room.topic_for(room_id=n) for n in (1, 2, 3))
endpoint = Endpoint("/socket", channels=[Room])


async def limited(call: Awaitable[object]) -> int:
    """The wait that a call is answered, in milliseconds."""
    with pytest.raises(CallFailed) as failed:
        await call
    assert failed.value.reason == "rate_limited"
    assert failed.value.response == {
        "reason": "rate_limited",
        "retry_after": failed.value.retry_after,
    }
    assert failed.value.retry_after is not None
    return failed.value.retry_after


async def twice(room: ClientRoom[Room]) -> None:
    """Take the two that are there."""
    for _ in range(2):
        assert await room.call(Room.twice, Nothing()) == Ok()


async def test_what_comes_too_often_is_told_when_to_come_again() -> None:
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ONE, Room.join, Nothing())
        await twice(room)

        assert 0 < await limited(room.call(Room.twice, Nothing())) <= 1_800_000


async def test_every_event_has_a_bucket_of_its_own() -> None:
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ONE, Room.join, Nothing())
        await twice(room)
        await limited(room.call(Room.twice, Nothing()))

        assert await room.call(Room.other, Nothing()) == Ok()
        assert await room.call(Room.free, Nothing()) == Ok()


async def test_every_socket_has_buckets_of_its_own() -> None:
    async with connect(endpoint) as ann, connect(endpoint) as bob:
        hers, _ = await ann.join(ONE, Room.join, Nothing())
        his, _ = await bob.join(ONE, Room.join, Nothing())
        await twice(hers)

        await twice(his)


async def test_to_leave_and_join_again_refills_nothing() -> None:
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ONE, Room.join, Nothing())
        await twice(room)
        await room.leave()
        again, _ = await ann.join(ONE, Room.join, Nothing())
        await limited(again.call(Room.twice, Nothing()))
        replaced, _ = await ann.join(ONE, Room.join, Nothing())

        await limited(replaced.call(Room.twice, Nothing()))


async def test_another_topic_of_the_channel_draws_from_the_same_bucket() -> None:
    async with connect(endpoint) as ann:
        one, _ = await ann.join(ONE, Room.join, Nothing())
        two, _ = await ann.join(TWO, Room.join, Nothing())
        await one.call(Room.twice, Nothing())
        await two.call(Room.twice, Nothing())

        await limited(one.call(Room.twice, Nothing()))


async def test_what_is_forbidden_invalid_or_refused_counts_too() -> None:
    async with connect(endpoint) as ann:
        closed, _ = await ann.join(CLOSED, Room.join, Nothing())
        room, _ = await ann.join(ONE, Room.join, Nothing())
        with pytest.raises(CallFailed, match="forbidden"):
            await closed.call(Room.guarded, Word(text=""))
        assert await room.call(Room.guarded, Word(text="")) == NotNow()

        await limited(closed.call(Room.guarded, Word(text="")))


async def test_a_concurrent_event_is_limited_in_its_turn() -> None:
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ONE, Room.join, Nothing())
        pushes = [ann.push(str(ONE), "beside", {}, join_ref=room.join_ref) for _ in range(3)]
        replies = [await ann.replied(push, lambda: "no reply") for push in pushes]

    assert [reply.status for reply in replies] == ["ok", "ok", "error"]


async def test_an_event_without_answers_is_answered_once_it_comes_too_often() -> None:
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ONE, Room.join, Nothing())
        pushes = [ann.push(str(ONE), "silent", {}, join_ref=room.join_ref) for _ in range(2)]
        await ann.replied(pushes[1], lambda: "no reply")

        assert [one.ref for one in ann.received if isinstance(one, Reply)][-1] == pushes[1].ref


@pytest.mark.trio_clock
async def test_who_waits_as_long_as_it_was_told_gets_through() -> None:
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ONE, Room.join, Nothing())
        waits: list[int] = []
        for _ in range(5):
            await room.call(Room.steady, Nothing())
            waits.append(await limited(room.call(Room.steady, Nothing())))
            await anyio.sleep(waits[-1] / 1000)

    assert waits == [100] * 5


@pytest.mark.parametrize("vsn", ["1.0.0", "2.0.0"])
async def test_a_socket_may_not_push_more_often_than_its_endpoint_says(vsn: str) -> None:
    limiting = Endpoint("/socket", channels=[Room], rate="4/h")
    async with connect(limiting, vsn=vsn) as ann:
        one, _ = await ann.join(ONE, Room.join, Nothing())
        two, _ = await ann.join(TWO, Room.join, Nothing())
        await one.call(Room.free, Nothing())
        await two.call(Room.free, Nothing())

        assert 0 < await limited(one.call(Room.free, Nothing())) <= 900_000
        assert 0 < await limited(two.call(Room.free, Nothing())) <= 900_000


async def test_a_join_that_comes_too_soon_is_refused_and_so_is_a_push_to_nobody() -> None:
    async with connect(Endpoint("/socket", channels=[Room], rate="1/h")) as ann:
        await ann.join(ONE, Room.join, Nothing())
        nobody = ann.push("nope", "hi", {})
        reply = await ann.replied(nobody, lambda: "no reply")

        await limited(ann.join(TWO, Room.join, Nothing()))
    assert isinstance(reply.response, dict)
    assert reply[:4] == (None, nobody.ref, "nope", "error")
    assert reply.response["reason"] == "rate_limited"


async def test_heartbeats_and_leaves_always_may_and_do_not_count() -> None:
    async with connect(Endpoint("/socket", channels=[Room], rate="3/h")) as ann:
        room, _ = await ann.join(ONE, Room.join, Nothing())
        for _ in range(5):
            await ann.heartbeat()
        await room.leave()
        again, _ = await ann.join(ONE, Room.join, Nothing())
        await again.call(Room.free, Nothing())
        await limited(again.call(Room.free, Nothing()))

        await again.leave()
        await ann.heartbeat()


async def test_a_heartbeat_to_a_channel_is_an_event_like_others() -> None:
    async with connect(Endpoint("/socket", channels=[Room], rate="1/h")) as ann:
        await ann.join(ONE, Room.join, Nothing())
        push = ann.push(str(ONE), "heartbeat", {})
        reply = await ann.replied(push, lambda: "no reply")

    assert reply.status == "error"


async def test_what_a_closing_socket_still_sends_is_not_answered() -> None:
    async with connect(Endpoint("/socket", channels=[Room], rate="1/h")) as ann:
        await ann.join(ONE, Room.join, Nothing())
        ann.close()
        before = len(ann.received)
        assert ann.carrier.connection is not None
        ann.carrier.connection.received(b'["1","9","room:1","free",{}]', binary=False)

        assert ann.received[before:] == []


def test_nonsense_for_a_rate_is_refused_where_the_endpoint_is_made() -> None:
    with pytest.raises(ValueError, match="'often' is not a number, a slash and a unit"):
        Endpoint("/socket", channels=[Room], rate="often")

"""What the kit says when an expectation fails: at once, and what did arrive."""

from __future__ import annotations

import pytest

from channelkit import (
    CallFailed,
    Channel,
    LocalProtocolError,
    Message,
    Ok,
    channel,
    on_event,
    on_join,
)
from channelkit.testing import Ended, connect

from .rooms import JoinRoom, Journal, Room, Said, Say, Welcome, make_endpoint

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)


@channel("elsewhere")
class Elsewhere(Channel[None]):
    """A channel of another endpoint."""

    @on_join
    async def join(self, params: JoinRoom) -> None:
        """Let everybody in."""

    @on_event("shout")
    async def shout(self, message: Say) -> Ok:
        """Do nothing."""
        return Ok()


async def test_a_push_that_cannot_come_any_more_fails_and_says_what_came() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        with pytest.raises(AssertionError, match="said did not come; unread:\n  welcome") as failed:
            await room.expect(Said)

    assert "{'name': 'ann'}" in str(failed.value)


@pytest.mark.parametrize("vsn", ["1.0.0", "2.0.0"])
async def test_a_second_join_ends_the_room_of_the_first_alone(vsn: str) -> None:
    async with connect(make_endpoint(Journal()), vsn=vsn) as ann:
        first, _ = await ann.join(ROOM, Room.join, JoinRoom())
        second, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await second.call(Room.say, Say(body="hi"))

        assert await first.expect_ended() == Ended("phx_close")
        assert second.ended is None


async def test_expecting_nothing_fails_where_something_is_unread() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        with pytest.raises(AssertionError, match="expected nothing, unread:\n  welcome"):
            await room.expect_nothing()


async def test_a_push_that_the_channel_does_not_declare_fails_before_any_wait() -> None:
    class Other(Message):
        pass

    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        with pytest.raises(AssertionError, match="Room never pushes Other: it declares Said"):
            await room.expect(Other)


async def test_a_call_that_is_never_answered_fails_at_once() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        with pytest.raises(AssertionError, match="say_from got no reply; unread:\n  welcome"):
            await room.call(Room.say_from, Say(body="x"))  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]


async def test_a_handler_that_never_ends_fails_when_patience_does() -> None:
    async with connect(make_endpoint(Journal()), patience=0.05) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        with pytest.raises(AssertionError, match=r"a handler still ran after 0\.05 s"):
            await room.call(Room.wait, Say(body="x"))


async def test_a_connection_that_stays_open_is_no_closed_one() -> None:
    with pytest.raises(AssertionError, match="the connection was not closed"):
        async with connect(make_endpoint(Journal())) as ann:
            await ann.expect_closed()


async def test_a_call_on_a_closed_connection_fails_as_a_value() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)
        ann.drop()
        with pytest.raises(CallFailed, match="closed"):
            await room.call(Room.say, Say(body="x"))


async def test_a_failure_in_the_block_comes_out_as_it_was_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        async with connect(make_endpoint(Journal())):
            _ = 1 / 0


async def test_a_topic_is_not_joined_with_the_join_of_another_channel() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        with pytest.raises(LocalProtocolError, match="'room:1' is a topic of Room"):
            await ann.join(ROOM, Elsewhere.join, JoinRoom())

    assert ann.received == []


async def test_an_event_of_another_channel_is_not_sent() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        with pytest.raises(LocalProtocolError, match="Room has no event 'shout'"):
            await room.call(Elsewhere.shout, Say(body="x"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

"""The chat example, tested as its author would."""

from __future__ import annotations

from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING

import pytest

from channelkit import CallFailed, Ok
from channelkit.testing import Ended, connect
from examples.chat.app import ChatRoom, endpoint, rooms
from examples.chat.messages import (
    Arrived,
    Departed,
    Hello,
    JoinRoom,
    Keystroke,
    Kick,
    NameTaken,
    NewMsg,
    NoSuchMember,
    Posted,
    Removed,
    RoomFull,
    Seated,
    Typing,
    Welcome,
)
from examples.chat.rooms import SEATS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from channelkit import Topic
    from channelkit.testing import ClientRoom, ClientSocket

pytestmark = pytest.mark.anyio

_numbers = count(1)


def new_id() -> str:
    return f"{next(_numbers):032x}"


def new_room() -> Topic[Posted | Typing | Arrived | Departed | Removed]:
    return ChatRoom.topic_for(name=f"room-{next(_numbers)}")


@asynccontextmanager
async def visitor(visitor_id: str | None = None) -> AsyncGenerator[ClientSocket]:
    async with connect(endpoint, Hello(visitor=visitor_id or new_id())) as socket:
        yield socket


async def seated(
    socket: ClientSocket,
    topic: Topic[Posted | Typing | Arrived | Departed | Removed],
    name: str,
) -> ClientRoom[ChatRoom]:
    room, verdict = await socket.join(topic, ChatRoom.join, JoinRoom(name=name))
    assert isinstance(verdict, Welcome)
    return room


async def test_whoever_comes_first_is_the_moderator_and_hears_of_the_next() -> None:
    topic = new_room()
    async with visitor() as ada, visitor() as bob:
        hers = await seated(ada, topic, "Ada")
        await seated(bob, topic, "Bob")

        assert await hers.expect(Arrived) == Arrived(name="Bob")
        assert await hers.presences(ChatRoom.here) == {
            "Ada": [Seated(seat=1)],
            "Bob": [Seated(seat=2)],
        }


async def test_a_message_reaches_everybody_and_the_history() -> None:
    topic = new_room()
    async with visitor() as ada, visitor() as bob, visitor() as cleo:
        hers = await seated(ada, topic, "Ada")
        his = await seated(bob, topic, "Bob")
        await hers.call(ChatRoom.new_msg, NewMsg(id=new_id(), body="hello"))
        heard = await his.expect(Posted)
        _, welcome = await cleo.join(topic, ChatRoom.join, JoinRoom(name="Cleo"))

    assert (heard.user, heard.body) == ("Ada", "hello")
    assert isinstance(welcome, Welcome)
    assert welcome.history == [heard]


async def test_a_message_sent_again_is_not_said_again() -> None:
    topic = new_room()
    async with visitor() as ada:
        room = await seated(ada, topic, "Ada")
        message = NewMsg(id=new_id(), body="once")
        first = await room.call(ChatRoom.new_msg, message)
        again = await room.call(ChatRoom.new_msg, message)
        await room.expect(Posted)
        await room.expect_nothing()

    assert first == again


async def test_a_name_is_taken_whatever_its_case() -> None:
    topic = new_room()
    async with visitor() as ada, visitor() as other:
        await seated(ada, topic, "Ada")
        _, verdict = await other.join(topic, ChatRoom.join, JoinRoom(name="ADA"))

    assert verdict == NameTaken(name="Ada")


async def test_the_same_visitor_takes_its_seat_over_from_a_dead_connection() -> None:
    topic, ada_id = new_room(), new_id()
    async with visitor(ada_id) as old, visitor(ada_id) as new:
        before = await seated(old, topic, "Ada")
        after = await seated(new, topic, "Ada")

        assert await after.presences(ChatRoom.here) == {"Ada": [Seated(seat=1)]}
        assert await before.expect(Removed) == Removed(by=None)
        assert await before.expect_ended() == Ended("phx_close")


async def test_typing_is_shown_to_the_others_only() -> None:
    topic = new_room()
    async with visitor() as ada, visitor() as bob:
        hers = await seated(ada, topic, "Ada")
        his = await seated(bob, topic, "Bob")
        await hers.expect(Arrived)
        await hers.send(ChatRoom.typing, Keystroke())

        assert await his.expect(Typing) == Typing(name="Ada")
        await hers.expect_nothing()


async def test_the_moderator_removes_a_member_and_nobody_else_does() -> None:
    topic = new_room()
    async with visitor() as ada, visitor() as bob:
        hers = await seated(ada, topic, "Ada")
        his = await seated(bob, topic, "Bob")
        with pytest.raises(CallFailed, match="forbidden"):
            await his.call(ChatRoom.kick, Kick(name="Ada"))

        assert await hers.call(ChatRoom.kick, Kick(name="Nobody")) == NoSuchMember(name="Nobody")
        assert await hers.call(ChatRoom.kick, Kick(name="Bob")) == Ok()
        assert await his.expect(Removed) == Removed(by="Ada")
        assert await his.expect_ended() == Ended("phx_close")
        assert (await hers.expect(Departed)).removed_by == "Ada"


async def test_a_lost_connection_frees_the_seat() -> None:
    topic = new_room()
    async with visitor() as ada:
        hers = await seated(ada, topic, "Ada")
        async with visitor() as bob:
            await seated(bob, topic, "Bob")
            bob.drop()

        assert await hers.expect(Departed) == Departed(name="Bob", removed_by=None)
        assert await hers.presences(ChatRoom.here) == {"Ada": [Seated(seat=1)]}


async def test_a_full_room_says_how_many_it_holds() -> None:
    topic = new_room()
    room = topic.name.removeprefix("room:")
    async with visitor() as ada:
        for n in range(SEATS):
            rooms[room].take(f"Guest {n}", new_id())
        _, verdict = await ada.join(topic, ChatRoom.join, JoinRoom(name="Late"))

    assert verdict == RoomFull(limit=SEATS)

"""A generated module is the type of a client that talks to the server it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_type
from uuid import uuid4

import anyio
import pytest

from channelkit import Endpoint, Event, Join, Ok, Server, Topic
from channelkit.client import connect
from channelkit.errors import CallFailed
from examples.chat import app

from .golden import chat_client as chat

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.anyio

ID = "0123456789abcdef" * 2


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """Where the chat is served, by its own classes."""
    server = Server(Endpoint("/socket", channels=[app.ChatRoom], connect=app.connect), port=0)

    async def serve(*, task_status: Any) -> None:
        await server.serve(task_status=task_status)

    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(serve)
        yield f"ws://localhost:{address.port}/socket"
        tasks.cancel_scope.cancel()


async def test_what_a_module_declares_is_what_the_server_says(url: str) -> None:
    topic = chat.ChatRoom.topic_for(name=uuid4().hex)  # the chat remembers rooms
    async with connect(url, chat.Hello(visitor=ID)) as socket:
        room, verdict = await socket.join(topic, chat.ChatRoom.join, chat.JoinRoom(name="Ann"))

        assert isinstance(verdict, chat.Welcome)
        accepted = await room.call(chat.ChatRoom.new_msg, chat.NewMsg(id=ID, body=" hi "))
        assert_type(accepted, chat.Accepted)
        posted = await anext(aiter(room))
        assert isinstance(posted, chat.Posted)
        assert (posted.user, posted.body, posted.at) == ("Ann", "hi", accepted.at)
        gone = await room.call(chat.ChatRoom.kick, chat.Kick(name="Bob"))
        assert_type(gone, Ok | chat.NoSuchMember)
        assert gone == chat.NoSuchMember(name="Bob")
        assert await room.presences(chat.ChatRoom.here) == {"Ann": [chat.Seated(seat=1)]}


async def test_a_declared_refusal_is_a_value_of_the_module(url: str) -> None:
    topic = chat.ChatRoom.topic_for(name=uuid4().hex)  # the chat remembers rooms
    async with (
        connect(url, chat.Hello(visitor=ID)) as ann,
        connect(url, chat.Hello(visitor=ID[::-1])) as other,
    ):
        await ann.join(topic, chat.ChatRoom.join, chat.JoinRoom(name="Ann"))
        _, verdict = await other.join(topic, chat.ChatRoom.join, chat.JoinRoom(name="Ann"))

    assert verdict == chat.NameTaken(name="Ann")


async def test_who_is_not_allowed_is_told_by_the_framework(url: str) -> None:
    topic = chat.ChatRoom.topic_for(name=uuid4().hex)  # the chat remembers rooms
    async with (
        connect(url, chat.Hello(visitor=ID)) as ann,
        connect(url, chat.Hello(visitor=ID[::-1])) as bob,
    ):
        await ann.join(topic, chat.ChatRoom.join, chat.JoinRoom(name="Ann"))
        room, _ = await bob.join(topic, chat.ChatRoom.join, chat.JoinRoom(name="Bob"))

        with pytest.raises(CallFailed, match="forbidden"):
            await room.call(chat.ChatRoom.kick, chat.Kick(name="Ann"))


def test_its_types_are_those_of_the_server() -> None:
    topic = chat.ChatRoom.topic_for(name="a")

    assert_type(
        topic,
        Topic[chat.Posted | chat.Typing | chat.Arrived | chat.Departed | chat.Removed],
    )
    assert_type(
        chat.ChatRoom.join,
        Join[chat.ChatRoom, chat.JoinRoom, chat.Welcome | chat.NameTaken | chat.RoomFull],
    )
    assert_type(chat.ChatRoom.new_msg, Event[chat.ChatRoom, chat.NewMsg, chat.Accepted])
    assert topic.name == "room:a"

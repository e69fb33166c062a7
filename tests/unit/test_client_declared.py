from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from channelkit import (
    Channel,
    DeclarationError,
    LocalProtocolError,
    Message,
    Ok,
    Presence,
    Refusal,
    Router,
    Topic,
    channel,
    on_event,
    on_join,
)
from channelkit.client.declared import declared


class JoinRoom(Message):
    token: str


class RoomFull(Refusal):
    limit: int


class Posted(Message):
    body: str


class Online(Message):
    status: str


@channel("room:{room_id}")
class Room(Channel[Any, Posted]):
    """Handlers that only declare, as a generated module has them."""

    room_id: int
    here = Presence(Online)

    @on_join
    async def join(self, params: JoinRoom) -> Posted | RoomFull:
        raise NotImplementedError

    @on_event("new_msg")
    async def new_msg(self, message: Posted) -> Ok:
        raise NotImplementedError

    @on_event("history")
    async def history(self, message: JoinRoom) -> AsyncIterator[Posted | RoomFull]:
        raise NotImplementedError
        yield


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: JoinRoom) -> None:
        raise NotImplementedError


@channel("vip:{room_id}")
class Vip(Room):
    pass


@channel("none")
class NoJoin(Channel[None]):
    pass


def test_a_class_that_only_declares_is_compiled_once() -> None:
    route = declared(Room.topic_for(room_id=1), Room.join)

    assert route.channel is Room
    assert [plan.event for plan in route.events] == ["new_msg", "history"]
    assert declared(Room.topic_for(room_id=2), Room.join) is route


def test_an_inherited_join_belongs_to_the_class_that_made_the_topic() -> None:
    assert declared(Vip.topic_for(room_id=1), Vip.join).channel is Vip


def test_a_topic_in_a_router_is_its_channel_s() -> None:
    router = Router("eu:", Room)

    assert declared(router.topic(Room.topic_for(room_id=1)), Room.join).channel is Room


def test_a_topic_of_another_channel_is_refused() -> None:
    with pytest.raises(LocalProtocolError, match=r"'lobby' is a topic of Lobby: join it with"):
        declared(Lobby.topic_for(), Room.join)


@pytest.mark.parametrize("topic", [Topic[Any]("room:1"), "room:1", Topic[Any]("room:1", int)])
def test_a_topic_that_no_class_made_is_refused(topic: Any) -> None:
    with pytest.raises(LocalProtocolError, match=r"made by topic_for\(...\), got "):
        declared(topic, Room.join)


def test_what_is_wrong_with_the_class_is_told() -> None:
    with pytest.raises(DeclarationError, match="CK009"):
        declared(NoJoin.topic_for(), Room.join)

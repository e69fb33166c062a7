from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from channelkit.channel import Channel
from channelkit.declare import channel
from channelkit.errors import LocalProtocolError
from channelkit.mailbox import Mailbox
from channelkit.messages import Message
from channelkit.topics import PatternError, Topic


class User(Message):
    name: str


class Posted(Message):
    body: str


@channel("room:{room_id}")
class Room(Channel[User, Posted]):
    room_id: int


class Unmarked(Channel[User, Posted]):
    pass


class Full:
    """An inbox into which nothing goes."""

    open = False

    def inform(self, info: object) -> bool:
        return False


BOX = Mailbox[object]("room:1", Full())


class FakePort:
    """Notes what a channel says through its port."""

    topic = "room:1"
    assigns = User(name="ann")
    socket = SimpleNamespace(id="user:ann")

    def __init__(self) -> None:
        self.said: list[object] = []

    async def push(self, message: Message) -> None:
        self.said.append(("push", message))

    def push_nowait(self, message: Message) -> None:
        self.said.append(("push_nowait", message))

    async def broadcast(self, message: Message, *, to_self: bool) -> None:
        self.said.append(("broadcast", message, to_self))

    def broadcast_nowait(self, message: Message, *, to_self: bool) -> None:
        self.said.append(("broadcast_nowait", message, to_self))

    def inform(self, info: object) -> None:
        self.said.append(("inform", info))

    @property
    def mailbox(self) -> Mailbox:
        return BOX

    def stop(self, error: str | None) -> None:
        self.said.append(("stop", error))


def member() -> tuple[Room, FakePort]:
    """A channel instance as a join makes it."""
    port = FakePort()
    room = object.__new__(Room)
    room.__dict__.update(room_id=1, _port=port)
    return room, port


def finished(coroutine: Any) -> None:
    """Run what needs no event loop, since the fake port never waits."""
    with pytest.raises(StopIteration):
        coroutine.send(None)


def test_a_channel_class_makes_the_topic_of_its_parameters() -> None:
    assert Room.topic_for(room_id=42) == Topic("room:42")


def test_parameters_that_make_no_topic_are_refused() -> None:
    without: Any = Room.topic_for

    with pytest.raises(PatternError, match=r"^room:\{room_id\} takes the parameters room_id, got"):
        without()


def test_a_class_without_a_pattern_has_no_topics() -> None:
    with pytest.raises(LocalProtocolError, match=r"needs a class under @channel\(pattern\)$"):
        Unmarked.topic_for()


def test_a_channel_is_made_by_a_join_never_called() -> None:
    with pytest.raises(LocalProtocolError, match=r"^Room is made by a join, never called"):
        Room(room_id=1)


def test_a_member_knows_its_topic_its_socket_and_what_connect_returned() -> None:
    room, port = member()

    assert (room.topic, room.room_id) == ("room:1", 1)
    assert room.assigns is port.assigns
    assert room.socket is port.socket
    assert room.mailbox is BOX


def test_what_a_member_says_goes_through_its_port() -> None:
    room, port = member()
    posted = Posted(body="hi")

    finished(room.push(posted))
    room.push_nowait(posted)
    finished(room.broadcast(posted))
    room.broadcast_nowait(posted)
    finished(room.broadcast_from(posted))
    room.broadcast_from_nowait(posted)
    room.inform("tick")

    assert port.said == [
        ("push", posted),
        ("push_nowait", posted),
        ("broadcast", posted, True),
        ("broadcast_nowait", posted, True),
        ("broadcast", posted, False),
        ("broadcast_nowait", posted, False),
        ("inform", "tick"),
    ]


def test_a_member_stops_normally_or_with_an_error() -> None:
    room, port = member()

    room.stop()
    room.stop(error="out of sync")

    assert port.said == [("stop", None), ("stop", "out of sync")]

"""The decorators: each leaves a mark, and does nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from channelkit import (
    Channel,
    Event,
    Exit,
    Join,
    Message,
    Ok,
    Open,
    after_join,
    channel,
    on_broadcast,
    on_event,
    on_info,
    on_join,
    on_leave,
)
from channelkit.declare import AfterJoin, OnBroadcast, OnEvent, OnEventFor, OnInfo, OnLeave

if TYPE_CHECKING:
    from collections.abc import Coroutine


class Posted(Message):
    body: str


def may(_: Room) -> bool:
    return True


@channel("room:{room_id}")
class Room(Channel[None, Posted]):
    """What the tests look at."""

    room_id: int

    @on_join
    async def join(self, params: Open) -> None:
        """Everybody may."""

    @after_join
    async def announce(self) -> None: ...

    @on_event("new_msg")
    async def new_msg(self, message: Open) -> Ok:
        return Ok()

    @on_event("kick", allow=may, concurrent=True)
    async def kick(self, message: Open) -> Ok:
        return Ok()

    @on_info
    async def number(self, info: int) -> None: ...

    @on_broadcast
    async def hide(self, message: Posted) -> Posted | None: ...

    @on_leave
    async def left(self, reason: Exit) -> None: ...


def member() -> Room:
    """An instance as a join makes it: without a constructor."""
    return Room.__new__(Room)


def result(coroutine: Coroutine[Any, Any, object]) -> object:
    """What a coroutine returns that never waits."""
    with pytest.raises(StopIteration) as raised:
        coroutine.send(None)
    return raised.value.value


def test_the_pattern_is_remembered_on_the_class() -> None:
    assert Room.__pattern__ == "room:{room_id}"
    assert Channel.__pattern__ is None


def test_seen_from_the_class_marks_are_typed_values() -> None:
    assert isinstance(Room.join, Join)
    assert isinstance(Room.new_msg, Event)
    assert isinstance(Room.announce, AfterJoin)
    assert isinstance(Room.number, OnInfo)
    assert isinstance(Room.hide, OnBroadcast)
    assert isinstance(Room.left, OnLeave)


def test_an_event_remembers_its_decorator() -> None:
    plain, permitted = Room.new_msg, Room.kick

    assert (plain.name, plain.allow, plain.concurrent) == ("new_msg", None, False)
    assert (permitted.name, permitted.allow, permitted.concurrent) == ("kick", may, True)


def test_seen_from_an_instance_marks_are_the_bound_handlers() -> None:
    room = member()

    assert result(room.new_msg(Open(payload=1))) == Ok()
    assert result(room.join(Open(payload={}))) is None
    assert result(room.announce()) is None


def test_a_mark_keeps_the_function_itself() -> None:
    assert Room.join.handler.__name__ == "join"
    assert Room.join.handler.__doc__ == "Everybody may."


def test_on_event_alone_is_a_mark_that_waits_for_its_method() -> None:
    assert isinstance(on_event("a"), OnEvent)
    assert isinstance(on_event("a", allow=may), OnEventFor)


def test_decorating_checks_nothing() -> None:
    wrong: Any = "no function"

    assert on_join(wrong).handler is wrong
    assert on_event("phx_join")(wrong).name == "phx_join"

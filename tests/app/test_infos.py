"""Infos: typed messages from this program to one member, a topic's, or a socket's."""

from __future__ import annotations

import gc
import logging
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import anyio
import pytest
from pydantic import BaseModel

from channelkit import (
    Channel,
    Endpoint,
    Limits,
    Mailbox,
    Message,
    Ok,
    Open,
    Refusal,
    after_join,
    channel,
    on_event,
    on_info,
    on_join,
)
from channelkit.testing import Ended, connect

if TYPE_CHECKING:
    from channelkit.testing import ClientRoom, ClientSocket

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Tick:
    """An info."""

    n: int


@dataclass(frozen=True)
class LateTick(Tick):
    """A kind of it."""


@dataclass(frozen=True)
class Started:
    """Another."""


@dataclass(frozen=True)
class Boom:
    """One whose handler raises."""


class Heard(Message):
    """What a member makes of an info."""

    what: str


class Full(Refusal):
    """No place."""


@dataclass
class Stage:
    """What the test and the members share."""

    boxes: dict[str, Mailbox[Tick]] = field(default_factory=dict[str, Mailbox[Tick]])
    order: list[str] = field(default_factory=list[str])
    gate: anyio.Event = field(default_factory=anyio.Event)


class User(BaseModel, arbitrary_types_allowed=True):
    """The assigns."""

    stage: Stage
    name: str


class Login(Message):
    """Who connects."""

    name: str = "ann"


@channel("room:{name}")
class Room(Channel[User, Heard]):
    """Tells its client what it was told."""

    name: str

    @on_join
    async def join(self, params: Open) -> Full | None:
        """Keep the mailbox of whoever asks."""
        self.assigns.stage.boxes[f"{self.assigns.name}@{self.name}"] = self.mailbox
        match params.payload:
            case "full":
                return Full()
            case "wait":
                await self.assigns.stage.gate.wait()
            case _:
                pass
        return None

    @after_join
    async def greet(self) -> None:
        """It is the same one ever after."""
        assert self.assigns.stage.boxes[f"{self.assigns.name}@{self.name}"] is self.mailbox

    @on_event("info")
    async def event(self, message: Open) -> Ok:
        """What a client sends under that name is an event like others."""
        await self.push(Heard(what="an event"))
        return Ok()

    @on_event("stop")
    async def stop_now(self, message: Open) -> Ok:
        """End."""
        self.stop()
        assert not self.mailbox.open
        return Ok()

    @on_event("wait")
    async def wait(self, message: Open) -> Ok:
        """Take as long as the test wants."""
        await self.assigns.stage.gate.wait()
        return Ok()

    @on_info
    async def tick(self, info: Tick | Started) -> None:
        """Pass on what it is."""
        self.assigns.stage.order.append(self.name)
        await self.push(Heard(what=repr(info)))

    @on_info
    async def boom(self, info: Boom) -> None:
        """Raise."""
        raise RuntimeError("as asked")


def endpoint(stage: Stage, limits: Limits | None = None) -> Endpoint[User]:
    """One whose sockets have ids."""

    async def enter(params: Login) -> User:
        return User(stage=stage, name=params.name)

    return Endpoint(
        "/socket",
        [Room],
        enter,
        identify=lambda user: f"user:{user.name}",
        limits=limits or Limits(),
    )


async def joined(socket: ClientSocket, name: str) -> ClientRoom[Room]:
    room, _ = await socket.join(Room.topic_for(name=name), Room.join, Open(payload={}))
    return room


def heard(n: int) -> Heard:
    return Heard(what=f"Tick(n={n})")


async def test_a_mailbox_reaches_its_member_and_no_other() -> None:
    stage = Stage()
    app = endpoint(stage)
    async with connect(app) as ann, connect(app, Login(name="bob")) as bob:
        one, other, theirs = await joined(ann, "1"), await joined(ann, "2"), await joined(bob, "1")

        assert stage.boxes["ann@1"].inform(Tick(1))

        assert await one.expect(Heard) == heard(1)
        await other.expect_nothing()
        await theirs.expect_nothing()


async def test_an_info_to_a_topic_reaches_its_members_and_one_to_an_id_its_sockets_channels() -> (
    None
):
    app = endpoint(Stage())
    async with connect(app) as ann, connect(app, Login(name="bob")) as bob:
        one, other, theirs = await joined(ann, "1"), await joined(ann, "2"), await joined(bob, "1")

        assert app.inform(Room.topic_for(name="1"), Tick(1)) == 2
        assert [await room.expect(Heard) for room in (one, theirs)] == [heard(1)] * 2
        assert app.inform("user:ann", Tick(2)) == 2
        assert [await room.expect(Heard) for room in (one, other)] == [heard(2)] * 2
        assert app.inform("user:nobody", Tick(3)) == 0
        await theirs.expect_nothing()


async def test_the_channels_of_a_socket_are_told_newest_first(anyio_backend_name: str) -> None:
    """A.3, as the first Phoenix did; who is ready first runs first, but on trio that is chance."""
    stage = Stage()
    app = endpoint(stage)
    async with connect(app) as ann:
        rooms = [await joined(ann, name) for name in ("1", "2", "3")]
        app.inform("user:ann", Tick(1))
        for room in rooms:
            await room.expect(Heard)

    assert sorted(stage.order) == ["1", "2", "3"]
    assert anyio_backend_name == "trio" or stage.order == ["3", "2", "1"]


async def test_an_info_waits_for_what_came_before_it() -> None:
    stage = Stage()
    async with connect(endpoint(stage)) as ann:
        room = await joined(ann, "1")
        await room.send(Room.wait, Open(payload={}))
        await ann.patience.passes()
        stage.boxes["ann@1"].inform(Tick(1))
        stage.boxes["ann@1"].inform(Tick(2))
        await ann.patience.passes()
        assert len(ann.received) == 1
        stage.gate.set()

        assert [await room.expect(Heard), await room.expect(Heard)] == [heard(1), heard(2)]
        assert [type(each).__name__ for each in ann.received[1:]] == ["Reply", "Push", "Push"]


async def test_what_a_pending_member_is_sent_waits_for_its_grant() -> None:
    stage = Stage()
    app = endpoint(stage)
    async with connect(app) as ann:
        room = ann.join_nowait(Room.topic_for(name="1"), Room.join, Open(payload="wait"))
        await ann.patience.passes()
        assert stage.boxes["ann@1"].inform(Tick(1))
        assert app.inform(Room.topic_for(name="1"), Tick(2)) == 0
        assert app.inform("user:ann", Tick(3)) == 0
        stage.gate.set()

        assert await room.expect(Heard) == heard(1)
        await room.expect_nothing()
        assert ann.received[0].topic == "room:1"
        assert [type(each).__name__ for each in ann.received] == ["Reply", "Push"]


async def test_the_mailbox_of_a_member_that_is_none_is_closed() -> None:
    stage = Stage()
    async with connect(endpoint(stage)) as ann:
        await ann.join(Room.topic_for(name="full"), Room.join, Open(payload="full"))
        left, stopped, crashed = [await joined(ann, name) for name in "123"]
        await left.leave()
        await stopped.call(Room.stop_now, Open(payload={}))
        await stopped.expect_ended()
        await crashed.inform(Boom())
        await crashed.expect_ended()

        assert len(stage.boxes) == 4
        assert [box.inform(Tick(0)) for box in stage.boxes.values()] == [False] * 4
        assert not any(box.open for box in stage.boxes.values())


async def test_a_second_join_has_a_mailbox_of_its_own() -> None:
    stage = Stage()
    async with connect(endpoint(stage)) as ann:
        await joined(ann, "1")
        first = stage.boxes["ann@1"]
        second = await joined(ann, "1")

        assert not first.inform(Tick(1))
        assert stage.boxes["ann@1"].inform(Tick(2))
        assert await second.expect(Heard) == heard(2)


async def test_a_mailbox_that_is_kept_keeps_nothing_of_its_member() -> None:
    stage = Stage()
    async with connect(endpoint(stage)) as ann:
        await joined(ann, "1")
    gc.collect()

    assert not stage.boxes["ann@1"].inform(Tick(1))


async def test_another_thread_sends_infos_in_all_three_ways() -> None:
    stage = Stage()
    app = endpoint(stage)
    async with connect(app) as ann:
        room = await joined(ann, "1")
        ways = [
            partial(app.from_thread.inform, stage.boxes["ann@1"], Tick(0)),
            partial(app.from_thread.inform, Room.topic_for(name="1"), Tick(1)),
            partial(app.from_thread.inform, "user:ann", Tick(2)),
        ]
        for way in ways:
            await anyio.to_thread.run_sync(way)

        assert [await room.expect(Heard) for _ in range(3)] == [heard(n) for n in range(3)]


async def test_a_handler_takes_a_union_and_the_subclasses_of_its_classes() -> None:
    async with connect(endpoint(Stage())) as ann:
        room = await joined(ann, "1")
        await room.inform(LateTick(1))
        await room.inform(Started())

        assert await room.expect(Heard) == Heard(what="LateTick(n=1)")
        assert await room.expect(Heard) == Heard(what="Started()")


async def test_an_info_that_no_handler_takes_is_a_warning_without_its_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connect(endpoint(Stage())) as ann:
        room = await joined(ann, "1")
        await room.inform("a secret")
        await room.inform(Tick(1))

        assert await room.expect(Heard) == heard(1)
    (line,) = (line for line in caplog.messages if line.startswith("unhandled info"))
    assert line.endswith("info=str")


async def test_one_that_raises_ends_its_member_alone() -> None:
    app = endpoint(Stage())
    async with connect(app) as ann, connect(app, Login(name="bob")) as bob:
        one, other, theirs = await joined(ann, "1"), await joined(ann, "2"), await joined(bob, "1")
        await one.inform(Boom())

        assert await one.expect_ended() == Ended("phx_error", "channel_crash")
        assert app.inform(Room.topic_for(name="1"), Tick(1)) == 1
        assert app.inform("user:ann", Tick(2)) == 1
        assert await theirs.expect(Heard) == heard(1)
        assert await other.expect(Heard) == heard(2)


async def test_more_than_the_limit_ends_the_member_and_the_mailbox_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "channelkit")
    stage = Stage()
    async with connect(endpoint(stage, Limits(infos=3))) as ann:
        room = await joined(ann, "1")
        await room.send(Room.wait, Open(payload={}))
        await ann.patience.passes()

        took = [stage.boxes["ann@1"].inform(Tick(n)) for n in range(5)]

        assert took == [True, True, True, False, False]
        assert await room.expect_ended() == Ended("phx_error", "overloaded")


@pytest.mark.parametrize("vsn", ["0.x", "1.0.0", "2.0.0"])
async def test_no_client_reaches_an_info_handler_under_any_name(vsn: str) -> None:
    names = ["tick", "Tick", "boom", "Boom", "on_info", "inform", "__info__", "phx_info"]
    async with connect(endpoint(Stage()), vsn=vsn) as ann:
        room = ann.join_nowait(Room.topic_for(name="1"), Room.join, Open(payload={}))
        for name in names:
            ann.push("room:1", name, {"n": 1})
        ann.push("room:1", "info", {"n": 1})

        assert await room.expect(Heard) == Heard(what="an event")
        await ann.heartbeat()
        assert [each.payload for each in room.unread if each.event == "heard"] == []
        assert room.ended is None


async def test_a_room_that_nobody_joined_has_nobody_to_inform() -> None:
    async with connect(endpoint(Stage())) as ann:
        room, _ = await ann.join(Room.topic_for(name="1"), Room.join, Open(payload="full"))
        with pytest.raises(AssertionError, match="room:1 has no member to inform; nothing is"):
            await room.inform(Tick(1))

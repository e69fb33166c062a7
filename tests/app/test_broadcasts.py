from __future__ import annotations

from functools import partial
from typing import Any

import anyio
import anyio.to_thread
import pytest

from channelkit import LocalProtocolError, Message, Topic
from channelkit.testing import connect
from channelkit.wire import Broadcast, Push

from .rooms import JoinRoom, Journal, Login, Room, Said, Say, Secret, Welcome, make_endpoint

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)


async def test_a_broadcast_reaches_every_member_the_sender_too() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        hers, _ = await ann.join(ROOM, Room.join, JoinRoom())
        his, _ = await bob.join(ROOM, Room.join, JoinRoom())
        await hers.call(Room.say, Say(body="hi"))

        assert await hers.expect(Said) == Said(name="ann", body="hi")
        assert await his.expect(Said) == Said(name="ann", body="hi")


async def test_a_broadcast_carries_neither_ref_nor_join_ref_and_precedes_the_reply() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)
        before = len(ann.received)
        await room.call(Room.say, Say(body="hi"))

    assert ann.received[before] == Broadcast(str(ROOM), "said", {"name": "ann", "body": "hi"})


async def test_broadcast_from_omits_the_sender() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        hers, _ = await ann.join(ROOM, Room.join, JoinRoom())
        his, _ = await bob.join(ROOM, Room.join, JoinRoom())
        await hers.expect(Welcome)
        await hers.send(Room.say_from, Say(body="hi"))

        assert await his.expect(Said) == Said(name="ann", body="hi")
        await hers.expect_nothing()


async def test_an_intercepted_broadcast_is_changed_or_dropped_for_each_member() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        hers, _ = await ann.join(ROOM, Room.join, JoinRoom())
        his, _ = await bob.join(ROOM, Room.join, JoinRoom())
        await his.expect(Welcome)
        await his.call(Room.whisper, Say(body="psst"))

        assert await hers.expect(Secret) == Secret(body="PSST")
        await his.expect_nothing()


async def test_an_intercepted_broadcast_goes_out_as_a_push_behind_the_reply() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)
        await room.call(Room.whisper, Say(body="psst"))
        await room.expect(Secret)

    assert ann.received[-1] == Push(room.join_ref, None, str(ROOM), "secret", {"body": "PSST"})


async def test_a_raw_broadcast_goes_out_as_it_is() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await endpoint.broadcast_raw(str(ROOM), "anything", {"at": ["all"]})

        assert await room.expect_event("anything") == {"at": ["all"]}


async def test_a_raw_broadcast_of_what_is_no_object_is_refused_where_it_is_made() -> None:
    endpoint = make_endpoint(Journal())
    payload: Any = ["all"]

    with pytest.raises(LocalProtocolError, match="must be a JSON object or bytes, got"):
        await endpoint.broadcast_raw(str(ROOM), "anything", payload)


async def test_a_raw_broadcast_that_does_not_fit_an_interceptor_is_skipped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.expect(Welcome)
        await endpoint.broadcast_raw(str(ROOM), "secret", {"body": 1})
        await room.expect_nothing()

    assert "intercept skipped" in caplog.text


async def test_a_thread_broadcasts_and_informs_and_disconnects() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await anyio.to_thread.run_sync(
            endpoint.from_thread.broadcast, ROOM, Said(name="thread", body="hi")
        )
        assert await room.expect(Said) == Said(name="thread", body="hi")

        await anyio.to_thread.run_sync(partial(endpoint.from_thread.disconnect, "user:ann"))
        assert (await ann.expect_closed()).code == 1001


async def test_a_thread_that_broadcasts_to_nobody_is_done_at_once() -> None:
    endpoint = make_endpoint(Journal())

    await anyio.to_thread.run_sync(
        endpoint.from_thread.broadcast, ROOM, Said(name="thread", body="hi")
    )


async def test_broadcasts_of_one_task_arrive_in_order() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        for n in range(200):
            await endpoint.broadcast(ROOM, Said(name="loop", body=str(n)))
        bodies = [(await room.expect(Said)).body for _ in range(200)]

    assert bodies == [str(n) for n in range(200)]


async def test_a_subclass_of_a_declared_push_goes_out_as_what_is_declared() -> None:
    class SaidMore(Said):
        secret: str = "hidden"

    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await endpoint.broadcast(ROOM, SaidMore(name="ann", body="hi"))

        assert await room.expect_event("said") == {"name": "ann", "body": "hi"}


async def test_an_undeclared_broadcast_is_refused_at_run_time_too() -> None:
    class Unknown(Message):
        pass

    endpoint = make_endpoint(Journal())

    with pytest.raises(LocalProtocolError, match="Room does not declare Unknown"):
        await endpoint.broadcast(Topic[Unknown](str(ROOM)), Unknown())
    with pytest.raises(LocalProtocolError, match="no channel of /socket has the topic 'nope'"):
        await endpoint.broadcast(Topic[Unknown]("nope"), Unknown())
    with pytest.raises(LocalProtocolError, match=r"made by topic_for\(...\), got 'room:1'"):
        await endpoint.broadcast("room:1", Unknown())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

"""C7: the channel's verbs."""

from __future__ import annotations

import anyio
import pytest

from channelkit.testing import connect, watch
from channelkit.wire import Broadcast, Push, Reply

from ..app.rooms import (
    Count,
    JoinRoom,
    Journal,
    Login,
    Room,
    Said,
    Say,
    Welcome,
    make_endpoint,
)

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)


async def test_c7_1_broadcast_from_leaves_the_sender_out() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        hers, _ = await ann.join(ROOM, Room.join, JoinRoom())
        his, _ = await bob.join(ROOM, Room.join, JoinRoom())
        await hers.expect(Welcome)
        with watch(endpoint, ROOM) as seen:
            await hers.send(Room.say_from, Say(body="hi"))
            assert await his.expect(Said) == Said(name="ann", body="hi")

        assert seen.messages == [Said(name="ann", body="hi")]
        await hers.expect_nothing()


async def test_c7_2_broadcast_includes_the_sender() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await room.call(Room.say, Say(body="hi"))

        assert await room.expect(Said) == Said(name="ann", body="hi")


async def test_c7_3_a_broadcast_from_elsewhere_reaches_all() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        rooms = [(await one.join(ROOM, Room.join, JoinRoom()))[0] for one in (ann, bob)]
        await endpoint.broadcast(ROOM, Said(name="nobody", body="hi"))

        for room in rooms:
            assert await room.expect(Said) == Said(name="nobody", body="hi")
        assert ann.received[-1] == Broadcast(str(ROOM), "said", {"name": "nobody", "body": "hi"})


async def test_c7_4_a_push_goes_to_the_own_client() -> None:
    endpoint = make_endpoint(Journal())
    async with connect(endpoint) as ann, connect(endpoint, Login(name="bob")) as bob:
        hers, _ = await ann.join(ROOM, Room.join, JoinRoom())
        his, _ = await bob.join(ROOM, Room.join, JoinRoom())
        await hers.expect(Welcome)
        await his.expect(Welcome)
        await hers.call(Room.inform_self, Say(body="abc"))

        assert await hers.expect(Count) == Count(n=3)
        assert ann.received[-1] == Push(hers.join_ref, None, str(ROOM), "count", {"n": 3})
        await his.expect_nothing()


async def test_c7_5_a_later_reply_carries_its_ref_and_its_payload() -> None:
    journal = Journal()
    async with connect(make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        later = ann.push(str(ROOM), "beside", {"body": "abc"}, join_ref=room.join_ref)
        assert await room.call(Room.counted, Say(body="x")) == Count(n=1)
        journal.gate.set()

        reply = await ann.replied(later, lambda: "no reply")

    assert reply == Reply(room.join_ref, later.ref, str(ROOM), "ok", {"n": 3})


async def test_c7_6_a_reply_of_a_status_alone_carries_an_empty_object() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        push = ann.push(str(ROOM), "say", {"body": "hi"}, join_ref=room.join_ref)

        reply = await ann.replied(push, lambda: "no reply")

    assert reply == Reply(room.join_ref, push.ref, str(ROOM), "ok", {})


async def test_c7_7_there_is_no_reply_but_the_one_of_the_push_that_is_handled() -> None:
    async with connect(make_endpoint(Journal())) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        unasked = ann.push(str(ROOM), "say", {"body": "hi"}, join_ref=room.join_ref, ref="7")
        await ann.replied(unasked, lambda: "no reply")
        before = len(ann.received)
        await anyio.wait_all_tasks_blocked()

        assert [one for one in ann.received[before:] if isinstance(one, Reply)] == []
        assert not hasattr(Room, "reply")

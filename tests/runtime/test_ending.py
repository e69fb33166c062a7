"""Ends that meet something else on their way."""

from __future__ import annotations

import gc
import logging
import weakref
from typing import TYPE_CHECKING, cast

import anyio
import anyio.lowlevel
import pytest

from channelkit import (
    CallFailed,
    Channel,
    Endpoint,
    Exit,
    Limits,
    Ok,
    channel,
    exits,
    on_join,
    on_leave,
)
from channelkit.testing import Closed, Ended, connect
from channelkit.wire import Push, Reply

from ..app import rooms
from ..app.rooms import JoinRoom, Journal, Room, Say, Welcome
from .hall import Books, Enter, Hall, Hello, Number, make_endpoint

if TYPE_CHECKING:
    from pydantic import JsonValue

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)
HALL = Hall.topic_for(name="a")


async def test_an_overflow_between_an_end_and_the_held_join_closes_that_connection_alone() -> None:
    books = Books()
    endpoint = make_endpoint(books, Limits(outbox_frames=1))
    async with connect(endpoint, Enter()) as ann, connect(endpoint, Enter()) as bob:
        his, _ = await bob.join(HALL, Hall.enter, Enter())
        await ann.join(HALL, Hall.enter, Enter())
        await ann.patience.at_rest()
        ann.push(str(HALL), "phx_leave", {})
        ann.push(str(HALL), "phx_join", {}, join_ref="again")
        ann.carrier.block()

        assert await ann.expect_closed() == Closed(1013, "too slow")
        await his.call(Hall.tell, Number(n=1))
    assert [reason for _, reason in books.left] == [exits.Left(), exits.Closed(1000)]


async def test_closing_the_socket_waits_for_the_handler_that_asked_whatever_others_do() -> None:
    books = Books()
    async with connect(make_endpoint(books), Enter()) as ann:
        one, _ = await ann.join(HALL, Hall.enter, Enter())
        other, _ = await ann.join(Hall.topic_for(name="b"), Hall.enter, Enter())
        ann.push(str(HALL), "hang_up", {"n": 1}, ref="asked", join_ref=one.join_ref)
        await other.send(Hall.beside, Number(n=2))

        assert await ann.expect_closed() == Closed(4000)
    assert Reply(one.join_ref, "asked", str(HALL), "ok", {}) in ann.received


async def test_a_concurrent_handler_is_answered_before_the_socket_it_closes() -> None:
    journal = Journal()
    async with connect(rooms.make_endpoint(journal)) as ann:
        room, _ = await ann.join(ROOM, Room.join, JoinRoom())
        push = ann.push(str(ROOM), "beside", {"body": "ab"}, join_ref=room.join_ref)
        await ann.patience.passes()
        await room.call(Room.close, Say(body="x"))
        await ann.patience.passes()
        journal.gate.set()
        await ann.expect_closed()

    assert Reply(room.join_ref, push.ref, str(ROOM), "ok", {"n": 2}) in ann.received


async def test_a_member_that_is_over_can_still_close_its_socket() -> None:
    books = Books()
    async with connect(make_endpoint(books), Enter()) as ann:
        room, _ = await ann.join(HALL, Hall.enter, Enter())
        await room.leave()
        await ann.patience.passes()
        books.instances[0].socket.close(4001)

        assert await ann.expect_closed() == Closed(4001)


async def test_a_push_from_another_task_does_not_outlive_the_connection() -> None:
    books = Books()
    async with (
        anyio.create_task_group() as others,
        connect(make_endpoint(books), Enter()) as ann,
    ):
        await ann.join(HALL, Hall.enter, Enter())
        await ann.patience.at_rest()
        ann.carrier.block()
        others.start_soon(books.instances[0].push, Hello())
        await ann.patience.passes()
        assert ann.carrier.connection is not None
        ann.carrier.connection.close(exits.Disconnected(1001))
        await ann.expect_closed()

    assert [one.event for one in ann.received if isinstance(one, Push)] == ["hello", "hello"]


async def test_what_waits_in_the_outbox_leaves_before_the_close() -> None:
    books = Books()
    async with connect(make_endpoint(books), Enter()) as ann:
        room, _ = await ann.join(HALL, Hall.enter, Enter())
        await ann.patience.at_rest()
        push = ann.push(str(HALL), "tell", {"n": 1}, join_ref=room.join_ref)
        ann.carrier.block()
        await ann.patience.passes()
        assert not any(isinstance(one, Reply) and one.ref == push.ref for one in ann.received)
        books.instances[0].socket.close(4000)
        await ann.expect_closed()

    assert ann.received[-1] == Reply(room.join_ref, push.ref, str(HALL), "ok", {})


async def test_a_stop_in_the_join_takes_effect_after_the_reply() -> None:
    @channel("brief")
    class Brief(Channel[None]):
        @on_join
        async def enter(self, params: Enter) -> None:
            self.stop()

    async with connect(Endpoint("/socket", [Brief])) as ann:
        room, _ = await ann.join(Brief.topic_for(), Brief.enter, Enter())

        assert await room.expect_ended() == Ended("phx_close")


async def test_binary_that_has_no_form_with_these_refs_refuses_the_join() -> None:
    @channel("binary")
    class Binary(Channel[None]):
        @on_join
        async def enter(self, params: Enter) -> bytes:
            return b"x"

    endpoint = Endpoint("/socket", [Binary])
    async with connect(endpoint) as ann:
        push = ann.push("binary", "phx_join", {}, join_ref="j" * 300, ref="r")
        reply = await ann.replied(push, lambda: "no reply")

        assert (reply.status, reply.response) == ("error", {"reason": "binary not supported"})
        assert len(endpoint.hub.pubsub) == 0


async def test_infos_to_itself_without_end_refuse_the_join_as_overloaded() -> None:
    @channel("busy")
    class Busy(Channel[None]):
        @on_join
        async def enter(self, params: Enter) -> None:
            for _ in range(3):
                self.inform(1)
            await anyio.sleep_forever()

    async with connect(Endpoint("/socket", [Busy], limits=Limits(infos=2))) as ann:
        with pytest.raises(CallFailed, match="overloaded"):
            await ann.join(Busy.topic_for(), Busy.enter, Enter())


@pytest.mark.trio_clock
async def test_a_join_that_ignores_its_time_is_refused_and_still_said_farewell() -> None:
    reasons: list[Exit] = []

    @channel("stubborn")
    class Stubborn(Channel[None]):
        @on_join
        async def enter(self, params: Enter) -> None:
            with anyio.CancelScope(shield=True):
                await anyio.sleep(9)

        @on_leave
        async def left(self, reason: Exit) -> None:
            reasons.append(reason)

    async with connect(Endpoint("/socket", [Stubborn]), patience=60) as ann:
        with pytest.raises(CallFailed, match="join timeout"):
            await ann.join(Stubborn.topic_for(), Stubborn.enter, Enter())

    assert reasons == [exits.Stopped("join timeout")]


async def test_a_broadcast_without_json_form_is_the_publishers_fault_not_an_interceptors() -> None:
    books = Books()
    endpoint = make_endpoint(books)
    async with connect(endpoint, Enter()) as ann:
        room, _ = await ann.join(HALL, Hall.enter, Enter())
        unfit: dict[str, JsonValue] = {"n": cast("int", object())}
        with pytest.raises(ValueError, match="object"):
            await endpoint.broadcast_raw(str(HALL), "whispered", unfit)

        assert await room.call(Hall.tell, Number(n=1)) == Ok()


async def test_a_connection_that_is_over_is_not_kept_alive(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, logger="channelkit")  # a kept record keeps its traceback
    books = Books()
    endpoint = make_endpoint(books)
    async with connect(endpoint, Enter()) as ann:
        room, _ = await ann.join(HALL, Hall.enter, Enter())
        await room.send(Hall.crash, Number(n=1))
        await room.expect_ended()
        await ann.join(HALL, Hall.enter, Enter())
        member = weakref.ref(books.instances.pop())
        assert ann.carrier.connection is not None
        connection = weakref.ref(ann.carrier.connection)
    del ann, room
    books.instances.clear()
    books.left.clear()
    await anyio.lowlevel.checkpoint()
    gc.collect()

    assert (member(), connection()) == (None, None)


async def test_a_full_inbox_stops_the_reading_until_its_time_is_up() -> None:
    journal = Journal()
    async with connect(rooms.make_endpoint(journal, Limits(inbox=4))) as ann:
        one, _ = await ann.join(ROOM, Room.join, JoinRoom())
        await one.expect(Welcome)
        for _ in range(6):
            await one.send(Room.wait, Say(body="x"))
        await ann.elapse(4)
        assert ann.carrier.pending
        await ann.elapse(5.1)

        assert not ann.carrier.pending

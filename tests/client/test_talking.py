"""A client and our server, over a real socket: what is said, and its types."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest

from channelkit import CallFailed, Limits, LocalProtocolError, Ok, Open, exits
from channelkit.client import (
    ClientRoom,
    ClientSocket,
    Overrun,
    RoomClosed,
    RoomState,
    Settings,
    SocketState,
    connect,
)

from .app import (
    Accepted,
    JoinRoom,
    Lobby,
    Login,
    Muted,
    NewMsg,
    Online,
    Posted,
    Raw,
    Room,
    RoomFull,
    Typing,
    journal_of,
    serving,
)
from .app import (
    RoomState as RoomIs,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)
ANN = Login(name="ann")
QUICK = Settings(reconnect_after=(0.01,), rejoin_after=(0.01,))


@asynccontextmanager
async def talking(
    settings: Settings = QUICK, limits: Limits | None = None, **options: Any
) -> AsyncGenerator[ClientSocket]:
    """A client of a server of its own."""
    async with (
        serving(limits) as served,
        connect(served.url, ANN, settings=settings, **options) as socket,
    ):
        yield socket


async def joined(socket: ClientSocket) -> ClientRoom[Room, Posted | Typing | Raw]:
    """The client's room; what it got when it arrived is read."""
    room, _ = await socket.join(ROOM, Room.join, JoinRoom())
    assert await anext(room) == Typing(user="ann")
    return room


async def test_a_join_answers_with_its_verdict() -> None:
    async with talking() as socket:
        room, state = await socket.join(ROOM, Room.join, JoinRoom())

        assert state == RoomIs(members=1)
        assert (room.topic, room.state, socket.state) == (
            "room:1",
            RoomState.JOINED,
            SocketState.OPEN,
        )


async def test_a_refused_join_answers_with_its_refusal() -> None:
    async with talking() as socket:
        room, refusal = await socket.join(ROOM, Room.join, JoinRoom(token="full"))

        assert refusal == RoomFull(limit=1)
        assert room.state is RoomState.CLOSED
        assert [message async for message in room] == []
        with pytest.raises(CallFailed, match="closed"):
            await room.call(Room.new_msg, NewMsg(body="hi"))


async def test_a_join_that_answers_nothing_is_joined() -> None:
    async with talking() as socket:
        room, verdict = await socket.join(Lobby.topic_for(), Lobby.join, JoinRoom())

        assert verdict is None
        assert await room.call(Lobby.ping, NewMsg(body="hi")) == Ok()


async def test_a_join_that_crashes_fails() -> None:
    async with talking() as socket:
        with pytest.raises(CallFailed, match="join crashed"):
            await socket.join(Lobby.topic_for(), Lobby.join, JoinRoom(token="crash"))


async def test_a_join_of_another_channel_s_topic_is_refused_here() -> None:
    async with talking() as socket:
        with pytest.raises(LocalProtocolError, match="'lobby' is a topic of Lobby"):
            await socket.join(Lobby.topic_for(), Room.join, JoinRoom())


async def test_calls_answer_with_replies_and_refusals() -> None:
    async with talking() as socket:
        room = await joined(socket)

        assert await room.call(Room.new_msg, NewMsg(body="hi")) == Accepted(id=1)
        assert await room.call(Room.new_msg, NewMsg(body="rude")) == Muted()
        assert await room.call(Room.status, Online(status="away")) == Ok()


async def test_calls_at_once_get_each_its_own_reply() -> None:
    answers: dict[int, Open] = {}
    async with talking() as socket:
        room = await joined(socket)

        async def ask(number: int) -> None:
            answers[number] = await room.call(Room.echo, Open(payload=number))

        async with anyio.create_task_group() as tasks:
            for number in range(50):
                tasks.start_soon(ask, number)

    assert answers == {number: Open(payload=number) for number in range(50)}


@pytest.mark.parametrize("payload", [[1, "two", None], {"a": 1.5}, "text", None, b"\x00\xff"])
async def test_open_payloads_are_any_json_and_binary(payload: Any) -> None:
    async with talking() as socket:
        room = await joined(socket)

        assert await room.call(Room.echo, Open(payload=payload)) == Open(payload=payload)


async def test_binary_goes_both_ways() -> None:
    async with talking() as socket:
        room = await joined(socket)

        assert await room.call(Room.blob, b"\x00\x01\x02") == b"\x02\x01\x00"
        assert await anext(room) == Raw(payload=b"\x00\x01\x02")


async def test_an_invalid_payload_fails_with_its_errors() -> None:
    async with talking() as socket:
        room = await joined(socket)
        wrong: Any = Online(status="no body")

        with pytest.raises(CallFailed, match="invalid payload") as failed:
            await room.call(Room.new_msg, wrong)

        response = failed.value.response
        assert isinstance(response, dict)
        assert response["errors"] == [{"loc": ["body"], "type": "missing", "msg": "is required"}]


async def test_what_has_no_form_on_the_wire_is_refused_here() -> None:
    async with talking() as socket:
        room = await joined(socket)

        with pytest.raises(ValueError, match="surrogates"):
            await room.call(Room.new_msg, NewMsg.model_construct(body="\ud800"))
        assert await room.call(Room.new_msg, NewMsg(body="hi")) == Accepted(id=1)


async def test_a_send_waits_for_no_reply() -> None:
    async with talking() as socket:
        room = await joined(socket)

        await room.send(Room.quiet, NewMsg(body="one"))
        await room.send(Room.new_msg, NewMsg(body="two"))

        assert await anext(room) == Posted(user="ann", body="two")
        assert journal_of("ann").received == ["one", "two"]


async def test_pushes_come_in_order_from_the_join_on() -> None:
    async with talking() as socket:
        room, _ = await socket.join(ROOM, Room.join, JoinRoom())
        await room.call(Room.spam, Accepted(id=200))

        first = await anext(room)
        rest = [await anext(room) for _ in range(200)]

        assert first == Typing(user="ann")
        assert rest == [Posted(user="spam", body=str(number)) for number in range(200)]


async def test_an_iteration_ends_when_the_room_is_left() -> None:
    async with talking() as socket:
        room, _ = await socket.join(ROOM, Room.join, JoinRoom())
        await room.call(Room.new_msg, NewMsg(body="hi"))
        read: list[object] = []

        async for message in room.pushes():
            read.append(message)
            if message == Posted(user="ann", body="hi"):
                await room.leave()

        assert read == [Typing(user="ann"), Posted(user="ann", body="hi")]
        assert room.state is RoomState.CLOSED
        assert journal_of("ann").exits == [exits.Left()]
        await room.leave()


async def test_pushes_that_nobody_reads_are_bounded_and_the_gap_is_told() -> None:
    async with talking(Settings(unread=3)) as socket:
        room = await joined(socket)
        await room.call(Room.spam, Accepted(id=10))

        read = [await anext(room) for _ in range(3)]
        with pytest.raises(Overrun, match="7 pushes were dropped") as gap:
            await anext(room)
        await room.call(Room.new_msg, NewMsg(body="hi"))

        assert read == [Posted(user="spam", body=str(number)) for number in range(3)]
        assert gap.value.missed == 7
        assert await anext(room) == Posted(user="ann", body="hi")


async def test_rooms_of_one_socket_are_apart() -> None:
    async with talking() as socket:
        one = await joined(socket)
        two, _ = await socket.join(Room.topic_for(room_id=2), Room.join, JoinRoom())
        lobby, _ = await socket.join(Lobby.topic_for(), Lobby.join, JoinRoom())

        await one.call(Room.new_msg, NewMsg(body="for one"))
        await one.leave()

        assert await anext(two) == Typing(user="ann")
        assert await two.call(Room.new_msg, NewMsg(body="for two")) == Accepted(id=2)
        assert await anext(two) == Posted(user="ann", body="for two")
        assert await lobby.call(Lobby.ping, NewMsg(body="hi")) == Ok()


async def test_a_second_join_of_a_topic_takes_the_place_of_the_first() -> None:
    async with talking() as socket:
        first = await joined(socket)
        second, state = await socket.join(ROOM, Room.join, JoinRoom())

        assert state == RoomIs(members=2)
        assert [message async for message in first] == []
        with pytest.raises(RoomClosed, match="replaced"):
            await first.wait_joined()
        assert await second.call(Room.new_msg, NewMsg(body="hi")) == Accepted(id=1)
        assert journal_of("ann").exits == [exits.Replaced()]


# Presence.


async def test_presences_are_typed_and_followed() -> None:
    async with serving() as served, connect(served.url, ANN) as ann:
        room = await joined(ann)
        seen = aiter(room.presences(Room.here))

        assert await room.presences(Room.here) == {"ann": [Online(status="here")]}
        assert await anext(seen) == {"ann": [Online(status="here")]}
        async with connect(served.url, Login(name="bob")) as bob:
            await bob.join(ROOM, Room.join, JoinRoom())
            here = {"ann": [Online(status="here")], "bob": [Online(status="here")]}
            while await anext(seen) != here:
                pass
        while await anext(seen) != {"ann": [Online(status="here")]}:
            pass

        await room.leave()
        assert [present async for present in seen] == []


async def test_presences_of_a_room_that_is_left_are_nobody() -> None:
    async with talking() as socket:
        room, _ = await socket.join(ROOM, Room.join, JoinRoom(token="full"))

        assert await room.presences(Room.here) == {}


async def test_a_channel_s_own_presence_is_asked_for() -> None:
    async with talking() as socket:
        room, _ = await socket.join(Lobby.topic_for(), Lobby.join, JoinRoom())

        with pytest.raises(LocalProtocolError, match="Lobby has not this presence"):
            room.presences(Room.here)


# Streams.


async def test_a_stream_brings_its_items_and_ends() -> None:
    async with talking() as socket:
        room = await joined(socket)

        items = [item async for item in room.stream(Room.count, Accepted(id=3))]

        assert items == [Posted(user="count", body=body) for body in "012"]


async def test_a_stream_ends_with_its_refusal() -> None:
    async with talking() as socket:
        room = await joined(socket)

        items = [item async for item in room.stream(Room.count, Accepted(id=-1))]

        assert items == [Posted(user="count", body="0"), Muted()]


async def test_a_stream_that_the_framework_refuses_fails() -> None:
    async with talking() as socket:
        room = await joined(socket)
        wrong: Any = NewMsg(body="no number")

        with pytest.raises(CallFailed, match="invalid payload"):
            await anext(room.stream(Room.count, wrong))


async def test_a_stream_that_is_closed_early_leaves_nothing() -> None:
    async with talking() as socket:
        room = await joined(socket)

        async with room.stream(Room.count, Accepted(id=500)) as items:
            assert await anext(items) == Posted(user="count", body="0")
        await room.call(Room.new_msg, NewMsg(body="hi"))

        assert await anext(room) == Posted(user="ann", body="hi")


async def test_a_stream_that_is_read_too_slowly_is_closed() -> None:
    async with talking(Settings(unread=2)) as socket:
        room = await joined(socket)
        items = room.stream(Room.count, Accepted(id=100))
        inbox: Any = items._inbox  # pyright: ignore[reportPrivateUsage]
        while not inbox._missed:
            await anyio.lowlevel.checkpoint()

        assert await anext(items) == Posted(user="count", body="0")
        assert await anext(items) == Posted(user="count", body="1")
        with pytest.raises(Overrun):
            await anext(items)
        with pytest.raises(StopAsyncIteration):
            await anext(items)


async def test_only_an_event_that_streams_is_streamed() -> None:
    async with talking() as socket:
        room = await joined(socket)
        other: Any = Room.new_msg

        with pytest.raises(LocalProtocolError, match="new_msg is answered by a reply"):
            room.stream(other, NewMsg(body="hi"))


async def test_an_event_of_another_channel_is_refused_here() -> None:
    async with talking() as socket:
        room = await joined(socket)
        other: Any = Lobby.ping

        with pytest.raises(LocalProtocolError, match="Room has no event 'ping'"):
            await room.call(other, NewMsg(body="hi"))


# Sizes.


async def test_big_messages_go_both_ways() -> None:
    async with talking(limits=Limits(outbox=10_000_000)) as socket:
        room = await joined(socket)
        big = "x" * 1_000_000

        assert await room.call(Room.echo, Open(payload=big)) == Open(payload=big)
        assert await room.call(Room.blob, b"x" * 1_000_000) == b"x" * 1_000_000


async def test_a_message_above_the_bound_costs_the_connection_and_no_more() -> None:
    async with talking(Settings(message=10_000, reconnect_after=(0.01,))) as socket:
        room = await joined(socket)
        changes = socket.changes()

        with pytest.raises(CallFailed, match="disconnected"):
            await room.call(Room.echo, Open(payload="x" * 20_000))

        lost = await anext(changes)
        assert (lost.state, lost.code) == (SocketState.WAITING, 1009)
        await room.wait_joined()
        assert await room.call(Room.echo, Open(payload="x")) == Open(payload="x")


async def test_compressed_messages_go_both_ways() -> None:
    async with (
        serving(endpoint={"deflate": True}) as served,
        connect(served.url, ANN, deflate=True) as socket,
    ):
        room = await joined(socket)
        text = json.dumps(list(range(10_000)))

        for _ in range(2):
            assert await room.call(Room.echo, Open(payload=text)) == Open(payload=text)


# The end.


async def test_the_end_of_the_block_says_goodbye() -> None:
    async with serving() as served:
        async with connect(served.url, ANN) as socket:
            room = await joined(socket)
            messages = aiter(room)

        assert socket.state is SocketState.CLOSED
        assert [message async for message in messages] == []
        while not journal_of("ann").exits:
            await anyio.lowlevel.checkpoint()
        assert journal_of("ann").exits == [exits.Closed(1000)]


async def test_what_the_block_raises_comes_out_as_it_is() -> None:
    error = ValueError("mine")

    async with serving() as served:
        with pytest.raises(ValueError, match="mine") as raised:
            async with connect(served.url, ANN):
                raise error

    assert raised.value is error


async def test_a_cancelled_block_closes_too() -> None:
    async with serving() as served:
        with anyio.CancelScope() as scope:
            async with connect(served.url, ANN) as socket:
                await joined(socket)
                scope.cancel()
                await anyio.lowlevel.checkpoint()

        assert scope.cancelled_caught
        while not journal_of("ann").exits:
            await anyio.lowlevel.checkpoint()


async def test_a_closed_socket_fails_what_waits_and_stays_closed() -> None:
    async with talking() as socket:
        room = await joined(socket)
        failures: list[str] = []

        async def wait() -> None:
            with pytest.raises(CallFailed) as failed:
                await room.call(Room.wait, NewMsg(body="x"))
            failures.append(failed.value.reason)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            while not journal_of("ann").received:
                await anyio.lowlevel.checkpoint()
            await socket.close(3001, "enough")

        assert failures == ["closed"]
        assert (await socket.wait_closed()).code == 3001
        with pytest.raises(CallFailed, match="closed"):
            await socket.wait_open()
        with pytest.raises(CallFailed, match="closed"):
            await socket.join(ROOM, Room.join, JoinRoom())


@pytest.mark.parametrize(("code", "reason"), [(1001, ""), (2999, ""), (5000, ""), (1000, "é" * 62)])
async def test_a_client_closes_with_what_a_client_may_send(code: int, reason: str) -> None:
    async with talking() as socket:
        with pytest.raises(ValueError, match=r"a client closes with 1000|at most 123 bytes"):
            await socket.close(code, reason)


# Cancelling.


async def test_a_cancelled_call_leaves_no_trace() -> None:
    async with talking() as socket:
        room = await joined(socket)
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(room.call, Room.wait, NewMsg(body="x"))
                while not journal_of("ann").received:
                    await anyio.lowlevel.checkpoint()
                scope.cancel()

        journal_of("ann").gate.set()

        assert await room.call(Room.echo, Open(payload="next")) == Open(payload="next")
        assert traces(socket) == (0, 1)


async def test_a_cancelled_join_is_left() -> None:
    async with talking() as socket:
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(socket.join, Lobby.topic_for(), Lobby.join, JoinRoom(token="wait"))
                await anyio.wait_all_tasks_blocked()
                scope.cancel()
        journal_of("ann").gate.set()

        room, _ = await socket.join(Lobby.topic_for(), Lobby.join, JoinRoom())

        assert await room.call(Lobby.ping, NewMsg(body="hi")) == Ok()
        assert traces(socket) == (0, 1)


def traces(socket: ClientSocket) -> tuple[int, int]:
    """How many calls and rooms the socket remembers."""
    driver: Any = socket._driver  # pyright: ignore[reportPrivateUsage]
    assert {each for each in driver._deadlines if each is not driver.machine} == set()
    return len(driver._answers), len(driver._faces)

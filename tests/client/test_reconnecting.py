"""What becomes of a client whose connection, room or server goes away, over real sockets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel
import pytest

from channelkit import CallFailed, Disconnected, Ok, Refused
from channelkit.client import (
    ClientRoom,
    ClientSocket,
    RoomChange,
    RoomClosed,
    RoomState,
    Settings,
    SocketState,
    connect,
)

from .app import (
    Accepted,
    Banned,
    JoinRoom,
    Login,
    NewMsg,
    Online,
    Posted,
    Raw,
    Room,
    RoomFull,
    Typing,
    hosting,
    journal_of,
    serving,
)
from .app import (
    RoomState as RoomIs,
)

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)
ANN = Login(name="ann")
QUICK = Settings(reconnect_after=(0.01,), rejoin_after=(0.01,))


async def joined(socket: ClientSocket) -> ClientRoom[Room, Posted | Typing | Raw]:
    """The client's room; what it got when it arrived is read."""
    room, _ = await socket.join(ROOM, Room.join, JoinRoom())
    assert await anext(room) == Typing(user="ann")
    return room


async def states(changes: object, *wanted: object) -> None:
    """Read changes until these states have come, in this order."""
    for state in wanted:
        while (await anext(changes)).state is not state:  # type: ignore[call-overload]
            pass


async def test_a_client_comes_back_when_its_server_does() -> None:
    async with hosting() as host:
        served = await host.up()
        async with connect(served.url, ANN, settings=QUICK) as socket:
            room = await joined(socket)
            socket_changes, room_changes = socket.changes(), room.changes()

            await host.down()
            await states(socket_changes, SocketState.WAITING)
            assert room.state is RoomState.ERRORED
            await host.up()
            await socket.wait_open()
            await room.wait_joined()

            lost = RoomChange(state=RoomState.ERRORED, reason="disconnected")
            assert await anext(room_changes) == lost
            assert (await anext(room_changes)).state is RoomState.JOINING
            back = await anext(room_changes)
            assert back == RoomChange(state=RoomState.JOINED, verdict=RoomIs(members=2))
            assert await room.call(Room.new_msg, NewMsg(body="again")) == Accepted(id=1)
            assert await anext(room) == Typing(user="ann")
            assert await anext(room) == Posted(user="ann", body="again")
            assert await room.presences(Room.here) == {"ann": [Online(status="here")]}


async def test_a_draining_server_is_heard_to_the_end() -> None:
    async with serving() as served, connect(served.url, ANN, settings=QUICK) as socket:
        room = await joined(socket)
        changes = socket.changes()

        served.server.drain()

        assert await anext(room) == Posted(user="server", body="draining")
        lost = await anext(changes)
        assert (lost.state, lost.code, lost.reason) == (SocketState.WAITING, 1012, "shutting down")
        assert lost.retry_in is not None


async def test_calls_in_flight_fail_and_are_not_sent_again() -> None:
    async with serving() as served, connect(served.url, ANN, settings=QUICK) as socket:
        room = await joined(socket)

        async with anyio.create_task_group() as tasks:

            async def wait() -> None:
                with pytest.raises(CallFailed, match="disconnected"):
                    await room.call(Room.wait, NewMsg(body="once"))

            tasks.start_soon(wait)
            while not journal_of("ann").received:
                await anyio.lowlevel.checkpoint()
            served.endpoint.disconnect("ann")
        await room.wait_joined()

        assert await room.call(Room.new_msg, NewMsg(body="next")) == Accepted(id=2)
        assert journal_of("ann").received == ["once", "next"]


async def test_a_call_while_the_connection_is_away_waits_for_it() -> None:
    async with serving() as served, connect(served.url, ANN, settings=QUICK) as socket:
        room = await joined(socket)
        changes = socket.changes()
        served.endpoint.disconnect("ann")
        await states(changes, SocketState.WAITING)

        assert await room.call(Room.new_msg, NewMsg(body="late")) == Accepted(id=1)


async def test_a_crash_fails_the_call_and_the_room_is_joined_again() -> None:
    async with serving() as served, connect(served.url, ANN, settings=QUICK) as socket:
        room = await joined(socket)

        with pytest.raises(CallFailed, match="channel_crash"):
            await room.call(Room.crash, NewMsg(body="as asked"))
        await room.wait_joined()

        assert await room.call(Room.new_msg, NewMsg(body="hi")) == Accepted(id=1)
        assert socket.state is SocketState.OPEN


async def test_a_refused_join_of_later_is_tried_again() -> None:
    async with serving() as served, connect(served.url, ANN, settings=QUICK) as socket:
        room = await joined(socket)
        changes = room.changes()
        journal_of("ann").full = True
        served.endpoint.disconnect("ann")

        await states(changes, RoomState.ERRORED, RoomState.JOINING)
        refused = await anext(changes)
        assert (refused.state, refused.verdict) == (RoomState.ERRORED, RoomFull(limit=2))
        journal_of("ann").full = False
        await states(changes, RoomState.JOINED)


async def test_a_room_that_the_channel_stops_is_closed() -> None:
    async with serving() as served, connect(served.url, ANN, settings=QUICK) as socket:
        room = await joined(socket)

        assert await room.call(Room.stop_it, NewMsg(body="")) == Ok()

        with pytest.raises(RoomClosed, match="closed"):
            await anext(room)
        with pytest.raises(RoomClosed, match="closed"):
            await room.wait_joined()
        with pytest.raises(RoomClosed, match="closed"):
            async for _ in room.presences(Room.here):
                pass


async def test_a_room_that_is_revoked_is_closed() -> None:
    async with serving() as served, connect(served.url, ANN, settings=QUICK) as socket:
        room = await joined(socket)

        served.endpoint.revoke(id="ann", topic=ROOM)

        with pytest.raises(RoomClosed, match="revoked") as closed:
            await anext(room)
        assert closed.value.reason == "revoked"
        assert socket.state is SocketState.OPEN


async def test_a_socket_that_the_application_closes_normally_stays_closed() -> None:
    async with serving() as served, connect(served.url, ANN, settings=QUICK) as socket:
        room = await joined(socket)

        await room.call(Room.hang_up, Accepted(id=1000))

        with pytest.raises(RoomClosed) as closed:
            await anext(room)
        cause = closed.value.__cause__
        assert isinstance(cause, Disconnected)
        assert (cause.code, cause.reason) == (1000, "as asked")
        assert (await socket.wait_closed()).code == 1000
        with pytest.raises(CallFailed, match="closed") as failed:
            await socket.wait_open()
        assert failed.value.__cause__ is cause


async def test_a_socket_that_is_closed_with_another_code_comes_back() -> None:
    async with serving() as served, connect(served.url, ANN, settings=QUICK) as socket:
        room = await joined(socket)
        changes = socket.changes()

        await room.call(Room.hang_up, Accepted(id=4001))

        lost = await anext(changes)
        assert (lost.state, lost.code, lost.reason) == (SocketState.WAITING, 4001, "as asked")
        await room.wait_joined()


async def test_parameters_are_asked_for_anew_each_time() -> None:
    names = iter(["ann", "bob"])

    async with (
        serving() as served,
        connect(served.url, lambda: Login(name=next(names)), settings=QUICK) as socket,
    ):
        room = await joined(socket)
        served.endpoint.disconnect("ann")

        assert await anext(room) == Typing(user="bob")


async def test_a_client_that_is_refused_later_is_closed_for_good() -> None:
    async with (
        serving() as served,
        connect(served.url, ANN, settings=QUICK, refusals=[Banned]) as socket,
    ):
        room = await joined(socket)
        journal_of("ann").banned = True
        served.endpoint.disconnect("ann")

        with pytest.raises(RoomClosed) as closed:
            await anext(room)

        cause = closed.value.__cause__
        assert isinstance(cause, Refused)
        assert cause.refusal == Banned(until="2030-01-01")
        assert socket.state is SocketState.CLOSED


async def test_a_socket_whose_time_is_up_connects_again_with_a_fresh_token() -> None:
    moments = iter([timedelta(seconds=0.05), timedelta(hours=1)])

    def until(_: object) -> datetime:
        return datetime.now(UTC) + next(moments)

    async with (
        serving(endpoint={"expires_at": until}) as served,
        connect(served.url, ANN, settings=QUICK) as socket,
    ):
        changes = socket.changes()

        lost = await anext(changes)

        assert (lost.state, lost.code, lost.reason) == (SocketState.WAITING, 3000, "expired")
        await socket.wait_open()


async def test_a_program_s_mistake_in_the_parameters_is_logged_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logins = iter([ANN, None, ANN])

    def log_in() -> Login:
        login = next(logins)
        if login is None:
            raise LookupError("no password")
        return login

    async with serving() as served, connect(served.url, log_in, settings=QUICK) as socket:
        room = await joined(socket)
        served.endpoint.disconnect("ann")
        assert await anext(room) == Typing(user="ann")

    assert "could not connect again" in caplog.text
    assert "LookupError: no password" in caplog.text


async def test_a_server_that_is_gone_is_tried_again() -> None:
    async with hosting() as host:
        served = await host.up()
        async with connect(served.url, ANN, settings=QUICK) as socket:
            changes = socket.changes()
            await host.down()

            await states(changes, SocketState.WAITING, SocketState.CONNECTING)
            assert (await anext(changes)).reason == "unreachable"


async def test_a_refusal_that_may_pass_is_tried_again() -> None:
    async with serving() as served, connect(served.url, ANN, settings=QUICK) as socket:
        changes = socket.changes()
        journal_of("ann").busy = True
        served.endpoint.disconnect("ann")

        await states(changes, SocketState.WAITING, SocketState.CONNECTING)
        assert (await anext(changes)).reason == "busy"
        journal_of("ann").busy = False
        await states(changes, SocketState.OPEN)

"""A client that is cancelled at every step of what it does: whenever that is, nothing stays."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import pytest

from channelkit.client import ClientSocket, Settings, connect

from .app import Accepted, JoinRoom, NewMsg, Room
from .fake import FakeServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .fake import Peer

pytestmark = pytest.mark.anyio

ROOM = Room.topic_for(room_id=1)
QUICK = Settings(closing=0.01)

_GONE = (
    anyio.EndOfStream,
    anyio.BrokenResourceError,
    anyio.ClosedResourceError,
    AssertionError,  # a close frame is no push
)


async def serve(server: FakeServer) -> None:
    """Answer whatever is asked."""
    async with anyio.create_task_group() as tasks:
        while True:
            tasks.start_soon(answer, await server.arrived())


async def answer(peer: Peer) -> None:
    """Say ok to everything, until the client is gone."""
    try:
        await peer.shake_hands()
        while True:
            push = await peer.receive()
            response = {"members": 1} if push.event == "phx_join" else {"id": 1}
            if push.event == "count":
                await peer.push(push.join_ref, "posted", {"user": "u", "body": "b"}, push.ref)
                response = {}
            await peer.reply(push, {**response})
    except _GONE:
        with suppress(*_GONE):
            await peer.flush()
        peer.stream.close()


async def cancelled_after(steps: int, work: Callable[[], Awaitable[object]]) -> bool:
    """Cancel the work after so many passes of the loop; whether it was done before that."""
    done = False
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:

            async def run() -> None:
                nonlocal done
                await work()
                done = True
                scope.cancel()

            tasks.start_soon(run)
            for _ in range(steps):
                await anyio.lowlevel.checkpoint()
            scope.cancel()
    return done


async def join(socket: ClientSocket) -> Any:
    room, _ = await socket.join(ROOM, Room.join, JoinRoom())
    return room


async def call(socket: ClientSocket) -> None:
    room = await join(socket)
    await room.call(Room.new_msg, NewMsg(body="hi"))
    async with room.stream(Room.count, Accepted(id=1)) as items:
        async for _ in items:
            pass
    await room.send(Room.quiet, NewMsg(body="hi"))
    await room.leave()


async def test_a_conversation_cancelled_anywhere_leaves_no_call_and_no_timer() -> None:
    server, finished = FakeServer(), False
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(serve, server)
        async with connect("ws://h/socket", settings=QUICK, opener=server.opener) as socket:
            driver: Any = socket._driver  # pyright: ignore[reportPrivateUsage]
            for steps in range(400):
                finished = await cancelled_after(steps, lambda: call(socket))

                assert driver._answers == {}
                assert {each for each in driver._deadlines if hasattr(each, "expects")} == set()
                if finished:
                    break
            room = await join(socket)
            assert await room.call(Room.new_msg, NewMsg(body="hi")) == Accepted(id=1)
        tasks.cancel_scope.cancel()
    server.close()

    assert finished


async def test_a_connection_cancelled_anywhere_is_closed() -> None:
    server, finished = FakeServer(), False

    async def talk() -> None:
        async with connect("ws://h/socket", settings=QUICK, opener=server.opener) as socket:
            await call(socket)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(serve, server)
        for steps in range(400):
            finished = await cancelled_after(steps, talk)
            if finished:
                break
        tasks.cancel_scope.cancel()
    server.close()

    assert finished

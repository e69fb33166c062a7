"""A connection, or the whole server, cancelled at every single suspension of a conversation."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from channelkit import CallFailed, exits
from channelkit.runtime.connection import Connection
from channelkit.wire import Push, Reply

from .faults import followed
from .hall import Books, Enter, Hall, Number, dial, make_endpoint

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from channelkit.testing import ClientSocket

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

HALL = Hall.topic_for(name="a")
GONE = (exits.Left, exits.Replaced, exits.ShutDown, exits.ConnectionLost)


@dataclass
class Steps:
    """Counts how often the tasks it follows suspend, and calls `cut` at one of these times."""

    cut_at: int
    cut: Callable[[], None]
    count: int = 0

    def follow(self, coroutine: Coroutine[Any, Any, None]) -> Awaitable[None]:
        """The same coroutine, its suspensions counted; knows nothing of the event loop."""
        return followed(coroutine, self.suspended)

    def suspended(self) -> None:
        """One of the tasks is about to suspend."""
        self.count += 1
        if self.count == self.cut_at:
            self.cut()


async def conversation(ann: ClientSocket, bob: ClientSocket, gone: set[object]) -> None:
    """Join, push, concurrent event, streams, broadcasts, second join, leave, drop."""
    his, _ = await bob.join(HALL, Hall.enter, Enter())
    hers, _ = await ann.join(HALL, Hall.enter, Enter())
    await hers.send(Hall.beside, Number(n=1))
    await hers.send(Hall.count, Number(n=-1))
    await hers.call(Hall.tell, Number(n=2))
    await his.call(Hall.whisper, Number(n=3))
    gone.add(hers.join_ref)
    second, _ = await ann.join(HALL, Hall.enter, Enter(patience=2))
    await second.call(Hall.tell, Number(n=4))
    await second.send(Hall.beside, Number(n=5))
    await second.send(Hall.count, Number(n=-1))
    assert [item.n async for item in second.stream(Hall.count, Number(n=3))] == [1, 2, 3]
    gone.add(second.join_ref)
    await second.leave()
    third, _ = await ann.join(HALL, Hall.enter, Enter())
    await third.send(Hall.count, Number(n=-1))
    await anext(third.stream(Hall.count, Number(n=-1)))
    ann.drop()
    await his.call(Hall.tell, Number(n=6))


async def converse(cut_at: int, victim: str, patched: pytest.MonkeyPatch) -> bool:
    """One conversation, cut at this step; whether it came to its end before."""
    books, gone = Books(), set[object]()
    endpoint = make_endpoint(books)
    server_scope, scope = anyio.CancelScope(), anyio.CancelScope()
    steps = Steps(cut_at, (scope if victim == "connection" else server_scope).cancel)
    spawn = Connection.spawn

    def followed(self: Connection, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def counted() -> None:
            await steps.follow(run())

        spawn(self, counted)

    patched.setattr(Connection, "spawn", followed)
    completed = False
    sockets: list[ClientSocket] = []
    dialled = anyio.Event()

    async def talk() -> None:
        nonlocal completed
        with suppress(CallFailed, AssertionError):
            await conversation(sockets[0], sockets[1], gone)
            completed = steps.count < cut_at

    async with anyio.create_task_group() as test:

        async def serve() -> None:
            with server_scope:
                async with anyio.create_task_group() as server:
                    sockets.append(dial(endpoint, books, server, scope))
                    sockets.append(dial(endpoint, books, server))
                    dialled.set()

        test.start_soon(serve)
        await dialled.wait()
        await steps.follow(talk())
        for socket in sockets:
            socket.drop()
    patched.undo()

    assert sorted(number for number, _ in books.left) == books.granted
    assert books.open == 0
    assert all(isinstance(reason, GONE) for _, reason in books.left)
    assert (len(endpoint.hub.connections), len(endpoint.hub.pubsub)) == (0, 0)
    for socket in sockets:
        for one in socket.received:
            if isinstance(one, Push):  # phoenix.js never joins again what was closed
                assert not one.event.startswith("phx_") or one.join_ref in gone
            elif isinstance(one, Reply):
                assert one.status == "ok" or one.response == {"reason": "channel closed"}
    return completed


@pytest.mark.parametrize("victim", ["connection", "server"])
async def test_a_cut_at_any_suspension_leaves_nothing_and_every_grant_is_said_farewell_once(
    victim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_at = 1
    with monkeypatch.context() as patched:
        while not await converse(cut_at, victim, patched):
            cut_at += 1

    assert cut_at > 50

"""A socket, or the whole server, cancelled at every suspension of a conversation over the wire."""

from __future__ import annotations

import gc
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from channelkit import Limits, exits, server
from channelkit.runtime.connection import Connection
from channelkit.transports.serving import serve_socket

from ..runtime.faults import followed
from ..wire.client import PING, TEXT, answer, close, frame, head, push
from .floods import GONE
from .ground import Ground, ground, open_files, tasks_living

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ..wire.client import Peer

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PAGE = head("GET /healthz HTTP/1.1", "Host: localhost")
LIMITS = Limits(closing=0.05, leave=0.1)
NEVER = 10**9
ENDS = (exits.Left, exits.Replaced, exits.ShutDown, exits.ConnectionLost, exits.Closed)


@dataclass
class Cut:
    """Counts how often the tasks of a server's sockets suspend, and cancels at one of them."""

    at: int
    victim: str
    server_scope: anyio.CancelScope | None = None
    scopes: list[anyio.CancelScope] = field(default_factory=list[anyio.CancelScope])
    count: int = 0

    def suspended(self) -> None:
        """One of them is about to suspend."""
        self.count += 1
        if self.count == self.at:
            scope = self.scopes[-1] if self.victim == "socket" else self.server_scope
            assert scope is not None
            scope.cancel()

    def patch(self, patched: pytest.MonkeyPatch) -> None:
        """Follow everything that a socket runs."""
        spawn = Connection.spawn

        async def serve(*arguments: Any) -> None:
            with anyio.CancelScope() as scope:
                self.scopes.append(scope)
                await followed(serve_socket(*arguments), self.suspended)

        def following(connection: Connection, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
            async def task() -> None:
                await followed(run(), self.suspended)

            spawn(connection, task)

        patched.setattr(server, "serve_socket", serve)
        patched.setattr(Connection, "spawn", following)


async def conversation(peer: Peer) -> None:
    """A page, an upgrade, joins, events, one that is stuck, a second join, a leave, a close."""
    assert (await peer.ask(PAGE)).status == 200
    await peer.open()
    await peer.join()
    await peer.send(push("phx_join", {"key": "k"}, ref="c", join_ref="c", topic="room:crowd"))
    while (await peer.message())[1] != "c":
        pass
    for n in range(3):
        await _asked(peer, push("echo", {"n": n}), answer({"n": n}))
    await peer.send(frame(PING, b"x"), push("stuck"), push("echo", {"n": 2}))
    await _asked(peer, push("phx_join", ref="9", join_ref="9"), "9")
    await _asked(peer, push("phx_leave", ref="l", join_ref="9"), "l")
    await peer.send(close(1000))
    assert (await peer.closed()).code == 1000


async def _asked(peer: Peer, data: bytes, wanted: object) -> None:
    """Send, and skip what comes until what is wanted: a whole reply, or one with this ref."""
    await peer.send(data)
    while True:
        received = await peer.frame()
        message = json.loads(received.payload) if received.opcode == TEXT else [None, None]
        if wanted in (message, message[1]):
            return


async def converse(at: int, victim: str, patched: pytest.MonkeyPatch) -> bool:
    """One conversation, cut there; whether it came to its end before."""
    cut = Cut(at, victim)
    cut.patch(patched)
    talked = False
    async with ground(LIMITS) as on:
        cut.server_scope = on.scope
        with suppress(*GONE, AssertionError, OSError):
            async with await on.peer() as peer:
                await conversation(peer)
                talked = True
        await _at_rest(on)
    patched.undo()

    assert len(on.books.exits) == on.books.granted
    assert all(isinstance(reason, ENDS) for reason in on.books.exits)
    stats = on.endpoint.stats()
    assert (stats.sockets, stats.members, stats.topics) == (0, 0, 0)
    return talked and cut.count < at


async def _at_rest(on: Ground) -> None:
    """Wait until the server has nothing to do any more: its sockets end by themselves."""
    while on.endpoint.stats().sockets:  # noqa: ASYNC110  (nobody tells of that)
        await anyio.sleep(0.005)


@pytest.mark.parametrize("victim", ["socket", "server"])
async def test_a_cut_at_any_suspension_of_a_socket_leaves_nothing_and_each_grant_ends_once(
    victim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = 1
    with monkeypatch.context() as patched:
        await converse(NEVER, victim, patched)  # some loops open files when they are first used
        gc.collect()
        before = tasks_living(), open_files()
        while not await converse(at, victim, patched):
            assert (tasks_living(), open_files()) == before, at
            at += 1

    assert at > 15

"""Grants that end at every single suspension of a conversation: revoked, expired, disconnected."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from channelkit import CallFailed, Channel, Endpoint, channel, exits, on_join, on_leave
from channelkit.runtime.connection import Connection
from channelkit.wire import Push, Reply

from .hall import Books, Enter, Hall, dial, make_endpoint
from .test_cancellation import GONE, Steps, conversation

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from channelkit.testing import ClientSocket

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

HALL = Hall.topic_for(name="a")
PAST = datetime(2001, 1, 1, tzinfo=UTC)


def revoke(endpoint: Endpoint[Any]) -> None:
    endpoint.revoke(topic=HALL, reason="cut")


def expire_members(endpoint: Endpoint[Any]) -> None:
    """Their grants are over, as if each had said so."""
    for connection in endpoint.hub.connections:
        for task in tuple(connection._channels.values()):  # pyright: ignore[reportPrivateUsage]
            connection.expiry.set(PAST, task)


def expire_sockets(endpoint: Endpoint[Any]) -> None:
    for connection in tuple(endpoint.hub.connections):
        connection.expiry.set(PAST)


def disconnect(endpoint: Endpoint[Any]) -> None:
    for name in ("ann", "bob"):
        endpoint.disconnect(name)


async def converse(
    cut_at: int, cut: Callable[[Endpoint[Any]], None], patched: pytest.MonkeyPatch
) -> bool:
    """One conversation, cut at this step; whether it came to its end before."""
    books = Books()
    endpoint = make_endpoint(books)
    steps = Steps(cut_at, lambda: cut_soon())  # it needs the task group below
    spawn = Connection.spawn

    def followed(self: Connection, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def counted() -> None:
            await steps.follow(run())

        spawn(self, counted)

    patched.setattr(Connection, "spawn", followed)
    sockets: list[ClientSocket] = []
    completed = False

    async def talk() -> None:
        nonlocal completed
        with suppress(CallFailed, AssertionError):
            await conversation(sockets[0], sockets[1], set())
            completed = steps.count < cut_at

    async def cut_now() -> None:
        cut(endpoint)

    def cut_soon() -> None:
        # Not in the middle of the step: no other task could run there, and wake the one that is
        # about to wait.
        server.start_soon(cut_now)

    async with anyio.create_task_group() as server:
        sockets.extend(dial(endpoint, books, server, socket_id=name) for name in ("ann", "bob"))
        await steps.follow(talk())
        for socket in sockets:
            socket.drop()
    patched.undo()

    assert sorted(number for number, _ in books.left) == books.granted
    assert books.open == 0
    expected = (*GONE, exits.Revoked, exits.Expired, exits.Disconnected)
    assert all(isinstance(reason, expected) for _, reason in books.left)
    assert (len(endpoint.hub.connections), len(endpoint.hub.pubsub)) == (0, 0)
    for socket in sockets:
        nothing_follows_a_close(socket)
    return completed


def nothing_follows_a_close(socket: ClientSocket) -> None:
    """After its `phx_close` nothing carries that join_ref any more, and no join is closed twice."""
    closed: list[object] = []
    for one in socket.received:
        if isinstance(one, Push):
            assert one.join_ref not in closed
            if one.event == "phx_close":
                closed.append(one.join_ref)


@pytest.mark.parametrize("cut", [revoke, expire_members, expire_sockets, disconnect])
async def test_an_end_at_any_suspension_leaves_nothing_and_is_said_farewell_once(
    cut: Callable[[Endpoint[Any]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_at = 1
    with monkeypatch.context() as patched:
        while not await converse(cut_at, cut, patched):
            cut_at += 1

    assert cut_at > 50


@pytest.mark.parametrize("cut", [revoke, expire_members, expire_sockets, disconnect])
async def test_a_broadcast_behind_the_end_reaches_nobody(
    cut: Callable[[Endpoint[Any]], None],
) -> None:
    """Not even in the same pass of the event loop: whoever was thrown out hears nothing more."""
    books = Books()
    endpoint = make_endpoint(books)
    async with anyio.create_task_group() as server:
        bob = dial(endpoint, books, server, socket_id="bob")
        await bob.join(HALL, Hall.enter, Enter())
        await bob.patience.settled()

        cut(endpoint)
        await endpoint.broadcast_raw(HALL.name, "told", {"n": 7})

        await bob.patience.settled()
        assert "told" not in [one.event for one in bob.received if not isinstance(one, Reply)]
        bob.drop()
    assert len(books.left) == 1


@channel("vault")
class Vault(Channel[Any]):
    """Whoever leaves takes as long as the test says."""

    @on_join
    async def enter(self, params: Enter) -> None:
        """Let everybody in."""

    @on_leave
    async def gone(self, reason: exits.Exit) -> None:
        """Wait for the test."""
        await self.assigns.wait()


async def test_a_join_revoked_behind_the_one_it_replaces_waits_for_that_ones_farewell() -> None:
    may_leave = anyio.Event()
    endpoint = Endpoint("/socket", [Vault])
    async with anyio.create_task_group() as server:
        ann = dial(endpoint, may_leave, server)
        await ann.join(Vault.topic_for(), Vault.enter, Enter())
        second = ann.push("vault", "phx_join", {}, join_ref="again")

        endpoint.revoke(topic=Vault.topic_for(), reason="cut")
        await ann.patience.settled()
        before = ann.received[1:]
        may_leave.set()
        await ann.patience.settled()

        assert before == []
        assert ann.received[1:] == [
            Reply("again", second.ref, "vault", "error", {"reason": "revoked"}),
            Push("1", "1", "vault", "phx_close", {}),
        ]
        ann.drop()

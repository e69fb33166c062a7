"""What a client, or many, can do to a server: each a coroutine, as long as it is told."""

from __future__ import annotations

import json
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio

from channelkit import Limits
from channelkit.exits import TooSlow

from ..wire.client import CONT, PING, PONG, TEXT, answer, frame, push, upgrade
from .ground import reset

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ..wire.client import Peer
    from .ground import Ground

__all__ = ["FLOODS", "Flood"]

GONE = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream)
SIDE = 20
"""Clients that flood at once."""


class Flood(NamedTuple):
    """One kind of abuse.

    Attributes:
        small: How often, in CI.
        full: How often, by ``python -m tests.bench.abuse``.
        limits: The server's; what is not waited for is long, for a machine that is busy.
    """

    run: Callable[[Ground, int], Awaitable[None]]
    small: int
    full: int
    limits: Limits = Limits(closing=0.05)


async def unread_replies(ground: Ground, times: int) -> None:
    """Pushes whose replies nobody reads."""
    pad = "x" * 300
    chunk = b"".join(push("echo", {"pad": pad}, ref=str(n)) for n in range(200))
    before = len(ground.books.exits)
    async with await ground.deaf() as peer:
        with suppress(*GONE):
            for _ in range(times // 200):
                await peer.send(chunk)
            while True:  # who only waits does not notice its end
                await anyio.sleep(0.01)
                await peer.send(frame(PING))
    assert await ground.exit(before) == TooSlow()


async def silent_pushes(ground: Ground, times: int) -> None:
    """Pushes as fast as they go, without replies; each is handled."""
    before = ground.books.silent
    chunk = push("silent") * 200
    async with await ground.member() as peer:
        for _ in range(times // 200):
            await peer.send(chunk)
        await peer.call("echo")
    assert ground.books.silent - before == times // 200 * 200


async def joins_of_many_topics(ground: Ground, times: int) -> None:
    """Joins of a topic each, on one socket; those above the limit are refused."""
    limit = ground.endpoint.limits.topics
    async with await ground.socket() as peer:
        pushes = [
            push("phx_join", ref=str(n), join_ref=str(n), topic=f"room:{n}") for n in range(times)
        ]
        replies = await _asked(peer, pushes)
    granted = [reply for reply in replies if reply[4]["status"] == "ok"]
    assert len(granted) == limit
    assert {reply[4]["response"]["reason"] for reply in replies if reply not in granted} == {
        "too many channels joined"
    }


async def joins_of_one_topic(ground: Ground, times: int) -> None:
    """Joins of the same topic again and again: each takes the place of the one before."""
    before = ground.books.granted
    async with await ground.socket() as peer:
        pushes = [push("phx_join", ref=str(n), join_ref=str(n)) for n in range(times)]
        replies = await _asked(peer, pushes)
    assert [reply[1] for reply in replies] == [str(n) for n in range(times)]
    assert ground.books.granted - before == times


async def _asked(peer: Peer, pushes: list[bytes]) -> list[Any]:
    """Send all that at once; the replies, while it is sent."""
    replies: list[Any] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(peer.send, b"".join(pushes))
        while len(replies) < len(pushes):
            message = await peer.message()
            if message[3] == "phx_reply":
                replies.append(message)
    return replies


async def dropped_connections(ground: Ground, times: int) -> None:
    """Connections that are opened and dropped, at any stage, rudely or not."""
    random = Random(times)
    stages = [
        random.choice(["bare", "half", "upgrading", "socket", "member"]) for _ in range(times)
    ]

    async def side() -> None:
        while stages:
            stage, rude = stages.pop(), random.random() < 0.5
            async with await ground.peer() as peer:
                if stage == "half":
                    await peer.send(upgrade()[:40])
                elif stage == "upgrading":
                    await peer.send(upgrade())
                elif stage != "bare":
                    await peer.open()
                if stage == "member":
                    await peer.join()
                if rude:
                    reset(peer)

    async with anyio.create_task_group() as tasks:
        for _ in range(SIDE):
            tasks.start_soon(side)


async def half_open_handshakes(ground: Ground, times: int) -> None:
    """Requests that never become whole: each is answered 408 in its time."""

    async def one() -> None:
        async with await ground.peer() as peer:
            await peer.send(upgrade()[:40])
            assert (await peer.response()).status == 408
            await peer.gone()

    async with anyio.create_task_group() as tasks:
        for _ in range(times):
            tasks.start_soon(one)


async def pings(ground: Ground, times: int) -> None:
    """Pings as fast as they go, their pongs read."""
    async with await ground.member() as peer, anyio.create_task_group() as tasks:
        tasks.start_soon(_repeat, peer, frame(PING, b"x" * 20) * 500, times // 500)
        for _ in range(times // 500 * 500):
            assert (await peer.frame()).opcode == PONG


async def _repeat(peer: Peer, data: bytes, times: int) -> None:
    for _ in range(times):
        await peer.send(data)


async def tiny_fragments(ground: Ground, times: int) -> None:
    """Messages in fragments of one byte each, as long as the limit lets them be."""
    limit = ground.endpoint.limits.fragments
    text = json.dumps(["1", "2", "room:1", "echo", {"n": 1}]).encode().ljust(limit - 1)
    parts = [frame(TEXT, text[:1], fin=False)]
    parts += [frame(CONT, bytes([byte]), fin=False) for byte in text[1:]]
    message = b"".join([*parts, frame(CONT)])
    async with await ground.member() as peer, anyio.create_task_group() as tasks:
        tasks.start_soon(_repeat, peer, message, times)
        for _ in range(times):
            assert await peer.message() == answer({"n": 1})


async def single_bytes(ground: Ground, times: int) -> None:
    """A byte at a time, each in a packet of its own."""
    message = push("echo", {"n": 1})
    async with await ground.member() as peer:
        for _ in range(times):
            for at in range(len(message)):
                await peer.send(message[at : at + 1])
            assert await peer.message() == answer({"n": 1})


async def maximal_frames(ground: Ground, times: int) -> None:
    """Messages as long as may be, and their replies as long."""
    limit = ground.endpoint.limits.message
    pad = "x" * (limit - len(b'["1", "2", "room:1", "echo", {"pad": ""}]'))
    message = push("echo", {"pad": pad})
    async with await ground.member() as peer:
        for _ in range(times):
            await peer.send(message)
            reply = await peer.message()
            assert reply[4]["status"] == "ok"
            assert len(reply[4]["response"]["pad"]) == len(pad)


async def presence_churn(ground: Ground, times: int) -> None:
    """Members that come, change and go in a topic where everybody is told of everybody."""
    turns = list(range(times))

    async def side(name: int) -> None:
        async with await ground.socket() as peer, anyio.create_task_group() as tasks:
            tasks.start_soon(peer.gone)
            while turns:
                ref = str(turns.pop())
                join = push(
                    "phx_join", {"key": f"k{name}"}, ref=ref, join_ref=ref, topic="room:crowd"
                )
                change = push("change", {"n": name}, ref=None, join_ref=ref, topic="room:crowd")
                leave = push("phx_leave", ref=None, join_ref=ref, topic="room:crowd")
                await peer.send(join, change, change, leave)
            tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        for name in range(SIDE):
            tasks.start_soon(side, name)


FLOODS = {
    "pushes whose replies nobody reads": Flood(
        unread_replies, 20_000, 100_000, Limits(too_slow_after=0.2, closing=0.05)
    ),
    "pushes without replies": Flood(silent_pushes, 10_000, 100_000),
    "joins of many topics": Flood(joins_of_many_topics, 2_000, 10_000),
    "joins of one topic": Flood(joins_of_one_topic, 500, 10_000),
    "connections opened and dropped": Flood(dropped_connections, 300, 10_000),
    "half-open handshakes": Flood(
        half_open_handshakes, 200, 1_000, Limits(handshake=0.3, closing=0.05)
    ),
    "pings": Flood(pings, 10_000, 100_000),
    "tiny fragments": Flood(tiny_fragments, 20, 1_000),
    "single bytes": Flood(single_bytes, 20, 1_000),
    "maximal frames": Flood(maximal_frames, 8, 200),
    "presence churn": Flood(presence_churn, 400, 10_000),
}

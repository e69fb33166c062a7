"""Peers that do not read, handlers that do not finish, floods: each bound, from outside."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import anyio
import anyio.abc
import anyio.lowlevel
import pytest
import trio

from channelkit import Limits
from channelkit.exits import TimedOut, TooSlow

from .app import Served, serving
from .client import PING, PONG, Closed, Peer, Received, answer, frame, push

pytestmark = pytest.mark.anyio

BIG = "x" * 50_000
HEARTBEAT = push("heartbeat", ref="hb", join_ref=None, topic="phoenix")
ALIVE = [None, "hb", "phoenix", "phx_reply", answer()[4]]


async def deaf_member(served: Served) -> Peer:
    """A member whose system takes little before it must be read."""
    raw = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect((served.address.host, served.address.port))
    raw.setblocking(False)
    peer = Peer(await anyio.abc.SocketStream.from_socket(raw))
    await peer.open()
    await peer.join()
    return peer


async def shout(served: Served, times: int) -> None:
    """Broadcast something big to room:1, again and again."""
    for _ in range(times):
        await served.endpoint.broadcast_raw("room:1", "said", {"body": BIG})
        await anyio.lowlevel.checkpoint()


async def test_a_member_that_does_not_read_is_closed_when_too_much_waits_for_it() -> None:
    limits = Limits(outbox=1_000_000, closing=0.05)
    async with serving(limits) as served, await deaf_member(served):
        await shout(served, 200)

        assert await served.journal.exit() == TooSlow()


async def test_a_stream_makes_no_more_than_its_client_reads() -> None:
    limits = Limits(outbox=10**9, outbox_frames=10**6, too_slow_after=0.3, closing=0.05)
    async with serving(limits) as served, await deaf_member(served) as peer:
        await peer.send(push("feed", {"body": BIG}))

        assert await served.journal.exit() == TooSlow()
        made = served.journal.streamed
        assert 0 < made * len(BIG) < 50_000_000  # what the buffers of the system take


async def test_a_member_that_does_not_read_is_closed_when_too_many_frames_wait_for_it() -> None:
    limits = Limits(outbox=10**9, outbox_frames=20, closing=0.05)
    async with serving(limits) as served, await deaf_member(served):
        await shout(served, 200)

        assert await served.journal.exit() == TooSlow()


async def test_a_member_that_does_not_read_for_too_long_is_closed() -> None:
    limits = Limits(outbox=10**9, outbox_frames=10**6, too_slow_after=0.1, closing=0.05)
    async with serving(limits) as served, await deaf_member(served):
        await shout(served, 200)

        assert await served.journal.exit() == TooSlow()


async def test_a_member_that_starts_reading_in_time_gets_everything() -> None:
    limits = Limits(outbox=10**9, outbox_frames=10**6)
    async with serving(limits) as served, await deaf_member(served) as peer:
        await shout(served, 200)

        for _ in range(200):
            assert (await peer.message())[4] == {"body": BIG}
        await peer.send(HEARTBEAT)
        assert await peer.message() == ALIVE


async def test_a_member_that_does_not_read_does_not_slow_the_others_down() -> None:
    async with (
        serving(Limits(closing=0.05)) as served,
        await deaf_member(served),
        await served.member() as peer,
    ):
        for n in range(300):
            await served.endpoint.broadcast_raw("room:1", "said", {"n": n, "body": BIG})
            assert (await peer.message())[4]["n"] == n


async def test_a_member_whose_outbox_is_high_is_not_read() -> None:
    limits = Limits(outbox=10**9, outbox_frames=10**6)
    async with serving(limits) as served, await deaf_member(served) as peer:
        await shout(served, 200)
        await peer.send(HEARTBEAT)
        await shout(served, 1)

        replies = [await peer.message() for _ in range(202)]
        assert replies[-1] == ALIVE  # it was read when all before it had gone


async def test_a_flood_of_pings_that_nobody_reads_the_pongs_of_ends(*, fast_path: bool) -> None:
    limits = Limits(too_slow_after=0.1, closing=0.05)
    flood = frame(PING, b"x" * 125) * 500
    async with serving(limits, _fast_path=fast_path) as served, await deaf_member(served) as peer:
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            while True:
                await peer.send(flood)

        assert await served.journal.exit() == TooSlow()


async def test_pings_are_answered_while_they_are_read() -> None:
    async with serving() as served, await served.member() as peer:
        await peer.send(*(frame(PING, str(n).encode()) for n in range(300)))

        assert [await peer.frame() for _ in range(300)] == [
            Received(PONG, str(n).encode()) for n in range(300)
        ]


async def test_a_full_inbox_stops_the_reading_and_nothing_is_lost(*, fast_path: bool) -> None:
    waits = push("wait")
    pushes = [push("count", ref=str(n)) for n in range(500)]
    asks = push("counted", ref="3")
    async with serving(_fast_path=fast_path) as served, await served.member() as peer:
        await peer.send(waits, *pushes, asks)
        await anyio.wait_all_tasks_blocked()
        served.journal.gate.set()

        assert (await peer.message())[1] == "2"
        assert (await peer.message())[4]["response"] == 500


async def test_a_stuck_handler_does_not_stop_the_heartbeat_for_ever() -> None:
    limits = Limits(stall_timeout=0.1)
    pushes = [push("count", ref=str(n)) for n in range(100)]
    async with serving(limits) as served, await served.member() as peer:
        await peer.send(push("wait"), *pushes, HEARTBEAT)

        reply = await peer.message()
        assert reply[4] == {"status": "error", "response": {"reason": "overloaded"}}
        while reply != ALIVE:
            reply = await peer.message()


async def test_a_peer_that_sends_nothing_is_closed_as_idle(*, fast_path: bool) -> None:
    async with (
        serving(Limits(idle=0.2), _fast_path=fast_path) as served,
        await served.member() as peer,
    ):
        assert await peer.closed() == Closed(1001, "idle")
        assert await served.journal.exit() == TimedOut()


async def test_a_half_open_connection_ends_by_itself() -> None:
    async with serving(Limits(idle=0.1, closing=0.1)) as served, await served.member():
        assert await served.journal.exit() == TimedOut()


async def test_a_peer_that_never_answers_the_close_is_dropped() -> None:
    async with serving(Limits(idle=0.1, closing=0.1)) as served, await served.member() as peer:
        assert await peer.closed() == Closed(1001, "idle")


async def test_an_idle_member_costs_two_tasks() -> None:
    async with serving() as served:
        first = await served.member()
        before = tasks_living()
        more = [await served.member() for _ in range(10)]

        assert tasks_living() - before == 2 * 10
        for peer in (first, *more):
            await peer.stream.aclose()


def tasks_living() -> int:
    try:
        return len(asyncio.all_tasks())
    except RuntimeError:
        return trio.lowlevel.current_statistics().tasks_living

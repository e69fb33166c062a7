"""A handler that never comes back costs its own topic; whatever ends its member cancels it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from channelkit import Limits
from channelkit.exits import Closed, ConnectionLost, Drained, Left, Replaced

from ..wire.client import answer, close, push
from .ground import Ground, Watch, ground, reset

if TYPE_CHECKING:
    from channelkit import Exit

    from ..wire.client import Peer

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LIMITS = Limits(inbox=8, stall_timeout=0.1, leave=0.1, closing=0.05)
OVERLOADED = answer({"reason": "overloaded"}, status="error", ref="x")
HEARTBEAT = push("heartbeat", ref="hb", join_ref=None, topic="phoenix")
FULL = [push("stuck")] + [push("silent", ref=None)] * 30 + [push("echo", ref="x")]


async def stuck(on: Ground) -> Peer:
    """A member whose handler is stuck, and whose inbox is known to be full."""
    peer = await on.member()
    await peer.send(*FULL)
    while await peer.message() != OVERLOADED:
        pass
    return peer


async def test_a_stuck_handler_costs_its_own_topic_alone() -> None:
    async with ground(LIMITS) as on, await on.member() as witness, await stuck(on) as peer:
        join = push("phx_join", ref="j", join_ref="j", topic="room:2")
        asked = push("echo", {"n": 1}, ref="e", join_ref="j", topic="room:2")
        await peer.send(HEARTBEAT, join, asked, push("echo", ref="x"))
        replies = [await peer.message() for _ in range(4)]

        assert [reply[1] for reply in replies if reply[4]["status"] == "ok"] == ["hb", "j", "e"]
        assert OVERLOADED in replies
        assert await Watch().quiet(witness, 5)
        assert on.books.cancelled == 0


async def test_many_stuck_handlers_of_one_socket_hold_its_heartbeat_up_for_a_bounded_time() -> None:
    async with ground(LIMITS) as on, await on.socket() as peer:
        for n in range(5):
            options = {"join_ref": "j", "topic": f"room:{n}"}
            await peer.send(push("phx_join", ref="j", **options))
            await peer.send(push("stuck", **options), push("silent", ref=None, **options) * 30)
        await peer.send(HEARTBEAT)

        while (await peer.message())[1] != "hb":
            pass
        assert on.endpoint.stats().inbox <= 5 * LIMITS.inbox


async def test_a_stuck_member_can_leave() -> None:
    async with ground(LIMITS) as on, await stuck(on) as peer:
        await peer.send(push("phx_leave", ref="l"))

        while (await peer.message())[1] != "l":
            pass
        assert await on.exit() == Left()
        assert on.books.cancelled == 1


async def test_a_stuck_member_can_be_replaced() -> None:
    async with ground(LIMITS) as on, await stuck(on) as peer:
        await peer.send(
            push("phx_join", ref="9", join_ref="9"), push("echo", ref="e", join_ref="9")
        )

        while (await peer.message())[1] != "e":
            pass
        assert on.books.exits == [Replaced()]
        assert on.books.cancelled == 1


@pytest.mark.parametrize("read", [True, False], ids=["while read", "while not read"])
@pytest.mark.parametrize(
    ("how", "exit_"),
    [("close", Closed(1000)), ("end", ConnectionLost()), ("reset", ConnectionLost())],
)
async def test_whoever_disconnects_cancels_a_stuck_handler(
    how: str, exit_: Exit, *, read: bool
) -> None:
    """Its end is seen at once, or when the reading goes on: after `stall_timeout` at the latest."""
    async with ground(LIMITS) as on, await on.member():
        before = on.standing()
        peer = await stuck(on) if read else await on.member()
        if not read:
            await peer.send(*FULL)
        if how == "close":
            await peer.send(close(1000))
            await peer.gone()
        elif how == "end":
            await peer.end()
            await peer.gone()
        else:
            reset(peer)
        await anyio.aclose_forcefully(peer.stream)

        assert await on.exit() == exit_
        assert await on.back_to(before) == before
        assert on.books.cancelled == 1


async def test_a_drain_cancels_a_stuck_handler() -> None:
    async with ground(LIMITS) as on, await stuck(on) as peer:
        on.server.drain()

        assert (await peer.closed()).code == 1012
        assert await on.exit() == Drained()
        assert on.books.cancelled == 1

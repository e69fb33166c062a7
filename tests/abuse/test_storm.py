"""Many clients at once: those of a server that restarts, and more than there is room for."""

from __future__ import annotations

import anyio
import pytest

from channelkit import Limits

from .ground import ground
from .storm import storm

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

CLIENTS = 200


async def test_whoever_was_connected_before_a_restart_is_back_after_it() -> None:
    told = await storm(CLIENTS, Limits(closing=0.2), batch=CLIENTS // 4, interval=0.01)

    assert len(told.tries) == CLIENTS
    assert told.worst <= 5 * told.quiet


async def test_of_more_clients_than_there_is_room_for_each_has_its_turn() -> None:
    """Those who may not come in wait in the system's backlog; none is refused, none forgotten."""
    room, most = 20, 0
    async with ground(Limits(sockets=room, closing=0.05)) as on:

        async def visit() -> None:
            nonlocal most
            async with await on.member() as peer:
                most = max(most, on.endpoint.stats().sockets)
                await peer.call("echo")

        async with anyio.create_task_group() as tasks:
            for _ in range(CLIENTS):
                tasks.start_soon(visit)

        assert on.books.granted == CLIENTS
        assert 0 < most <= room

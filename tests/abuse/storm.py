"""A server that restarts under many clients, who all come back as phoenix.js does."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import anyio
import anyio.lowlevel

from channelkit import Limits
from channelkit.exits import Drained

from ..wire.client import Peer
from .ground import Ground, Watch, ground

if TYPE_CHECKING:
    from channelkit.transports.listener import Address

__all__ = ["Storm", "storm"]

BACKOFF: Final = (0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0)
"""The seconds that phoenix.js waits before each try."""

SIDE: Final = 50
"""Clients that connect at once in the beginning; in the storm, all do."""


@dataclass
class Storm:
    """What came of it.

    Attributes:
        tries: Of each client, until it was back.
        quiet: The passes of an echo before.
        worst: And of the slowest while the clients came back.
        drained: The seconds that the old server took to end.
        back: The seconds until all clients were back.
    """

    tries: list[int] = field(default_factory=list[int])
    quiet: int = 0
    worst: int = 0
    drained: float = 0.0
    back: float = 0.0


async def storm(clients: int, limits: Limits, *, batch: int, interval: float) -> Storm:
    """Connect so many, restart, and wait until all are back.

    Args:
        batch, interval: Of the old server's drain.
    """
    told = Storm()
    peers: list[Peer] = []
    options = {"drain_batch": batch, "drain_interval": interval}
    async with ground(limits, **options) as old:
        async with await old.member() as early:
            told.quiet = await Watch().quiet(early)
        await old.exit()
        await _gather(old, peers, clients)
        begin = time.monotonic()
        async with anyio.create_task_group() as tasks:
            back: list[Peer] = []
            for peer in peers:
                tasks.start_soon(_come_back, peer, old.address, back, told)
            old.server.drain()
            await _closed(old.address)
            async with ground(limits, port=old.address.port) as new, await new.member() as witness:
                watch = Watch()
                tasks.start_soon(watch.run, witness)
                while len(old.books.exits) <= clients:  # noqa: ASYNC110  (in its own time)
                    await anyio.sleep(0.01)
                told.drained = time.monotonic() - begin
                while len(back) < clients:  # noqa: ASYNC110
                    await anyio.sleep(0.01)
                told.back = time.monotonic() - begin
                watch.over = True
                told.worst = watch.worst
                assert new.books.granted == clients + 1
                assert new.endpoint.stats().members == clients + 1
                before = new.standing()
                for peer in back:
                    await anyio.aclose_forcefully(peer.stream)
                while new.endpoint.stats().sockets > 1:  # noqa: ASYNC110
                    await anyio.sleep(0.01)
                assert new.standing().files <= before.files - 2 * clients
        assert old.books.exits[1:] == [Drained()] * clients
        assert old.endpoint.stats().sockets == 0
    return told


async def _gather(on: Ground, peers: list[Peer], clients: int) -> None:
    """Have so many join."""

    async def side() -> None:
        nonlocal clients
        while clients:
            clients -= 1
            peers.append(await on.member())

    async with anyio.create_task_group() as tasks:
        for _ in range(SIDE):
            tasks.start_soon(side)


async def _come_back(peer: Peer, address: Address, back: list[Peer], told: Storm) -> None:
    async with peer:
        assert (await peer.closed()).code == 1012
    for tries in range(1, 1000):
        await anyio.sleep(BACKOFF[min(tries, len(BACKOFF)) - 1])
        try:
            again = await Peer.connect(address)
        except OSError:
            continue
        await again.open()
        await again.join()
        told.tries.append(tries)
        back.append(again)
        return


async def _closed(address: Address) -> None:
    """Wait until nobody listens there."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((address.host, address.port)):
                return
        await anyio.lowlevel.checkpoint()

"""The one timer of a server: every connection's clocks, and the event loop's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import anyio
import anyio.lowlevel

from ..runtime.bell import current_loop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..runtime.pool import Pool
    from .pace import Pace

__all__ = ["Watched", "period", "sweep"]

SHORTEST: Final = 0.05
LONGEST: Final = 1.0

SLICE: Final = 1000
"""Connections that are looked at in one go."""


class Watched(Protocol):
    """Something else that has to look at the time."""

    @property
    def window(self) -> float:
        """The shortest time that a look can end."""
        ...

    def tick(self, now: float) -> None:
        """Look."""
        ...


def period(pools: Sequence[Pool], others: Sequence[Watched] = ()) -> float:
    """Seconds between two looks: a quarter of the shortest time that a look can end."""
    times = [
        min(
            pool.limits.idle,
            pool.limits.too_slow_after,
            pool.limits.stall_timeout,
            pool.hibernate_after or LONGEST * 4,
        )
        for pool in pools
    ]
    times += [other.window for other in others]
    return min(LONGEST, max(SHORTEST, min(times, default=LONGEST) / 4))


async def sweep(pools: Sequence[Pool], pace: Pace, others: Sequence[Watched] = ()) -> None:
    """Look after all connections for ever; look closer at the loop while it is late."""
    clock = current_loop().clock
    usual = period(pools, others)
    while True:
        seconds = SHORTEST if pace.lagging else usual
        due = clock() + seconds
        await anyio.sleep(seconds)
        pace.measured(clock() - due)
        for pool in pools:
            await _look_at(pool, clock())
        for other in others:
            other.tick(clock())


async def _look_at(pool: Pool, now: float) -> None:
    connections = tuple(pool.connections)
    for start in range(0, len(connections), SLICE):
        for connection in connections[start : start + SLICE]:
            connection.tick(now)
        await anyio.lowlevel.checkpoint()

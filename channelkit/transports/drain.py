"""Ending all sockets of a server, a round at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from ..draining import rounds
from ..instruments import SocketDrain

if TYPE_CHECKING:
    from ..draining import Round
    from .site import Door, Site

__all__ = ["drain"]


async def drain(site: Site, batch: int, interval: float) -> None:
    """Drain one endpoint's sockets after the other's; then wait until nothing goes on.

    Args:
        batch: Sockets of one round.
        interval: Seconds between two rounds, so that clients do not all come back at once.
    """
    first = True
    for door in site.doors.values():
        left = list(door.application.pool.connections)
        for round_ in rounds(len(left), batch):
            if not first:
                await anyio.sleep(interval)
            first = False
            _tell(door, round_, interval)
            for connection in left[: round_.count]:
                connection.drain()
            del left[: round_.count]
    await site.wait_idle()


def _tell(door: Door, round_: Round, interval: float) -> None:
    """Tell the endpoint's instruments that a round begins."""
    instruments = door.application.pool.instruments
    instruments.tell(
        SocketDrain(
            endpoint=instruments.endpoint,
            count=round_.count,
            total=round_.total,
            index=round_.index,
            rounds=round_.rounds,
            interval=interval,
        )
    )

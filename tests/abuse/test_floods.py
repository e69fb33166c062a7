"""A flood is bounded, slows nobody else down, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from .floods import FLOODS, Flood
from .ground import Watch, flooded, ground, resident

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MIB = 1024 * 1024
PEAK = 24 * MIB
"""What all that a flood makes may hold at a time, here with what its clients hold."""
AGAIN = 4
"""Floods after the first; memory that is not given back grows with each of them."""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
@pytest.mark.parametrize("flood", FLOODS.values(), ids=[name.replace(" ", "-") for name in FLOODS])
async def test_a_flood_is_bounded_and_slows_nobody_down_and_leaves_nothing(flood: Flood) -> None:
    async with ground(flood.limits) as on, await on.member() as witness:
        before = on.standing()
        quiet = await Watch().quiet(witness)
        await flood.run(on, flood.small)  # once to warm up: caches and pools are no leak
        assert await on.back_to(before) == before

        grown = 0
        for _ in range(AGAIN):
            held = resident(collected=True)
            watch = await flooded(flood.run(on, flood.small), witness)
            assert await on.back_to(before) == before
            grown = resident(collected=True) - held

            assert watch.worst <= 5 * quiet
            assert watch.peak - held < PEAK
            if grown < MIB:
                break
        else:
            pytest.fail(f"{grown} bytes more with each flood")

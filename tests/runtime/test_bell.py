from __future__ import annotations

from itertools import pairwise

import pytest

from channelkit.runtime.bell import current_loop

pytestmark = pytest.mark.anyio


async def test_a_stopwatch_tells_microseconds_apart_on_every_loop() -> None:
    stopwatch = current_loop().stopwatch

    readings = sorted({stopwatch() for _ in range(10_000)})

    # uvloop's own clock has one reading for each millisecond.
    assert min(later - one for one, later in pairwise(readings)) < 0.0005

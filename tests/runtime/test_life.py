"""A random life of several sockets: nothing acknowledged is lost, nothing is left."""

from __future__ import annotations

from random import Random

import pytest

from .faults import Faults
from .hall import Books, make_endpoint
from .life import LIMITS, live

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.mark.parametrize("seed", range(8))
async def test_in_a_random_life_nothing_acknowledged_is_lost_and_nothing_is_left(
    seed: int,
) -> None:
    books = await live(seed, make_endpoint(Books(), LIMITS))

    assert books.handled


@pytest.mark.parametrize("seed", range(4))
async def test_nor_in_one_in_which_handlers_raise_and_connections_are_lost_at_any_await(
    seed: int,
) -> None:
    faults = Faults(Random(seed), 0.02)
    with faults.everywhere():
        books = await live(seed, make_endpoint(Books(), LIMITS), faults)

    assert books.handled
    assert faults.count > 5

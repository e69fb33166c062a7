"""A random life with faults at awaits: ``python -m tests.bench.soak [--minutes 10]``.

Each round is one of `tests.runtime.life` with its own seed, and with handlers
that raise, connections that are cancelled and peers that are lost at any await
of a handler or of the runtime. Each loop has its share of the time. The first
thing that is lost, out of order or left over ends it with the seed's traceback.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import sys
import time
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any, Final

import anyio

from ..abuse.ground import resident, tasks_living
from ..runtime.faults import Faults
from ..runtime.hall import Books, make_endpoint
from ..runtime.life import LIMITS, live

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

__all__ = ["main"]

LOOPS: Final = ("asyncio", "uvloop", "trio")
MIB: Final = 1024 * 1024
KEPT: Final = 8 * MIB
"""What may be kept from the tenth round on: allocators round."""
WARM: Final = 10
RATE: Final = 0.002


def main(arguments: Sequence[str] | None = None) -> int:
    """Live on every loop, and say what came of it."""
    made = argparse.ArgumentParser(prog="python -m tests.bench.soak", description=__doc__)
    made.add_argument("--minutes", type=float, default=10, help="of all loops together")
    made.add_argument("--seed", type=int, default=0, help="of the first round")
    made.add_argument("--loop", choices=LOOPS, action="append")
    made.add_argument("--rate", type=float, default=RATE, help="of faults at awaits")
    options = made.parse_args(arguments)
    loops = options.loop or LOOPS
    with _silence():
        for loop in loops:
            backend = "trio" if loop == "trio" else "asyncio"
            choice = {"use_uvloop": loop == "uvloop"} if backend == "asyncio" else {}
            seconds = 60 * options.minutes / len(loops)
            told = anyio.run(
                soak, seconds, options.seed, options.rate, backend=backend, backend_options=choice
            )
            print(f"{loop}: {told}", flush=True)
    return 0


async def soak(seconds: float, seed: int, rate: float) -> str:
    """Live so long on this loop."""
    errors: list[dict[str, Any]] = []
    if on_asyncio():
        asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
    endpoint = make_endpoint(Books(), LIMITS)
    tasks, held = tasks_living(), 0
    faults = acknowledged = rounds = 0
    until = time.monotonic() + seconds
    while not rounds or time.monotonic() < until:
        one = Faults(Random(seed + rounds), rate)
        try:
            with one.everywhere():
                books = await live(seed + rounds, endpoint, one)
        except BaseException as error:
            error.add_note(f"seed {seed + rounds}")
            raise
        rounds += 1
        faults += one.count
        acknowledged += len(books.handled)
        gc.collect()  # what was never retrieved is told when it is gone
        assert not errors, errors
        assert tasks_living() == tasks
        if rounds <= WARM:
            held = resident()
    grown = resident() - held
    assert grown < KEPT, f"{grown} bytes more after {rounds} rounds"
    return f"{rounds} rounds, {faults} faults, {acknowledged} events handled, {grown / MIB:.1f} MiB"


def on_asyncio() -> bool:
    """Whether the loop that runs is asyncio's, or uvloop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@contextmanager
def _silence() -> Generator[None]:
    """Every fault makes a line, with its traceback."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


if __name__ == "__main__":
    sys.exit(main())

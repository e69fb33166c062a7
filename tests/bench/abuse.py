"""Flood a server at full size: ``python -m tests.bench.abuse [--loop uvloop] [--only joins]``.

Each flood of `tests.abuse.floods` comes twice, to a server in this process,
while another client echoes. Printed are the passes of the event loop and the
processor time of the slowest of its echoes, and what this process, the floods'
clients in it too, held at most and kept. The status is 1 if a flood left
sockets, members, tasks or files, or if the second one kept as much again.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

import anyio

from ..abuse.floods import FLOODS, Flood
from ..abuse.ground import Watch, flooded, ground, resident

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

MIB: Final = 1024 * 1024
KEPT: Final = 4 * MIB
"""What the second flood may keep: allocators round."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Flood, and print a table; 1 if something is left."""
    options = parser().parse_args(arguments)
    chosen = {name: flood for name, flood in FLOODS.items() if options.only in name}
    print("| flood | times | echoes | passes, quiet | passes | ms | peak | kept | again |")
    print("|---|---|---|---|---|---|---|---|---|")
    calm = True
    for name, flood in chosen.items():
        times = max(200, int(flood.full * options.scale)) if options.scale < 1 else flood.full
        backend = "trio" if options.loop == "trio" else "asyncio"
        uvloop = {"use_uvloop": options.loop == "uvloop"} if backend == "asyncio" else {}
        calm &= anyio.run(report, name, flood, times, backend=backend, backend_options=uvloop)
    return int(not calm)


def parser() -> argparse.ArgumentParser:
    """What the command line takes."""
    made = argparse.ArgumentParser(prog="python -m tests.bench.abuse", description=__doc__)
    made.add_argument("--loop", choices=["asyncio", "uvloop", "trio"], default="uvloop")
    made.add_argument("--only", default="", help="floods that are called like this")
    made.add_argument("--scale", type=float, default=1.0, help="of the full size")
    return made


async def report(name: str, flood: Flood, times: int) -> bool:
    """Flood twice and print a row; whether nothing was left."""
    async with ground(flood.limits) as on, await on.member() as witness:
        quiet = await Watch().quiet(witness)
        before, held = on.standing(), resident(collected=True)
        first = await flooded(flood.run(on, times), witness)
        clean = await on.back_to(before) == before
        kept = resident(collected=True)
        second = await flooded(flood.run(on, times), witness)
        clean &= await on.back_to(before) == before
        again = resident(collected=True) - kept
    worst = max(first.worst, second.worst)
    busiest = 1000 * max(first.busiest, second.busiest)
    peak = max(first.peak, second.peak) - held
    sizes = " | ".join(f"{size / MIB:.1f} MiB" for size in (peak, kept - held, again))
    print(
        f"| {name} | {times:,} | {first.echoes + second.echoes} | {quiet} | {worst} "
        f"| {busiest:.1f} | {sizes} |{'' if clean else ' NOT CLEAN'}",
        flush=True,
    )
    return clean and again < KEPT


if __name__ == "__main__":
    sys.exit(main())

"""Restart a server under many clients: ``python -m tests.bench.storm [--clients 5000]``.

All clients come back as phoenix.js does, with its waits, to a server in this
process on the same port; the clients run in it, too. Printed is how long that
took, how often they tried, and what another client noticed. Each client takes
two file descriptors, or a few more for a moment: see `ulimit -n`.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import anyio

from channelkit import Limits

from ..abuse.storm import storm

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Restart, and print what happened."""
    made = argparse.ArgumentParser(prog="python -m tests.bench.storm", description=__doc__)
    made.add_argument("--clients", type=int, default=5000)
    made.add_argument("--loop", choices=["asyncio", "uvloop", "trio"], default="uvloop")
    options = made.parse_args(arguments)
    told = anyio.run(
        _storm,
        options.clients,
        backend="trio" if options.loop == "trio" else "asyncio",
        backend_options={} if options.loop == "trio" else {"use_uvloop": options.loop == "uvloop"},
    )
    print(told)
    return 0


async def _storm(clients: int) -> str:
    told = await storm(clients, Limits(), batch=1000, interval=0.1)
    return (
        f"{clients} clients: the old server drained in {told.drained:.1f} s, all were back after "
        f"{told.back:.1f} s and {max(told.tries)} tries at most; an echo took {told.worst} passes "
        f"of the loop at most, {told.quiet} before"
    )


if __name__ == "__main__":
    sys.exit(main())

"""Measure a restart: ``python -m tests.bench.reload [module:app]``, the chat if none is named.

From the write of a file to the new server's answer at /healthz, with sockets
open. The app is copied first, so that nobody's files are touched.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from ..cli.program import PATIENCE, Program, fetch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from websockets.sync.client import ClientConnection

__all__ = ["main", "measure"]

ROUNDS = 10
SOCKETS = 20
LIMIT = 1.0
RESTART = 1012
"""The close code that says so (RFC 6455's registry: service restart)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 if the median is above the limit."""
    options = parser().parse_args(arguments)
    times = measure(options.target, options.rounds, options.sockets, options.query)
    each = " ".join(f"{1000 * seconds:.0f}" for seconds in times)
    median = statistics.median(times)
    print(f"{options.target} with {options.sockets} open sockets, ms: {each}")
    print(f"median of {len(times)}: {1000 * median:.0f} ms, slowest: {1000 * max(times):.0f} ms")
    return int(median > options.limit)


def parser() -> argparse.ArgumentParser:
    """What the command line takes."""
    made = argparse.ArgumentParser(prog="python -m tests.bench.reload", description=__doc__)
    made.add_argument("target", nargs="?", default="examples.chat:server", metavar="module:app")
    made.add_argument("--rounds", type=int, default=ROUNDS)
    made.add_argument("--sockets", type=int, default=SOCKETS, help="open when the file changes")
    made.add_argument("--query", default=f"visitor={0:032x}", help="parameters of their connect")
    made.add_argument("--limit", type=float, default=LIMIT, help="seconds the median may take")
    return made


def measure(target: str, rounds: int, sockets: int, query: str) -> list[float]:
    """Seconds of each restart; the app is one below the current directory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = copied(target.partition(":")[0], folder)
        with Program(folder, "run", target, "--reload", "--port", "0") as program:
            address = program.wait_line(r"^  open +(\S+)$")[1]
            socket = program.wait_line(r"^  socket +(\S+)$")[1]
            program.wait_line("^Ctrl-C stops it")
            return [
                restart(file, address, f"{socket}?vsn=2.0.0&{query}", sockets)
                for _ in range(rounds)
            ]


def copied(module: str, folder: Path) -> Path:
    """Copy the package or module there; the file of the module in the copy."""
    top, *_ = parts = module.split(".")
    if Path(top).is_dir():
        shutil.copytree(top, folder / top, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(f"{top}.py", folder)
    path = folder.joinpath(*parts)
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def restart(file: Path, address: str, socket: str, sockets: int) -> float:
    """Change the file, and wait for the server after this one.

    The old one has stopped listening before it closes its sockets: who
    connects after that is answered by the new one.
    """
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(socket, proxy=None)) for _ in range(sockets)]
        text = file.read_bytes() + b"\n"
        begin = time.perf_counter()
        file.write_bytes(text)
        for client in clients:
            wait_closed(client)
        fetch(f"{address}/healthz")  # it waits in the backlog; it is not refused
        return time.perf_counter() - begin


def wait_closed(client: ClientConnection) -> None:
    """Wait until the server has closed a socket, for its restart."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            client.recv(timeout=PATIENCE)
    if client.close_code != RESTART:
        raise RuntimeError(f"closed with {client.close_code}, not with {RESTART}")


if __name__ == "__main__":
    sys.exit(main())

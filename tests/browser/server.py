"""An example's server in a process of its own, to be stopped and started at the same address."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Self

__all__ = ["ExampleServer"]

ROOT = Path(__file__).parents[2]
PATIENCE = 15.0


class ExampleServer:
    """`python -m <module> --port N`: a free port at first, then always that one.

    Args:
        arguments: Further ones for the module.
        folder: Where it runs.

    Attributes:
        address: Where it listens, as it said itself.
        log: All it has said.
    """

    def __init__(self, module: str, *arguments: str, folder: Path = ROOT) -> None:
        self._folder = folder
        self.address = ""
        self.log: list[str] = []
        self._command = [sys.executable, "-m", module, *arguments]
        self._port = "0"
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start, and return once it has named its address."""
        process = subprocess.Popen(
            [*self._command, "--port", self._port],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self._folder,
        )
        addresses: SimpleQueue[str | None] = SimpleQueue()
        threading.Thread(target=self._listen, args=(process, addresses), daemon=True).start()
        self._process = process
        address = addresses.get(timeout=PATIENCE)
        if address is None:
            raise RuntimeError("the server ended:\n" + "".join(self.log))
        self.address = address
        self._port = address.rpartition(":")[2]

    def terminate(self) -> None:
        """SIGTERM, as a deploy does: it drains, and exits 0."""
        process = self._running()
        process.terminate()
        assert process.wait(PATIENCE) == 0, "".join(self.log)

    def kill(self) -> None:
        """SIGKILL, as an accident does."""
        process = self._running()
        process.kill()
        process.wait(PATIENCE)

    def _running(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    def _listen(self, process: subprocess.Popen[str], addresses: SimpleQueue[str | None]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.log.append(line)
                if found := re.search(r"http://[\w.\[\]:-]+:\d+", line):
                    addresses.put(found[0])
        addresses.put(None)

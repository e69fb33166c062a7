"""Counting instructions: connections without sockets, and valgrind's counters.

A program marks where what it counts begins and ends, by a dump of the counters, and is run under
valgrind by `counted`. No clock is asked, so the machine may be busy or slow.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from websockets.speedups import apply_mask

from channelkit.runtime.connection import Connection
from channelkit.serializers import V2
from channelkit.transports.websocket import WebSocket

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from channelkit import Endpoint
    from channelkit.transports.link import Link

__all__ = ["UNDER_VALGRIND", "Peer", "counted", "joined", "mark"]

UNDER_VALGRIND = "--under-valgrind"
"""The option with which a module is started to be counted."""

ROOT = Path(__file__).parents[2]

SERIALIZER = V2()
MASK = b"\x01\x02\x03\x04"


class Sink:
    """A link that only counts what is written."""

    def __init__(self) -> None:
        self._missing = 0
        self._complete = asyncio.Event()

    def expect(self, count: int) -> None:
        """So many writes are to come."""
        self._missing += count
        self._complete.clear()

    async def wait(self) -> None:
        """Wait until they have."""
        await self._complete.wait()

    def write(self, data: bytes) -> None:
        self._missing -= 1
        if not self._missing:
            self._complete.set()

    def buffered(self) -> int:
        return 0

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def close(self) -> None:
        pass


class Peer:
    """A connection over such a link, and its task."""

    def __init__(self, endpoint: Endpoint[Any]) -> None:
        self.link = Sink()
        self.carrier = WebSocket(cast("Link", self.link), None, endpoint.limits)
        self.carrier.connection = Connection(endpoint.hub, self.carrier, SERIALIZER)
        self.task = asyncio.create_task(self.carrier.connection.run())

    async def told(self, *envelopes: str, writes: int) -> None:
        """Let frames come in, all in one read; wait until so many are written to this peer."""
        self.link.expect(writes)
        self.carrier.data(b"".join(map(frame, envelopes)))
        await self.link.wait()


def frame(text: str) -> bytes:
    """A masked text frame."""
    payload = apply_mask(text.encode(), MASK)
    size = len(payload)
    if size < 126:
        head = bytes([0x81, 0x80 | size])
    elif size < 65536:
        head = bytes([0x81, 0xFE]) + size.to_bytes(2)
    else:
        head = bytes([0x81, 0xFF]) + size.to_bytes(8)
    return head + MASK + payload


@asynccontextmanager
async def joined(
    endpoint: Endpoint[Any], *topics: str, params: str = "{}", writes: int = 1
) -> AsyncGenerator[list[Peer]]:
    """A socket for each of these topics.

    Args:
        writes: How many frames a join causes for its socket, the reply included.
    """
    peers = [Peer(endpoint) for _ in topics]
    await asyncio.sleep(0)
    for peer, topic in zip(peers, topics, strict=True):
        await peer.told(f'["1","1","{topic}","phx_join",{params}]', writes=writes)
    try:
        yield peers
    finally:
        for peer in peers:
            peer.carrier.lost()
        await asyncio.gather(*(peer.task for peer in peers))


def mark() -> None:
    """Dump the counters: what is counted begins or ends here."""
    subprocess.run(
        ["callgrind_control", "--dump", str(os.getpid())], check=True, stdout=subprocess.DEVNULL
    )


def counted(module: str, *options: str, marks: int, seconds: float) -> list[int]:
    """Run a module under valgrind: the instructions before each of its marks, since the last.

    Raises:
        RuntimeError: valgrind could not count.
    """
    with tempfile.TemporaryDirectory() as folder:
        tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        done = subprocess.run(
            [*tool, sys.executable, "-m", module, UNDER_VALGRIND, *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=seconds,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return [summary(Path(folder, f"out.{number}")) for number in range(1, marks + 1)]


def summary(dump: Path) -> int:
    """The instructions since the dump before."""
    lines = dump.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("summary:"))

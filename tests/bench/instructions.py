"""How many instructions a message costs: ``python -m tests.bench.instructions``.

Counted by valgrind, on no clock, so the machine may be busy or slow. What
Python and its libraries cost differs from version to version; so a cost is
given in times of the same typed job done by hand (``job.py``), counted in the
same run. ``--record`` writes the figures that ``test_instructions.py`` holds
later ones against.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import tomllib
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import uvloop
from websockets.speedups import apply_mask

from channelkit.runtime.connection import Connection
from channelkit.serializers import V2
from channelkit.transports.websocket import WebSocket

from .job import Client
from .server import endpoint

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine

    from channelkit.transports.link import Link

__all__ = ["RECORDED", "costs", "main", "recorded"]

RECORDED = Path(__file__).with_name("instructions.toml")

MODULE = "tests.bench.instructions"

FEW, MANY = 100, 500
"""How often in two runs of a scenario: what the second costs more is the difference's."""

RUNS = 3
"""Of a scenario; the first warms up."""

BY_HAND = "by hand"

SERIALIZER = V2()
MASK = b"\x01\x02\x03\x04"
BODY = "x" * 32


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

    def __init__(self) -> None:
        self.link = Sink()
        self.carrier = WebSocket(cast("Link", self.link), None, endpoint.limits)
        self.carrier.connection = Connection(endpoint.hub, self.carrier, SERIALIZER)
        self.task = asyncio.create_task(self.carrier.connection.run())

    def send(self, *envelopes: str) -> None:
        """Let frames come in, all in one read."""
        self.carrier.data(b"".join(map(frame, envelopes)))


def frame(text: str) -> bytes:
    """A masked text frame."""
    payload = apply_mask(text.encode(), MASK)
    return bytes([0x81, 0x80 | len(payload)]) + MASK + payload


def push(number: int, event: str) -> str:
    """A push to the topic that is joined."""
    return f'["1","{number}","echo:b","{event}",{{"body":"{BODY}","n":{number}}}]'


@asynccontextmanager
async def joined(count: int) -> AsyncGenerator[list[Peer]]:
    """So many members of one topic."""
    peers = [Peer() for _ in range(count)]
    await asyncio.sleep(0)
    for peer in peers:
        peer.link.expect(1)
        peer.send('["1","1","echo:b","phx_join",{}]')
    for peer in peers:
        await peer.link.wait()
    try:
        yield peers
    finally:
        for peer in peers:
            peer.carrier.lost()
        await asyncio.gather(*(peer.task for peer in peers))


async def echo(times: int, *, window: int = 1) -> None:
    """A typed event and its typed reply, so many in one read."""
    async with joined(1) as (peer,):
        for first in range(0, times, window):
            peer.link.expect(window)
            peer.send(*(push(first + number, "echo") for number in range(window)))
            await peer.link.wait()


async def echo_by_hand(times: int) -> None:
    """The same job without channels or frames."""
    topics: dict[str, set[int]] = {}
    client = Client(1, topics, lambda _, __: None)
    client.receive('{"event":"join","ref":1,"topic":"b"}')
    for number in range(times):
        body = f'{{"body":"{BODY}","n":{number}}}'
        client.receive(f'{{"event":"echo","ref":{number},"topic":"b","payload":{body}}}').encode()


async def deliver(times: int, *, members: int = 50) -> None:
    """A broadcast, by delivery."""
    async with joined(members) as peers:
        for number in range(0, times, members):
            peers[0].link.expect(2)  # the broadcast and the reply
            peers[0].send(push(number, "bcast"))
            await peers[0].link.wait()


async def join(times: int) -> None:
    """A connection that is open joins, and is lost."""
    for _ in range(times):
        async with joined(1):
            pass


SCENARIOS: dict[str, Callable[[int], Coroutine[None, None, None]]] = {
    BY_HAND: echo_by_hand,
    "echo": echo,
    "echo, 8 in a read": lambda times: echo(times, window=8),
    "ten deliveries": lambda times: deliver(10 * times),
    "join and leave": join,
}


def run_all() -> None:
    """Run the scenarios; a dump of the counters follows each run."""
    for scenario in SCENARIOS.values():
        for times in (FEW, FEW, MANY):
            uvloop.run(scenario(times))
            subprocess.run(["callgrind_control", "--dump", str(os.getpid())], check=True)


def counted() -> dict[str, int]:
    """Instructions of one of each scenario; takes a minute.

    Raises:
        RuntimeError: valgrind could not count.
    """
    with tempfile.TemporaryDirectory() as folder:
        tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        done = subprocess.run(
            [*tool, sys.executable, "-m", MODULE, "--under-valgrind"],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": "0"},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        dumps = range(1, RUNS * len(SCENARIOS) + 1)
        totals = [summary(Path(folder, f"out.{number}")) for number in dumps]
    few, many = totals[1::RUNS], totals[2::RUNS]
    each = [(more - less) // (MANY - FEW) for less, more in zip(few, many, strict=True)]
    return dict(zip(SCENARIOS, each, strict=True))


def summary(dump: Path) -> int:
    """The instructions since the dump before."""
    lines = dump.read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("summary:"))


def costs() -> dict[str, float]:
    """What each scenario costs, in times of the job done by hand. Raises as `counted`."""
    instructions = counted()
    unit = instructions.pop(BY_HAND)
    return {name: round(count / unit, 2) for name, count in instructions.items()}


def recorded() -> dict[str, float]:
    """What they cost when that was last written down."""
    times: dict[str, float] = tomllib.loads(RECORDED.read_text())["times"]
    return times


def main() -> None:
    """Count, and print it; with ``--record`` write it down, too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help=f"write {RECORDED.name}")
    parser.add_argument("--under-valgrind", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.under_valgrind:
        run_all()
        return
    lines = [f'"{name}" = {times}' for name, times in costs().items()]
    if options.record:
        head = f"# In times of the job done by hand: python -m {MODULE} --record"
        RECORDED.write_text("\n".join([head, "[times]", *lines, ""]))
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()

"""Measure presence in one topic: ``python -m tests.bench.presence``, 1,000 members if not told.

Everybody joins and is pushed the list; everybody's meta is updated; then all
but one drop their connections: all at once, or with ``--pace`` so many at a
time, every 10 ms. Server and load have a core each.
What a sample of the clients has in its list is compared with what is right.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from channelkit.presence import Synced

from ..wire.client import TEXT, frame
from .modes import PHOENIX, Subject
from .processes import Cores, allow_many_files, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["main", "measure"]

TOPIC = "room:bench"
UPGRADE = (
    "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
SAMPLES = 10
QUIET = 1.0
"""Seconds without a byte after which a stage is over."""

PATIENCE = 120.0
TICKS = os.sysconf("SC_CLK_TCK")


class Visitor(asyncio.Protocol):
    """One client. A sample reads what it is told; the others only count it."""

    def __init__(self, user: str, *, reads: bool) -> None:
        self.user = user
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.presence = Synced() if reads else None
        self.bytes = 0
        self.diffs = 0
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(UPGRADE.encode())

    def say(self, ref: str, event: str) -> None:
        """Send an event, or a join, with its user."""
        text = json.dumps(["1", ref, TOPIC, event, {"user": self.user}])
        assert self._transport is not None
        self._transport.write(frame(TEXT, text.encode()))

    def drop(self, *, but: Visitor | None = None) -> None:
        """Go without a word, unless it is the one that stays."""
        assert self._transport is not None
        if self is not but:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Count, and read on."""
        self.bytes += len(data)
        if self.opened.done() and self.presence is None:
            return
        self._buffer += data
        if not self.opened.done():
            _, end, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not end:
                return
            self._buffer = bytearray(rest)
            self.opened.set_result(None)
        while self.presence is not None and self._read():
            pass

    def _read(self) -> bool:
        """Take one message out of the buffer, if it is all there."""
        if len(self._buffer) < 2:
            return False
        length, start = self._buffer[1], 2
        if length > 125:
            start = 4 if length == 126 else 10
            length = int.from_bytes(self._buffer[2:start], "big")
        if len(self._buffer) < start + length:
            return False
        message = json.loads(self._buffer[start : start + length])
        del self._buffer[: start + length]
        assert self.presence is not None
        match message:
            case [_, _, _, "presence_state", state]:
                self.presence.state_came(state)
            case [_, _, _, "presence_diff", diff]:
                self.diffs += 1
                self.presence.diff_came(diff)
            case _:
                pass
        return True


@dataclass
class Stage:
    """What one stage has cost."""

    name: str
    server_ms: float
    seconds: float
    bytes: int
    diffs: float

    def __str__(self) -> str:
        return (
            f"{self.name:>8}  server CPU {self.server_ms:8.0f} ms  wall {self.seconds:6.2f} s  "
            f"sent {self.bytes / 1e6:8.1f} MB  diffs per client {self.diffs:5.1f}"
        )


@dataclass
class Load:
    """All clients, on a running server."""

    pid: int
    port: int
    members: int
    pace: int
    visitors: list[Visitor] = field(default_factory=list[Visitor])

    async def run(self) -> list[Stage]:
        """Every stage, one after another."""
        loop = asyncio.get_running_loop()
        for number in range(self.members):
            made = Visitor(f"user{number}", reads=number % max(1, self.members // SAMPLES) == 0)
            await loop.create_connection(lambda one=made: one, "127.0.0.1", self.port)  # type: ignore[misc]
            self.visitors.append(made)
        await asyncio.gather(*(visitor.opened for visitor in self.visitors))
        await self._quiet()
        stages = [
            await self._stage("joins", lambda one: one.say("1", "phx_join")),
            await self._stage("updates", lambda one: one.say("2", "away")),
        ]
        self._check({visitor.user: "away" for visitor in self.visitors})
        first = self.visitors[0]
        stages.append(await self._stage("drops", lambda one: one.drop(but=first)))
        self.visitors = [first]
        self._check({first.user: "away"})
        first.drop()
        return stages

    async def _stage(self, name: str, act: Callable[[Visitor], object]) -> Stage:
        samples = [visitor for visitor in self.visitors if visitor.presence is not None]
        before = _cpu_ms(self.pid), self._bytes(), sum(one.diffs for one in samples)
        start = time.monotonic()
        for number, visitor in enumerate(self.visitors, 1):
            act(visitor)
            if number % self.pace == 0:
                await asyncio.sleep(0.01)
        await self._quiet()
        after = _cpu_ms(self.pid), self._bytes(), sum(one.diffs for one in samples)
        cpu, sent, diffs = (late - early for late, early in zip(after, before, strict=True))
        seconds = time.monotonic() - start - QUIET
        return Stage(name, cpu, seconds, int(sent), diffs / len(samples))

    async def _quiet(self) -> None:
        """Until nothing has come for a while."""
        deadline = time.monotonic() + PATIENCE
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < QUIET:
            await asyncio.sleep(0.02)
            if self._bytes() != seen:
                seen, since = self._bytes(), time.monotonic()
            assert time.monotonic() < deadline, "the server never stopped talking"

    def _bytes(self) -> int:
        return sum(visitor.bytes for visitor in self.visitors)

    def _check(self, wanted: dict[str, str]) -> None:
        """Compare the samples' lists with what is right."""
        for visitor in self.visitors:
            if visitor.presence is not None:
                present = visitor.presence.present or {}
                seen = {
                    user: cast("list[dict[str, str]]", held["metas"])
                    for user, held in present.items()
                }
                statuses = {
                    user: [meta["status"] for meta in metas] for user, metas in seen.items()
                }
                assert statuses == {user: [status] for user, status in wanted.items()}


def _cpu_ms(pid: int) -> float:
    """The CPU time of a process, the kernel's part included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / TICKS


def measure(members: int, pace: int, *options: str) -> list[Stage]:
    """Start a server, play all stages, end it."""
    cores = Cores.available()
    subject = Subject(
        name="presence", module="tests.bench.presence_server", options=options, protocol=PHOENIX
    )
    allow_many_files(os.getpid())
    os.sched_setaffinity(0, {cores.load})
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        serving(subject, cores, Path(folder) / "server.log") as server,
    ):
        return asyncio.run(Load(server.pid, server.port, members, pace).run())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.presence", description=__doc__)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--pace", type=int, help="how many at a time; all of them if not given")
    parser.add_argument("--loop", choices=["uvloop", "asyncio", "trio"], default="uvloop")
    parser.add_argument("--window", type=float, help="Limits.presence_window, in seconds")
    options = parser.parse_args(arguments)
    window = () if options.window is None else ("--window", str(options.window))
    pace = options.pace or options.members
    stages = measure(options.members, pace, "--loop", options.loop, *window)
    print(f"{options.members} members on {options.loop}")
    print("\n".join(map(str, stages)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

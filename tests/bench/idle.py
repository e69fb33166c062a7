"""What an idle connection holds, awake and asleep: ``python -m tests.bench.idle [--sockets 1000]``.

The peers are one other process. Each connects, joins and has a few messages
answered; then nobody says anything, the server's connections hibernate, and
later everybody is answered once more. Counted is the heap that Python and
zlib have allocated (tracemalloc) and, in a run of its own, what the system
says is resident: that falls only where whole pages have become free.
"""

from __future__ import annotations

import argparse
import gc
import json
import re
import socket
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.uri import parse_uri

from channelkit import Endpoint, Server

from .server import Bench

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anyio.abc import Process

__all__ = ["main", "measure"]

WAYS: Final[dict[str, dict[str, Any] | None]] = {
    "plain": None,
    "deflate": {"client_max_window_bits": True},
    "deflate-forgetting": {"client_max_window_bits": True, "client_no_context_takeover": True},
}
"""What the peers offer."""

MODULE: Final = "tests.bench.idle"
MESSAGES: Final = 5
BODY: Final = "a message of some length, as people write it; " * 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every way and print a table."""
    options = parser().parse_args(arguments)
    if options.peers:
        peers(options.peers, options.way, options.sockets)
    elif options.way:
        figures = anyio.run(
            measure,
            options.way,
            options.sockets,
            options.traced,
            backend_options={"use_uvloop": options.loop == "uvloop"},
        )
        print(json.dumps(figures))
    else:
        print("| offer | heap awake | heap asleep | resident awake | resident asleep |")
        print("|---|---|---|---|---|")
        for way in WAYS:
            heap, resident = (alone(way, options, *extra) for extra in (["--traced"], []))
            row = [figure / 1024 for figure in (*heap, *resident)]
            print(f"| {way} | " + " | ".join(f"{kib:.1f} KiB" for kib in row) + " |")
    return 0


def parser() -> argparse.ArgumentParser:
    """What the command line takes."""
    made = argparse.ArgumentParser(prog="python -m tests.bench.idle", description=__doc__)
    made.add_argument("--sockets", type=int, default=1000)
    made.add_argument("--loop", choices=["asyncio", "uvloop"], default="uvloop")
    made.add_argument("--way", choices=[*WAYS], help=argparse.SUPPRESS)
    made.add_argument("--traced", action="store_true", help=argparse.SUPPRESS)
    made.add_argument("--peers", type=int, metavar="PORT", help=argparse.SUPPRESS)
    return made


def alone(way: str, options: argparse.Namespace, *extra: str) -> list[float]:
    """Measure one way in a process of its own."""
    command = [sys.executable, "-m", MODULE, "--way", way, "--loop", options.loop]
    command += ["--sockets", str(options.sockets), *extra]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: list[float] = json.loads(done.stdout)
    return figures


# The server.


async def measure(way: str, sockets: int, traced: bool) -> list[float]:
    """Bytes per connection, awake and asleep."""
    endpoint = Endpoint("/socket", [Bench], origins=False, deflate=True)
    server = Server(endpoint, port=0)
    if traced:
        tracemalloc.start()
    awake = asleep = before = 0
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(_serve, server)
        before = held(traced=traced)
        command = [sys.executable, "-m", MODULE, "--way", way]
        command += ["--peers", str(address.port), "--sockets", str(sockets)]
        async with await anyio.open_process(command, stderr=None) as process:
            await told(process, b"idle")
            awake = held(traced=traced)
            for connection in endpoint.pool.connections:
                connection.hibernate()
                connection.tick(connection.loop.clock())
            asleep = held(traced=traced)
            assert process.stdin is not None
            await process.stdin.send(b"\n")
            await told(process, b"answered")
        tasks.cancel_scope.cancel()
    return [(figure - before) / sockets for figure in (awake, asleep)]


async def _serve(server: Server, *, task_status: Any) -> None:
    await server.serve(task_status=task_status)


async def told(process: Process, word: bytes) -> None:
    """Wait until the peers say this."""
    assert process.stdout is not None
    heard = b""
    while word not in heard:
        heard += await process.stdout.receive()


def held(*, traced: bool) -> int:
    """Bytes that this process holds."""
    gc.collect()
    if traced:
        return tracemalloc.get_traced_memory()[0]
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


# The peers.


def peers(port: int, way: str, sockets: int) -> None:
    """Connect and talk; be silent until a line comes; talk once more."""
    made = [Talker(port, WAYS[way]) for _ in range(sockets)]
    for talker in made:
        for _ in range(MESSAGES):
            talker.call("echo", {"body": BODY, "n": 1})
    print("idle", flush=True)
    sys.stdin.readline()
    for talker in made:
        assert talker.call("echo", {"body": BODY, "n": 2}) == {"body": BODY, "n": 2}
    print("answered", flush=True)


class Talker:
    """One peer."""

    def __init__(self, port: int, offer: dict[str, Any] | None) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._protocol = ClientProtocol(
            parse_uri(f"ws://127.0.0.1:{port}/socket/websocket?vsn=2.0.0"),
            extensions=None if offer is None else [ClientPerMessageDeflateFactory(**offer)],
        )
        self._protocol.send_request(self._protocol.connect())
        self._next()
        self.call("phx_join", {})

    def call(self, event: str, payload: object) -> Any:
        """Push, and wait for the answer."""
        self._protocol.send_text(json.dumps(["1", "1", "echo:1", event, payload]).encode())
        return json.loads(bytes(self._next().data))[4]["response"]

    def _next(self) -> Any:
        self._socket.sendall(b"".join(self._protocol.data_to_send()))
        while True:
            events = self._protocol.events_received()
            if events:
                return events[0]
            self._protocol.receive_data(self._socket.recv(65536))


if __name__ == "__main__":
    sys.exit(main())

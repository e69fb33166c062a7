"""A server to be abused, a client that does nothing wrong meanwhile, and what is measured."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio
import anyio.lowlevel
import trio
from anyio.abc import SocketAttribute, SocketStream

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    Limits,
    Message,
    Open,
    Presence,
    Server,
    after_join,
    channel,
    on_event,
    on_join,
    on_leave,
)

from ..wire.client import Peer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable

    from channelkit.draining import Stats
    from channelkit.transports.listener import Address

__all__ = [
    "Books",
    "Ground",
    "Standing",
    "Watch",
    "flooded",
    "ground",
    "open_files",
    "reset",
    "resident",
    "tasks_living",
]

PATIENT = 20.0
"""Seconds after which what should have come to rest never will."""


@dataclass
class Books:
    """What the handlers did."""

    granted: int = 0
    silent: int = 0
    exits: list[Exit] = field(default_factory=list["Exit"])
    cancelled: int = 0


class Here(Message):
    """What is told of who is here."""

    n: int = 0


class Enter(Message):
    """How to come in; with a key, to be seen by the others."""

    key: str | None = None


class Number(Message):
    """A number."""

    n: int


@channel("room:{name}")
class Room(Channel[Books]):
    """What can be flooded."""

    name: str
    here = Presence(Here)

    @on_join
    async def join(self, params: Enter) -> None:
        """Let everybody in, after a while."""
        await anyio.lowlevel.checkpoint()
        self.key = params.key
        self.assigns.granted += 1

    @after_join
    async def arrived(self) -> None:
        """Be seen."""
        if self.key is not None:
            self.here.track(self.key, Here())
            await self.here.push_state()

    @on_event("echo")
    async def echo(self, message: Open) -> Open:
        """Reply with the same payload."""
        return message

    @on_event("silent")
    async def silently(self, message: Open) -> None:
        """Count, and say nothing."""
        self.assigns.silent += 1

    @on_event("change")
    async def change(self, message: Number) -> None:
        """Be here in another way."""
        if self.key is not None:
            self.here.update(self.key, Here(n=message.n))

    @on_event("stuck")
    async def stuck(self, message: Open) -> None:
        """Never come back."""
        try:
            await anyio.sleep_forever()
        finally:
            self.assigns.cancelled += 1

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Write it down, and take a while."""
        self.assigns.exits.append(reason)
        await anyio.lowlevel.checkpoint()


CROWD = Room.topic_for(name="crowd")


class Standing(NamedTuple):
    """What a server, and the tests in its process, hold."""

    tasks: int
    files: int
    sockets: int
    members: int
    topics: int
    present: int


@dataclass
class Ground:
    """A running server and what is known of it."""

    server: Server
    endpoint: Endpoint[Any]
    address: Address
    books: Books
    scope: anyio.CancelScope
    """What the server runs in."""

    async def peer(self) -> Peer:
        """A new connection."""
        return await Peer.connect(self.address)

    async def socket(self) -> Peer:
        """A new WebSocket."""
        peer = await self.peer()
        await peer.open()
        return peer

    async def member(self) -> Peer:
        """A new WebSocket that has joined room:1."""
        peer = await self.socket()
        await peer.join()
        return peer

    async def deaf(self) -> Peer:
        """A new member whose system takes little before it must be read."""
        raw = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.connect((self.address.host, self.address.port))
        raw.setblocking(False)
        peer = Peer(await SocketStream.from_socket(raw))
        await peer.open()
        await peer.join()
        return peer

    def standing(self) -> Standing:
        """What there is now."""
        stats: Stats = self.endpoint.stats()
        return Standing(
            tasks=tasks_living(),
            files=open_files(),
            sockets=stats.sockets,
            members=stats.members,
            topics=stats.topics,
            present=len(self.endpoint.presences(CROWD, Room.here)),
        )

    async def exit(self, number: int = 0) -> Exit:
        """Why that member is gone, in the order of their ends, once it is."""
        while len(self.books.exits) <= number:  # noqa: ASYNC110  (it has its time to take)
            await anyio.sleep(0.01)
        return self.books.exits[number]

    async def back_to(self, before: Standing) -> Standing:
        """What there is once everything has gone that goes: to compare with what was before."""
        with anyio.move_on_after(PATIENT):
            while self.standing() != before:  # noqa: ASYNC110  (nobody tells of the descriptors)
                await anyio.sleep(0.01)
        return self.standing()


@asynccontextmanager
async def ground(limits: Limits | None = None, **options: Any) -> AsyncGenerator[Ground]:
    """A server on a free port for as long as the block lasts."""
    books = Books()

    async def connect(params: Enter) -> Books:
        return books

    endpoint = Endpoint(
        "/socket", [Room], connect, limits=limits or Limits(), origins=False, log=False
    )
    options = {"port": 0, **options}
    server = Server(endpoint, **options)
    scope = anyio.CancelScope()
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(_serve, server, scope)
        yield Ground(server, endpoint, address, books, scope)
        scope.cancel()


async def _serve(server: Server, scope: anyio.CancelScope, *, task_status: Any) -> None:
    with scope:
        await server.serve(task_status=task_status)


@dataclass
class Watch:
    """A client whose echoes are counted in passes of the event loop, not in seconds.

    Attributes:
        worst: The passes that the slowest echo took.
        busiest: The processor's seconds that the slowest echo took.
        echoes: How many there were.
        peak: The most that this process held meanwhile, in bytes.
        over: Whether it is time to end.
    """

    worst: int = 0
    busiest: float = 0.0
    echoes: int = 0
    peak: int = 0
    over: bool = False
    _passes: int = 0

    async def run(self, peer: Peer) -> None:
        """Echo until it is over, once at least."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._count)
            await self.echo(peer)
            while not self.over:
                await self.echo(peer)
            tasks.cancel_scope.cancel()

    async def quiet(self, peer: Peer, echoes: int = 30) -> int:
        """The worst of some echoes while nothing else happens."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._count)
            for _ in range(echoes):
                await self.echo(peer)
            tasks.cancel_scope.cancel()
        return self.worst

    async def echo(self, peer: Peer) -> None:
        """One echo."""
        begin, busy = self._passes, time.process_time()
        reply = await peer.call("echo", {"n": self.echoes})
        assert reply[4] == {"status": "ok", "response": {"n": self.echoes}}, reply
        self.worst = max(self.worst, self._passes - begin)
        self.busiest = max(self.busiest, time.process_time() - busy)
        self.echoes += 1

    async def _count(self) -> None:
        while True:
            await anyio.lowlevel.checkpoint()
            self._passes += 1
            if self._passes % 10 == 0:
                self.peak = max(self.peak, resident())


async def flooded(flood: Awaitable[None], witness: Peer) -> Watch:
    """What somebody who does nothing wrong saw of a flood."""
    watch = Watch()

    async def run() -> None:
        await flood
        watch.over = True

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(run)
        await watch.run(witness)
    watch.peak = max(watch.peak, resident())
    return watch


def reset(peer: Peer) -> None:
    """Have the system say RST when this connection is closed."""
    raw = peer.stream.extra(SocketAttribute.raw_socket)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def tasks_living() -> int:
    """The tasks of this event loop."""
    try:
        return len(asyncio.all_tasks())
    except RuntimeError:
        return trio.lowlevel.current_statistics().tasks_living


def open_files() -> int:
    """The file descriptors of this process."""
    return len(os.listdir("/proc/self/fd"))


def resident(*, collected: bool = False) -> int:
    """Bytes of this process that are in memory.

    Args:
        collected: Without what is garbage.
    """
    if collected:
        gc.collect()
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")

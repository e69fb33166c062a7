"""What the servers of these tests serve, and a server around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
from pydantic import BaseModel

from channelkit import (
    Channel,
    ConnectInfo,
    Endpoint,
    Exit,
    Limits,
    Message,
    Open,
    Refusal,
    Server,
    channel,
    on_event,
    on_join,
    on_leave,
)

from .client import Peer

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator

    from channelkit.transports.listener import Address

__all__ = ["Journal", "Said", "Served", "make_endpoint", "read_meanwhile", "running", "serving"]


class Login(Message):
    """How to connect."""

    how: str = "welcome"


class NotToday(Refusal, status=429):
    """A refused connect."""

    wait: int


@dataclass
class Journal:
    """What happened on the server."""

    exits: list[Exit] = field(default_factory=list[Exit])
    infos: list[ConnectInfo] = field(default_factory=list[ConnectInfo])
    gate: anyio.Event = field(default_factory=anyio.Event)
    """Opens the event `wait`, and `on_leave` where it was asked to wait."""
    slow_farewell: bool = False
    streamed: int = 0
    """Items of streams that were made."""
    _changed: anyio.Event = field(default_factory=anyio.Event)

    def left(self, reason: Exit) -> None:
        """A member is gone."""
        self.exits.append(reason)
        self._changed.set()
        self._changed = anyio.Event()

    async def exit(self) -> Exit:
        """Why the only member is gone, once it is."""
        while not self.exits:
            await self._changed.wait()
        (reason,) = self.exits
        return reason


class Assigns(BaseModel, arbitrary_types_allowed=True):
    """What connect returns."""

    journal: Any


class Said(Open, event="said"):
    """What is broadcast."""


@channel("room:{name}")
class Room(Channel[Assigns, Said]):
    """A channel for each thing that a transport must carry."""

    name: str
    count: int = 0

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in."""

    @on_event("echo")
    async def echo(self, message: Open) -> Open:
        """Reply with the same payload."""
        return message

    @on_event("count")
    async def counted(self, message: Open) -> None:
        """Count silently."""
        self.count += 1

    @on_event("counted")
    async def tell(self, message: Open) -> Open:
        """How many were counted."""
        return Open(payload=self.count)

    @on_event("wait")
    async def wait(self, message: Open) -> Open:
        """Wait at the gate."""
        await self.assigns.journal.gate.wait()
        return message

    @on_event("close")
    async def close(self, message: Open) -> Open:
        """Close the socket once this is answered."""
        self.socket.close(4001, "enough")
        return message

    @on_event("shout")
    async def shout(self, message: Open) -> None:
        """Broadcast."""
        await self.broadcast(Said(payload=message.payload))

    @on_event("feed")
    async def feed(self, message: Open) -> AsyncIterator[Said]:
        """Give the same payload again and again."""
        while True:
            self.assigns.journal.streamed += 1
            yield Said(payload=message.payload)

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Write it down."""
        if self.assigns.journal.slow_farewell:
            await self.assigns.journal.gate.wait()
        self.assigns.journal.left(reason)


def make_endpoint(journal: Journal, limits: Limits | None = None, **options: Any) -> Endpoint[Any]:
    """An endpoint at /socket."""

    async def connect(params: Login, info: ConnectInfo) -> Assigns | NotToday:
        journal.infos.append(info)
        match params.how:
            case "refuse":
                return NotToday(wait=3)
            case "crash":
                raise RuntimeError("crashed as asked")
            case "hang":
                await anyio.sleep_forever()
            case "gate":
                await journal.gate.wait()
            case _:
                pass
        return Assigns(journal=journal)

    options = {"origins": False, **options}
    return Endpoint("/socket", [Room], connect, limits=limits or Limits(), **options)


@dataclass(frozen=True)
class Served:
    """A running server."""

    server: Server
    address: Address
    journal: Journal
    endpoint: Endpoint[Any]

    async def peer(self, context: ssl.SSLContext | None = None) -> Peer:
        """A new connection to it."""
        return await Peer.connect(self.address, context)

    async def socket(self, target: str = "/socket/websocket?vsn=2.0.0", *headers: str) -> Peer:
        """A new WebSocket to it."""
        peer = await self.peer()
        await peer.open(target, *headers)
        return peer

    async def member(self) -> Peer:
        """A new WebSocket that has joined room:1."""
        peer = await self.socket()
        await peer.join()
        return peer


@asynccontextmanager
async def serving(
    limits: Limits | None = None,
    *,
    endpoint: dict[str, Any] | None = None,
    journal: Journal | None = None,
    **options: Any,
) -> AsyncGenerator[Served]:
    """A server on a free port for as long as the block lasts.

    Args:
        endpoint: Options of the endpoint; `options` are the server's.
    """
    journal = journal or Journal()
    made = make_endpoint(journal, limits, **(endpoint or {}))
    options = {"port": 0, **options}
    server = Server(made, **options)
    async with running(server) as address:
        yield Served(server, address, journal, made)


@asynccontextmanager
async def running(server: Server) -> AsyncGenerator[Address]:
    """A server's address, for as long as the block lasts."""
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(_serve, server)
        yield address
        tasks.cancel_scope.cancel()


async def read_meanwhile() -> None:
    """Let the server, which is on the same loop, read what was just sent."""
    for _ in range(3):
        await anyio.lowlevel.checkpoint()


async def _serve(server: Server, *, task_status: Any) -> None:
    await server.serve(task_status=task_status)

"""The channels that Phoenix's integration tests use, in our words, and a server around them."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from pydantic import BaseModel, JsonValue

from channelkit import (
    Channel,
    ConnectInfo,
    Endpoint,
    Exit,
    Limits,
    Message,
    Ok,
    Open,
    Refusal,
    Server,
    after_join,
    channel,
    on_broadcast,
    on_event,
    on_info,
    on_join,
    on_leave,
)

from ..wire.client import Peer
from .client import V1, V2, Client

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from channelkit.transports.listener import Address

__all__ = [
    "Custom",
    "Journal",
    "NewMsg",
    "Room",
    "UserEntered",
    "World",
    "make_endpoint",
    "per_version",
    "serving",
]

per_version = pytest.mark.parametrize("vsn", [V1, V2])
"""Once on each version of the wire."""


@dataclass
class Journal:
    """What happened on the server.

    Attributes:
        connected: What `connect` was told, connection by connection.
        exits: Who left, and why, in order.
        gate: Opens what waits: a join, a later reply.
    """

    connected: list[ConnectInfo] = field(default_factory=list[ConnectInfo])
    exits: list[tuple[str, Exit]] = field(default_factory=list[tuple[str, Exit]])
    gate: anyio.Event = field(default_factory=anyio.Event)
    _changed: anyio.Event = field(default_factory=anyio.Event)

    def left(self, topic: str, reason: Exit) -> None:
        """A member is gone."""
        self.exits.append((topic, reason))
        self._changed.set()
        self._changed = anyio.Event()

    async def gone(self, count: int = 1) -> list[tuple[str, Exit]]:
        """Who left and why, once it is so many."""
        while len(self.exits) < count:
            await self._changed.wait()
        return self.exits


class Login(Message):
    """The connect parameters."""

    user: str | None = None
    refuse: str = ""


class Guest(BaseModel, arbitrary_types_allowed=True):
    """Who is connected; `journal` is the test's own."""

    user: str | None
    journal: Any


class Forbidden(Refusal):
    """May not connect."""


class TooMany(Refusal, status=429):
    """May not connect just now."""


class Entrance(Message):
    """Who joins."""

    user: JsonValue = None
    password: str = ""


class UserEntered(Message):
    """Somebody joined."""

    user: JsonValue


class Joined(Message):
    """Pushed to whom it concerns."""

    status: str


class NewMsg(Message):
    """Somebody said something; on its way out each member's channel adds the transport."""

    body: JsonValue = None
    transport: str | None = None


class YouLeft(Message):
    """Pushed by the farewell."""

    message: str = "bye!"


class BinaryEvent(Open, event="binary_event"):
    """Pushed as bytes."""


@dataclass(frozen=True)
class Nudge:
    """An info: push this body."""

    body: str


@channel("room:{name*}")
class Room(Channel[Guest, UserEntered | Joined | NewMsg | YouLeft | BinaryEvent]):
    """Tells who enters, passes messages on, says goodbye."""

    name: str

    @on_join
    async def join(self, params: Entrance) -> None:
        """Let everybody in."""
        self.user = params.user

    @after_join
    async def enter(self) -> None:
        """Tell everybody, then the member itself."""
        await self.broadcast(UserEntered(user=self.user))
        await self.push(Joined(status="connected"))

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Ok:
        """Broadcast it, then reply."""
        await self.broadcast(message)
        return Ok()

    @on_event("enter_again")
    async def enter_again(self, message: UserEntered) -> Ok:
        """Tell the others, then reply."""
        await self.broadcast_from(message)
        return Ok()

    @on_event("boom")
    async def boom(self, message: Open) -> None:
        """Raise."""
        raise RuntimeError("boom")

    @on_event("binary_event")
    async def binary_event(self, message: bytes) -> bytes:
        """Push bytes, then reply with what came and some more."""
        await self.push(BinaryEvent(payload=b"\0\1\2"))
        return message + b"123"

    @on_info
    async def nudged(self, info: Nudge) -> None:
        """Push what this program says."""
        await self.push(NewMsg(body=info.body, transport="info"))

    @on_broadcast
    async def add_transport(self, message: NewMsg) -> NewMsg:
        """Add a field for this member."""
        return NewMsg(body=message.body, transport="websocket")

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Say goodbye, write it down."""
        await self.push(YouLeft())
        self.assigns.journal.left(self.topic, reason)


class Wish(Message):
    """What the join is to come to."""

    action: str = "ok"


class Granted(Message):
    """The response of a granted join."""

    action: str


class Refused(Refusal, reason=None):
    """The response of a refused one."""

    action: str


@channel("custom:{name}")
class Custom(Channel[Guest]):
    """Joins in the way it is asked to, stops when it is asked to."""

    name: str

    @on_join
    async def join(self, params: Wish) -> Granted | Refused:
        """Grant, refuse, raise, or wait at the gate."""
        match params.action:
            case "raise":
                raise RuntimeError("as asked")
            case "error":
                return Refused(action=params.action)
            case "wait":
                await self.assigns.journal.gate.wait()
            case _:
                pass
        return Granted(action=params.action)

    @on_event("close")
    async def close(self, message: Open) -> None:
        """Stop normally, without a reply."""
        self.stop()

    @on_event("later", concurrent=True)
    async def later(self, message: Open) -> Ok:
        """Reply once the gate is open; other events are handled meanwhile."""
        await self.assigns.journal.gate.wait()
        return Ok()


def make_endpoint(
    journal: Journal,
    path: str = "/ws",
    channels: Sequence[type[Channel[Any, Any]]] = (Room, Custom),
    **options: Any,
) -> Endpoint[Any]:
    """An endpoint with these channels; ids are ``user:NAME``."""

    async def connect(params: Login, info: ConnectInfo) -> Guest | Forbidden | TooMany:
        journal.connected.append(info)
        match params.refuse:
            case "error":
                return Forbidden()
            case "rate_limit":
                return TooMany()
            case _:
                return Guest(user=params.user, journal=journal)

    def identify(guest: Guest) -> str | None:
        return None if guest.user is None else f"user:{guest.user}"

    options = {"origins": False, "identify": identify, **options}
    return Endpoint(path, channels, connect, **options)


@dataclass(frozen=True)
class World:
    """A running server; it closes the clients that were made with it."""

    server: Server
    address: Address
    journal: Journal
    endpoint: Endpoint[Any]
    _stack: AsyncExitStack

    async def peer(self) -> Peer:
        """A new TCP connection."""
        return await self._stack.enter_async_context(await Peer.connect(self.address))

    async def client(
        self,
        vsn: str = V2,
        *headers: str,
        path: str | None = None,
        query: str = "",
    ) -> Client:
        """A new WebSocket.

        Args:
            headers: More of them.
            path: Of the endpoint, where it is not the only one.
            query: Further parameters, ``"user=ann"``.
        """
        peer = await self.peer()
        target = f"{path or self.endpoint.path}/websocket?vsn={vsn}"
        await peer.open(f"{target}&{query}" if query else target, *headers)
        return Client(peer, vsn)


@asynccontextmanager
async def serving(
    *,
    endpoint: Endpoint[Any] | Sequence[Endpoint[Any]] | None = None,
    journal: Journal | None = None,
    limits: Limits | None = None,
    server: dict[str, Any] | None = None,
    **options: Any,
) -> AsyncGenerator[World]:
    """A server on a free port for as long as the block lasts.

    Args:
        endpoint: Instead of the one with the channels above; there may be several.
        server: Options of the server; `options` are the endpoint's.
    """
    journal = journal or Journal()
    if endpoint is None:
        endpoint = make_endpoint(journal, limits=limits or Limits(), **options)
    endpoints = [endpoint] if isinstance(endpoint, Endpoint) else endpoint
    of_server: dict[str, Any] = {"port": 0, **(server or {})}
    running = Server(*endpoints, **of_server)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(_serve, running)
        async with AsyncExitStack() as stack:
            yield World(running, address, journal, endpoints[0], stack)
        tasks.cancel_scope.cancel()


async def _serve(server: Server, *, task_status: Any) -> None:
    await server.serve(task_status=task_status)

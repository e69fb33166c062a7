"""The channels that the first Phoenix's tests use, in our words, and a server for old clients."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
from pydantic import BaseModel, JsonValue

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    LocalProtocolError,
    Message,
    Ok,
    Open,
    Refusal,
    Server,
    after_join,
    channel,
    on_event,
    on_info,
    on_join,
    on_leave,
)

from ..wire.first import FirstChannel, FirstSocket

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from typing import Self

    from channelkit.transports.listener import Address

__all__ = ["Client", "FirstWorld", "Journal", "Note", "Rooms", "Said", "first_serving"]


@dataclass
class Journal:
    """What happened on the server."""

    exits: list[tuple[str, Exit]] = field(default_factory=list[tuple[str, Exit]])
    refused: list[str] = field(default_factory=list[str])
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


class Guest(BaseModel, arbitrary_types_allowed=True):
    """The assigns."""

    journal: Any


class Entrance(Message):
    """Who comes."""

    user: str = "ann"
    greeted: bool = False


class NoEntry(Refusal):
    """Not in."""


class JoinedUp(Message, event="join"):
    """What the application itself sends at a join."""

    status: str


class Said(Message):
    """Something that was said."""

    body: JsonValue


class YouLeft(Message, event="you:left"):
    """What the application itself sends at a leave."""

    message: str


class Anything(Open, event="anything"):
    """A push of any shape."""


class Value(Message):
    """Something remembered."""

    value: JsonValue


@dataclass(frozen=True)
class Note:
    """An info: remember this."""

    value: str


@channel("rooms:{name}")
class Rooms(Channel[Guest, JoinedUp | Said | YouLeft | Anything]):
    """A channel of the time."""

    name: str
    value: JsonValue = None
    greeted: bool = False

    @on_join
    async def join(self, params: Entrance) -> NoEntry | None:
        """Let everybody in but mallory; "wrong" brings a verdict that there is not."""
        if params.user == "wrong":
            return 7  # type: ignore[return-value]  # pyright: ignore[reportReturnType]
        self.greeted = params.greeted
        return NoEntry() if params.user == "mallory" else None

    @after_join
    async def greet(self) -> None:
        """Acknowledge the join, for who wants it."""
        if self.greeted:
            await self.push(JoinedUp(status="connected"))

    @on_event("say")
    async def say(self, message: Said) -> None:
        """Tell everybody."""
        await self.broadcast(message)

    @on_event("say_from")
    async def say_from(self, message: Said) -> None:
        """Tell the others."""
        await self.broadcast_from(message)

    @on_event("echo")
    async def echo(self, message: Said) -> Said:
        """Tell the one who asks."""
        return message

    @on_event("push")
    async def push_anything(self, message: Open) -> None:
        """Push, broadcast and broadcast_from a payload of any shape."""
        shapeless = Anything(payload=message.payload)
        for verb in (self.push, self.broadcast, self.broadcast_from):
            try:
                await verb(shapeless)
            except LocalProtocolError as error:
                self.assigns.journal.refused.append(str(error))

    @on_event("put")
    async def put(self, message: Value) -> None:
        """Remember."""
        self.value = message.value

    @on_event("get")
    async def get(self, message: Open) -> Value:
        """Tell what is remembered."""
        return Value(value=self.value)

    @on_event("terminate")
    async def terminate(self, message: Open) -> None:
        """End the connection."""
        self.socket.terminate()

    @on_event("hibernate")
    async def hibernate(self, message: Open) -> None:
        """Give back what can be given back."""
        self.socket.hibernate()

    @on_event("frame")
    async def frame(self, message: Said) -> None:
        """Send a frame that is no message."""
        await self.socket.send_frame(str(message.body))

    @on_event("wrong")
    async def wrong(self, message: Open) -> Ok:
        """Return what it may not."""
        return 7  # type: ignore[return-value]  # pyright: ignore[reportReturnType]

    @on_info
    async def note(self, info: Note) -> None:
        """Remember, and say so."""
        self.value = info.value
        await self.push(Said(body=info.value))

    @on_leave
    async def left(self, reason: Exit) -> None:
        """Write it down, say goodbye."""
        self.assigns.journal.left(self.topic, reason)
        await self.push(YouLeft(message="bye"))


@channel("plain:{name}")
class Plain(Channel[Guest]):
    """A channel that does not care who leaves."""

    name: str

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in."""

    @on_event("echo")
    async def echo(self, message: Open) -> Open:
        """Tell the one who asks."""
        return message


class Client:
    """An old client that joins at most one channel of each pair."""

    def __init__(self, socket: FirstSocket) -> None:
        self.socket = socket
        self.got: list[tuple[str, Any]] = []

    async def __aenter__(self) -> Self:
        await self.socket.connect()
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.socket.peer.__aexit__(None, None, None)

    async def join(self, topic: str, channel: str = "rooms", **content: Any) -> FirstChannel:
        """Join; what comes for it goes to `got`."""
        joined: list[FirstChannel] = []

        async def called_back(made: FirstChannel) -> None:
            joined.append(made)

        await self.socket.join(channel, topic, content, called_back)
        return joined[0]

    async def heard(self, count: int = 1) -> list[list[Any]]:
        """The next messages: channel and topic together, event, content."""
        told = await self.socket.hear(count)
        return [[f"{m['channel']}:{m['topic']}", m["event"], m["message"]] for m in told]

    async def quiet(self) -> None:
        """Nothing came, and everything sent before is handled."""
        await self.socket.quiet()


@dataclass(frozen=True)
class FirstWorld:
    """A running server."""

    server: Server
    endpoint: Endpoint[Any]
    address: Address
    journal: Journal

    def client(self) -> Client:
        """A client of it, not yet connected."""
        return Client(FirstSocket(self.address, "/ws"))

    @property
    def topics(self) -> int:
        """How many topics have subscribers."""
        return len(self.endpoint.hub.pubsub)


@asynccontextmanager
async def first_serving() -> AsyncGenerator[FirstWorld]:
    """A server for as long as the block lasts."""
    journal = Journal()

    async def connect(params: Open) -> Guest:
        return Guest(journal=journal)

    endpoint = Endpoint(
        "/ws", [Rooms, Plain], connect, identify=_everybody, origins=False, vsn="0.x"
    )
    server = Server(endpoint, port=0)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(_serve, server)
        yield FirstWorld(server, endpoint, address, journal)
        tasks.cancel_scope.cancel()


def _everybody(assigns: object) -> str:
    return "everybody"


async def _serve(server: Server, *, task_status: Any) -> None:
    await server.serve(task_status=task_status)

"""What the servers of these tests serve, and a server around it that can be stopped and be back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
from pydantic import BaseModel, Field

from channelkit import (
    Channel,
    ConnectInfo,
    Endpoint,
    Exit,
    Limits,
    Message,
    Ok,
    Open,
    Presence,
    Refusal,
    Server,
    after_join,
    channel,
    on_drain,
    on_event,
    on_join,
    on_leave,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from anyio.abc import TaskGroup

    from channelkit.transports.listener import Address


class Login(Message):
    """How to connect."""

    name: str
    tags: list[str] = Field(default_factory=list[str])
    extra: dict[str, str] = Field(default_factory=dict[str, str])


class User(BaseModel):
    """What connect returns."""

    name: str


class Banned(Refusal):
    """Never again."""

    until: str


class Busy(Refusal, status=429):
    """Later."""


class JoinRoom(Message):
    token: str = ""


class RoomState(Message):
    members: int


class RoomFull(Refusal):
    limit: int


class NewMsg(Message):
    body: str


class Accepted(Message):
    id: int


class Muted(Refusal):
    """May not speak."""


class Posted(Message):
    user: str
    body: str


class Typing(Message):
    user: str


class Raw(Open, event="raw"):
    """Anything."""


class Online(Message):
    status: str


@dataclass
class Journal:
    """What happened on the server, and what it is to do."""

    joins: int = 0
    full: bool = False
    banned: bool = False
    busy: bool = False
    exits: list[Exit] = field(default_factory=list[Exit])
    infos: list[ConnectInfo] = field(default_factory=list[ConnectInfo])
    params: list[Login] = field(default_factory=list[Login])
    received: list[str] = field(default_factory=list[str])
    gate: anyio.Event = field(default_factory=anyio.Event)


JOURNALS: dict[str, Journal] = {}
"""By the name of the user."""


def journal_of(name: str) -> Journal:
    """A user's."""
    return JOURNALS.setdefault(name, Journal())


@channel("room:{room_id}")
class Room(Channel[User, Posted | Typing | Raw]):
    """A channel for each thing that a client can do."""

    room_id: int
    here = Presence(Online)

    @property
    def journal(self) -> Journal:
        return journal_of(self.assigns.name)

    @on_join
    async def join(self, params: JoinRoom) -> RoomState | RoomFull:
        self.journal.joins += 1
        if self.journal.full or params.token == "full":
            return RoomFull(limit=self.journal.joins)
        return RoomState(members=self.journal.joins)

    @after_join
    async def arrived(self) -> None:
        await self.push(Typing(user=self.assigns.name))
        self.here.track(self.assigns.name, Online(status="here"))
        await self.here.push_state()

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Accepted | Muted:
        self.journal.received.append(message.body)
        if message.body == "rude":
            return Muted()
        await self.broadcast(Posted(user=self.assigns.name, body=message.body))
        return Accepted(id=len(self.journal.received))

    @on_event("status")
    async def status(self, message: Online) -> Ok:
        self.here.update(self.assigns.name, message)
        return Ok()

    @on_event("quiet")
    async def quiet(self, message: NewMsg) -> None:
        self.journal.received.append(message.body)

    @on_event("echo")
    async def echo(self, message: Open) -> Open:
        return message

    @on_event("blob")
    async def blob(self, message: bytes) -> bytes:
        await self.push(Raw(payload=message))
        return message[::-1]

    @on_event("wait", concurrent=True)
    async def wait(self, message: NewMsg) -> Accepted:
        self.journal.received.append(message.body)
        await self.journal.gate.wait()
        return Accepted(id=0)

    @on_event("crash")
    async def crash(self, message: NewMsg) -> Accepted:
        raise RuntimeError(message.body)

    @on_event("stop")
    async def stop_it(self, message: NewMsg) -> Ok:
        self.stop()
        return Ok()

    @on_event("hang_up")
    async def hang_up(self, message: Accepted) -> Ok:
        self.socket.close(message.id, "as asked")
        return Ok()

    @on_event("spam")
    async def spam(self, message: Accepted) -> Ok:
        for number in range(message.id):
            await self.push(Posted(user="spam", body=str(number)))
        return Ok()

    @on_event("count")
    async def count(self, message: Accepted) -> AsyncIterator[Posted | Muted]:
        for number in range(abs(message.id)):
            yield Posted(user="count", body=str(number))
        if message.id < 0:
            yield Muted()

    @on_drain
    async def drained(self) -> None:
        await self.push(Posted(user="server", body="draining"))

    @on_leave
    async def left(self, reason: Exit) -> None:
        self.journal.exits.append(reason)


@channel("lobby")
class Lobby(Channel[User]):
    """A channel that pushes nothing."""

    @on_join
    async def join(self, params: JoinRoom) -> None:
        if params.token == "crash":
            raise RuntimeError("as asked")
        if params.token == "wait":
            await journal_of(self.assigns.name).gate.wait()

    @on_event("ping")
    async def ping(self, message: NewMsg) -> Ok:
        return Ok()


async def let_in(params: Login, info: ConnectInfo) -> User | Banned | Busy:
    """Decide by the name."""
    journal = journal_of(params.name)
    journal.infos.append(info)
    journal.params.append(params)
    if journal.banned or params.name == "banned":
        return Banned(until="2030-01-01")
    if journal.busy or params.name == "busy":
        return Busy()
    return User(name=params.name)


def name_of(user: User) -> str:
    """The socket's id."""
    return user.name


def make_endpoint(limits: Limits | None = None, **options: Any) -> Endpoint[Any]:
    """An endpoint at /socket."""
    options = {"origins": False, "identify": name_of, **options}
    return Endpoint("/socket", [Room, Lobby], let_in, limits=limits or Limits(), **options)


@dataclass
class Served:
    """A running server.

    Attributes:
        url: The endpoint's.
    """

    server: Server
    endpoint: Endpoint[Any]
    address: Address
    url: str


class Host:
    """A place where servers come and go, always at the same port."""

    def __init__(self, tasks: TaskGroup) -> None:
        self._tasks = tasks
        self._scope = anyio.CancelScope()
        self._down = anyio.Event()
        self.port = 0

    async def up(self, **options: Any) -> Served:
        """Start a server."""
        self._scope, self._down = anyio.CancelScope(), anyio.Event()
        made = make_endpoint()
        options = {"port": self.port, **options}
        server = Server(made, **options)
        (address,) = await self._tasks.start(self._serve, server)
        self.port = address.port
        url = f"{'wss' if address.secure else 'ws'}://localhost:{address.port}/socket"
        return Served(server, made, address, url)

    async def down(self) -> None:
        """Stop it."""
        self._scope.cancel()
        await self._down.wait()

    async def _serve(self, server: Server, *, task_status: Any) -> None:
        with self._scope:
            await server.serve(task_status=task_status)
        self._down.set()


@asynccontextmanager
async def hosting() -> AsyncGenerator[Host]:
    """A host for as long as the block lasts."""
    async with anyio.create_task_group() as tasks:
        yield Host(tasks)
        tasks.cancel_scope.cancel()


@asynccontextmanager
async def serving(
    limits: Limits | None = None, *, endpoint: Mapping[str, Any] | None = None, **options: Any
) -> AsyncGenerator[Served]:
    """A server on a free port, or the given one, for as long as the block lasts."""
    made = make_endpoint(limits, **(endpoint or {}))
    options = {"port": 0, **options}
    server = Server(made, **options)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(_serve, server)
        url = f"{'wss' if address.secure else 'ws'}://localhost:{address.port}/socket"
        yield Served(server, made, address, url)
        tasks.cancel_scope.cancel()


async def _serve(server: Server, *, task_status: Any) -> None:
    await server.serve(task_status=task_status)

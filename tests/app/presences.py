"""A channel with a presence, and clients that watch it."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import anyio
from pydantic import BaseModel

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    Limits,
    LocalProtocolError,
    Message,
    Ok,
    Presence,
    Refusal,
    after_join,
    channel,
    on_event,
    on_join,
    on_leave,
)
from channelkit.presence import Diffed, Fields, Present
from channelkit.testing import connect
from channelkit.wire import PRESENCE_DIFF, PRESENCE_STATE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from channelkit.testing import ClientRoom, ClientSocket

__all__ = [
    "HALL",
    "Den",
    "Do",
    "Enter",
    "Hall",
    "Kick",
    "Online",
    "Profile",
    "Profiles",
    "Said",
    "diffs",
    "entered",
    "make_den",
    "make_hall",
    "metas",
    "present",
    "sent",
    "states",
]


class Online(Message):
    status: str = "online"


class Private(Online):
    address: str


class Enter(Message):
    user: str | int = "ann"
    silent: bool = False
    early: bool = False
    hangs: bool = False


class Do(Message):
    """Track, update or untrack; the answer says what came of it."""

    verb: str
    key: str = "ann"
    status: str = "online"


class Said(Message):
    text: str


class Kick(Message):
    how: str


class Busy(Refusal):
    """Try again."""


@channel("hall:{name}")
class Hall(Channel[None, Said]):
    """Members are here under the key that they enter with."""

    name: str
    here = Presence(Online)

    @on_join
    async def join(self, params: Enter) -> Said | None:
        self.user, self.params = params.user, params
        if params.early:
            try:
                self.here.track("early", Online())
            except LocalProtocolError as error:
                return Said(text=str(error))
        return None

    @after_join
    async def arrived(self) -> None:
        if not self.params.silent:
            self.here.track(self.user, Online())
            await self.here.push_state()

    @on_event("do")
    async def do(self, message: Do) -> Said | Busy:
        ref = ""
        try:
            match message.verb:
                case "track":
                    ref = self.here.track(message.key, Online(status=message.status))
                case "update":
                    ref = self.here.update(message.key, Online(status=message.status))
                case "shout":
                    ref = self.here.update(message.key, loudly)
                case "untrack":
                    self.here.untrack(message.key)
                case "list":
                    return Said(text=told(self.here.list()))
                case "metas":
                    return Said(text=told({message.key: self.here.metas(message.key)}))
                case "state":
                    await self.here.push_state()
                case "pass":  # there and gone again within one window
                    self.here.track(message.key, Online())
                    self.here.untrack(message.key)
                case "more":  # than is declared
                    self.here.track(message.key, Private(status="more", address="secret"))
                case "wrong":
                    self.here.track(message.key, cast("Any", Said(text="no meta")))
                case _:
                    await anyio.sleep_forever()
        except LocalProtocolError as error:
            return Said(text=str(error))
        return Said(text=ref)

    @on_event("kick")
    async def kick(self, message: Kick) -> Ok:
        match message.how:
            case "stop":
                self.stop()
            case "error":
                self.stop(error="asked")
            case "close":
                self.socket.close(4000)
            case _:
                raise RuntimeError("asked")
        return Ok()

    @on_leave
    async def left(self, reason: Exit) -> None:
        self.here.track("a ghost", Online())
        self.here.update("a ghost", Online())
        self.here.untrack("a ghost")
        if self.params.hangs:
            await anyio.sleep_forever()


def loudly(meta: Online) -> Online:
    """Another meta, made from the one before."""
    status, meta.status = meta.status, "spoiled"
    return Online(status=status.upper())


def told(lists: dict[str, list[Online]]) -> str:
    """Who is here, as text."""
    return " ".join(f"{key}={','.join(m.status for m in held)}" for key, held in lists.items())


HALL = Hall.topic_for(name="one")


def make_hall(limits: Limits | None = None) -> Endpoint[None]:
    """An endpoint of the hall alone."""
    return Endpoint("/socket", [Hall], limits=limits or Limits())


# One whose presences are enriched.


class Profile(BaseModel):
    name: str


@dataclass
class Profiles:
    """Whom a fetch was asked for, and what it does."""

    asked: list[dict[str, list[str]]] = field(default_factory=list[dict[str, list[str]]])
    gates: list[anyio.Event] = field(default_factory=list[anyio.Event])
    raises: bool = False
    knows_nobody: bool = False

    async def fetch(self, group: dict[str, list[Online]]) -> dict[str, Profile]:
        self.asked.append({key: [m.status for m in held] for key, held in group.items()})
        if self.gates:
            await self.gates.pop(0).wait()
        if self.raises:
            raise RuntimeError("no database")
        names = [*group, "nobody"] if not self.knows_nobody else []
        return {key: Profile(name=key.title()) for key in names}


class Den(Channel[None]):
    """Members are here under the key that they enter with; `make_den` adds the presence."""

    @on_join
    async def join(self, params: Enter) -> None:
        self.user = params.user
        self.silent = params.silent


def make_den(profiles: Profiles, limits: Limits | None = None) -> Endpoint[None]:
    """An endpoint with a den, topic "den", whose fetch asks these profiles."""

    async def fetch(topic: str, group: dict[str, list[Online]]) -> dict[str, Profile]:
        assert topic == "den"
        return await profiles.fetch(group)

    @channel("den")
    class Lair(Den):
        here = Presence(Online, fetch=fetch)

        @after_join
        async def arrived(self) -> None:
            if not self.silent:
                self.here.track(self.user, Online())
            await self.here.push_state()

        @on_event("do")
        async def do(self, message: Do) -> Ok:
            self.here.update(self.user, Online(status=message.status))
            return Ok()

    return Endpoint("/socket", [Lair], limits=limits or Limits())


# Clients.


@asynccontextmanager
async def entered(
    endpoint: Endpoint[None], *users: str | int, silent: bool = False
) -> AsyncGenerator[list[tuple[ClientSocket, ClientRoom[Hall]]]]:
    """Clients who have entered the hall under these keys, all at rest."""
    async with AsyncExitStack() as stack:
        clients: list[tuple[ClientSocket, ClientRoom[Hall]]] = []
        for user in users:
            socket = await stack.enter_async_context(connect(endpoint))
            room, _ = await socket.join(HALL, Hall.join, Enter(user=user, silent=silent))
            clients.append((socket, room))
        for socket, _ in clients:
            await socket.patience.at_rest()
        yield clients


async def present(room: ClientRoom[Any]) -> dict[str, list[str]]:
    """Who is here as a client sees it: the status of each meta."""
    lists = await room.presences(Hall.here)
    return {key: [meta.status for meta in held] for key, held in lists.items()}


def sent(socket: ClientSocket, event: str) -> list[Any]:
    """The payloads of an event that a client got, in order."""
    return [getattr(e, "payload", None) for e in socket.received if getattr(e, "event", 0) == event]


def states(socket: ClientSocket) -> Sequence[Present]:
    """Every `presence_state` that a client got."""
    return cast("Sequence[Present]", sent(socket, PRESENCE_STATE))


def diffs(socket: ClientSocket) -> Sequence[Diffed]:
    """Every `presence_diff` that a client got."""
    return cast("Sequence[Diffed]", sent(socket, PRESENCE_DIFF))


def metas(held: Fields) -> list[dict[str, str]]:
    """The metas of one key, as they went over the wire."""
    return cast("list[dict[str, str]]", held["metas"])

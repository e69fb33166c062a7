"""Whatever happens, in whatever order: every client's list is the server's in the end."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, final

import anyio
import anyio.lowlevel
import pytest

from channelkit import (
    Channel,
    Endpoint,
    Limits,
    Message,
    Presence,
    after_join,
    channel,
    on_event,
    on_join,
)
from channelkit.testing import connect

if TYPE_CHECKING:
    from channelkit.testing import ClientRoom, ClientSocket

pytestmark = pytest.mark.anyio

USERS = ["ann", "bob", "__proto__"]
STEPS = 120


class Online(Message):
    n: int


class Enter(Message):
    user: str


class Do(Message):
    n: int


class Profile(Message):
    name: str


class Lane(Channel[None]):
    """Without a presence; `Hurried` and `Slow` have one each."""

    @on_join
    async def join(self, params: Enter) -> None:
        self.user = params.user


def make_endpoint(random: Random, *, fetches: bool) -> tuple[Endpoint[None], Any]:
    """An endpoint whose fetch, if it has one, takes its time, and raises now and then."""

    async def fetch(topic: str, group: dict[str, list[Online]]) -> dict[str, Profile]:
        for _ in range(random.randrange(20)):
            await anyio.lowlevel.checkpoint()
        if random.random() < 0.1:
            raise RuntimeError("no database")
        return {user: Profile(name=user.title()) for user in group}

    @channel("lane")
    class Here(Lane):
        here = Presence(Online, fetch=fetch if fetches else None)

        @after_join
        async def arrived(self) -> None:
            self.here.track(self.user, Online(n=0))
            await self.here.push_state()

        @on_event("update")
        async def update(self, message: Do) -> None:
            self.here.update(self.user, Online(n=message.n))

        @on_event("toggle")
        async def toggle(self, message: Do) -> None:
            self.here.untrack(self.user)
            self.here.track(self.user, Online(n=message.n))

        @on_event("state")
        async def state(self, message: Do) -> None:
            await self.here.push_state()

        @on_event("crash")
        async def crash(self, message: Do) -> None:
            raise RuntimeError("asked")

    return Endpoint("/socket", [Here], limits=Limits(presence_window=0.001)), Here


@final
@dataclass
class Life:
    """Clients who do at random what clients do."""

    random: Random
    endpoint: Endpoint[None]
    channel: Any
    stack: AsyncExitStack
    live: list[tuple[ClientSocket, ClientRoom[Any]]] = field(
        default_factory=list["tuple[ClientSocket, ClientRoom[Any]]"]
    )
    n: int = 0

    async def run(self) -> None:
        for _ in range(STEPS):
            kind = self.random.choice(
                ["comes", "comes", "again", "leaves", "drops"] + ["event"] * 8
            )
            if kind == "comes" or len(self.live) < 2:  # the first one stays
                await self.comes()
            elif kind == "event":
                self.does()
            else:
                await getattr(self, kind)(self.live.pop(self.random.randrange(1, len(self.live))))
            for _ in range(self.random.randrange(4)):
                await anyio.lowlevel.checkpoint()

    async def comes(self) -> None:
        if len(self.live) < 8:
            socket = await self.stack.enter_async_context(connect(self.endpoint))
            await self.joins(socket)

    async def joins(self, socket: ClientSocket) -> None:
        enter = Enter(user=self.random.choice(USERS))
        room, _ = await socket.join(self.channel.topic_for(), self.channel.join, enter)
        self.live.append((socket, room))

    async def again(self, client: tuple[ClientSocket, ClientRoom[Any]]) -> None:
        await self.joins(client[0])

    async def leaves(self, client: tuple[ClientSocket, ClientRoom[Any]]) -> None:
        socket, room = client
        socket.push("lane", "phx_leave", {}, join_ref=room.join_ref)

    async def drops(self, client: tuple[ClientSocket, ClientRoom[Any]]) -> None:
        client[0].drop()

    def does(self) -> None:
        socket, room = self.random.choice(self.live[1:])
        event = self.random.choice(["update", "update", "update", "toggle", "state", "crash"])
        self.n += 1
        socket.push("lane", event, {"n": self.n}, join_ref=room.join_ref)
        if event == "crash":
            self.live.remove((socket, room))

    def listed(self) -> dict[str, list[int]]:
        """What the server has."""
        lists = self.endpoint.presences(self.channel.topic_for(), self.channel.here)
        return {user: sorted(meta.n for meta in metas) for user, metas in lists.items()}


@pytest.mark.slow
@pytest.mark.parametrize("fetches", [False, True], ids=["plain", "fetching"])
@pytest.mark.parametrize("seed", range(8))
async def test_every_clients_list_is_the_servers(seed: int, fetches: bool) -> None:
    random = Random(seed)
    endpoint, kind = make_endpoint(random, fetches=fetches)
    async with AsyncExitStack() as stack:
        life = Life(random, endpoint, kind, stack)
        await life.run()
        for socket, _ in life.live:
            await socket.patience.at_rest()

        wanted = life.listed()
        for _, room in life.live:
            lists = await room.presences(kind.here)
            seen = {user: sorted(meta.n for meta in metas) for user, metas in lists.items()}
            assert seen == wanted
        assert sum(map(len, wanted.values())) == len(life.live)

    assert life.listed() == {}
    assert endpoint.hub.tracker.hurried()

"""What the endpoint is told of a connection that is over, and when a connection's time is up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import anyio
import pytest

from channelkit import Limits
from channelkit.exits import Closed as ClosedByPeer
from channelkit.exits import ConnectionLost, Drained, Expired, ShutDown

from .app import Journal, serving
from .client import Closed, close, push, upgrade
from .poller import Poller

if TYPE_CHECKING:
    from channelkit import Exit

pytestmark = pytest.mark.anyio

PAST = datetime(2001, 1, 1, tzinfo=UTC)
SOCKET = "/socket/websocket?vsn=2.0.0"


class Goodbyes:
    """An `on_disconnect` that writes down what it was told, and how many members had left."""

    def __init__(self, journal: Journal) -> None:
        self.told: list[tuple[Exit, int]] = []
        self.heard = anyio.Event()
        self._journal = journal

    async def __call__(self, assigns: object, reason: Exit) -> None:
        self.told.append((reason, len(self._journal.exits)))
        self.heard.set()


async def test_a_goodbye_comes_after_the_farewells_of_the_members() -> None:
    journal = Journal()
    goodbyes = Goodbyes(journal)
    async with (
        serving(journal=journal, endpoint={"on_disconnect": goodbyes}) as served,
        await served.member() as peer,
    ):
        await peer.send(push("phx_join", topic="room:2", ref="2", join_ref="2"))
        await peer.message()
        await peer.send(close(1000))
        assert await peer.closed() == Closed(1000)
        await goodbyes.heard.wait()

    assert goodbyes.told == [(ClosedByPeer(1000), 2)]


async def test_who_was_let_in_while_the_server_began_to_drain_is_told_goodbye() -> None:
    journal = Journal()
    goodbyes = Goodbyes(journal)
    async with (
        serving(journal=journal, endpoint={"on_disconnect": goodbyes}) as served,
        await served.peer() as peer,
    ):
        await peer.send(upgrade(f"{SOCKET}&how=gate"))
        while not journal.infos:
            await anyio.wait_all_tasks_blocked()
        served.server.drain()
        await anyio.wait_all_tasks_blocked()
        journal.gate.set()

        assert (await peer.response()).status == 503
        await goodbyes.heard.wait()

    assert goodbyes.told == [(Drained(), 0)]


@pytest.mark.parametrize("how", ["refuse", "crash"])
async def test_nobody_is_told_of_who_was_not_let_in(how: str) -> None:
    journal = Journal()
    goodbyes = Goodbyes(journal)
    async with (
        serving(journal=journal, endpoint={"on_disconnect": goodbyes}) as served,
        await served.peer() as peer,
    ):
        await peer.ask(upgrade(f"{SOCKET}&how={how}"))

    assert goodbyes.told == []


async def test_a_socket_whose_time_is_up_is_closed_with_3000() -> None:
    async with serving() as served, await served.member() as peer:
        (connection,) = served.endpoint.hub.connections

        connection.expiry.set(PAST)

        assert await peer.closed() == Closed(3000, "expired")
        assert await served.journal.exit() == Expired()


async def test_a_socket_whose_time_is_over_gets_403() -> None:
    def until(assigns: object) -> datetime:
        return PAST

    async with serving(endpoint={"expires_at": until}) as served, await served.peer() as peer:
        response = await peer.ask(upgrade())

    assert (response.status, response.json()) == (403, {"reason": "expired"})


async def test_a_long_poll_client_that_was_let_in_but_finds_no_place_is_told_goodbye() -> None:
    journal = Journal()
    goodbyes = Goodbyes(journal)
    options = {"on_disconnect": goodbyes, "longpoll": True}
    target = "/socket/longpoll?vsn=2.0.0&how=gate"
    async with (
        serving(Limits(polls=1), journal=journal, endpoint=options) as served,
        await Poller.connect(served.address, target=target) as one,
        await Poller.connect(served.address, target=target) as other,
    ):
        for poller in (one, other):
            await poller.begin()
        while len(journal.infos) < 2:
            await anyio.wait_all_tasks_blocked()
        journal.gate.set()

        statuses = [(await poller.gets.response()).json()["status"] for poller in (one, other)]

        assert sorted(statuses) == [410, 500]
        assert goodbyes.told == [(ConnectionLost(), 0)]
    assert [type(reason) for reason, _ in goodbyes.told] == [ConnectionLost, ShutDown]

"""What a connection has over long-poll as over a WebSocket: presence, TLS, one goodbye."""

from __future__ import annotations

import ssl
from typing import Any

import anyio
import pytest
import trustme

from channelkit import (
    Channel,
    Endpoint,
    Exit,
    LongPoll,
    Message,
    Ok,
    Open,
    Presence,
    Server,
    channel,
    on_event,
    on_join,
)
from channelkit.exits import Drained

from .app import running, serving
from .client import Peer, answer, push
from .poller import POLL, Poller, request
from .test_longpoll import echo

pytestmark = pytest.mark.anyio


class Online(Message):
    """What is told of who is here."""

    status: str = "online"


class Enter(Message):
    """Who joins."""

    user: str = "ann"


@channel("room:{name}")
class Room(Channel[None]):
    """Says who is here."""

    here = Presence(Online)
    name: str

    @on_join
    async def join(self, params: Enter) -> None:
        """Let everybody in."""
        self.user = params.user

    @on_event("track")
    async def track(self, message: Open) -> Ok:
        """Be here, and hear who is."""
        self.here.track(self.user, Online())
        await self.here.push_state()
        return Ok()


async def heard(poller: Poller, event: str) -> Any:
    """The payload of the next message of this event; others are skipped."""
    while True:
        for message in await poller.heard_now():
            if message[3] == event:
                return message[4]


async def pushed(peer: Peer, event: str) -> Any:
    """The same on a WebSocket."""
    while True:
        message = await peer.message()
        if message[3] == event:
            return message[4]


async def test_who_polls_is_here_until_the_session_ends() -> None:
    endpoint = Endpoint("/socket", channels=[Room], longpoll=LongPoll(window=0.4), origins=False)
    async with (
        running(Server(endpoint, port=0)) as address,
        await Peer.connect(address) as peer,
        await Poller.connect(address) as poller,
    ):
        await peer.open()
        await peer.join()
        await peer.send(push("track"))
        await pushed(peer, "presence_diff")
        await poller.open()
        assert await poller.say(
            ["1", "1", "room:1", "phx_join", {"user": "bob"}], ["1", "2", "room:1", "track", {}]
        ) == {"status": 200}

        assert set(await heard(poller, "presence_state")) == {"ann", "bob"}
        joined = await pushed(peer, "presence_diff")
        left = await pushed(peer, "presence_diff")

        assert (set(joined["joins"]), set(joined["leaves"])) == ({"bob"}, set())
        assert (set(left["joins"]), set(left["leaves"])) == (set(), {"bob"})


async def test_a_session_talks_under_tls() -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)  # pyright: ignore[reportUnknownMemberType]
    async with (
        serving(endpoint={"longpoll": True}, ssl_context=context) as served,
        Poller(await served.peer(trusting), await served.peer(trusting), POLL, ()) as poller,
    ):
        await poller.open()
        await poller.join()
        for ref in "234":
            await poller.begin()
            assert await poller.say(echo(ref)) == {"status": 200}
            assert len((await poller.got())["messages"]) == 1
        await poller.begin()
        await anyio.aclose_forcefully(poller.gets.stream)
        await poller.settle()
        assert await poller.say(echo("5")) == {"status": 200}
        async with await served.peer(trusting) as again:
            response = await again.ask(request("GET", poller.url))
        assert len(response.json()["messages"]) == 1
        assert served.journal.infos[0].uri.scheme == "https"


async def test_who_was_let_in_while_the_server_began_to_drain_is_told_goodbye() -> None:
    gate, goodbyes = anyio.Event(), list[Exit]()

    async def connect(params: Open) -> str:
        await gate.wait()
        return "ann"

    async def goodbye(name: str, reason: Exit) -> None:
        goodbyes.append(reason)

    @channel("none")
    class Nowhere(Channel[str]):
        @on_join
        async def join(self, params: Open) -> None: ...

    endpoint = Endpoint(
        "/socket", [Nowhere], connect, origins=False, longpoll=True, on_disconnect=goodbye
    )
    server = Server(endpoint, port=0)
    async with (
        running(server) as address,
        await Peer.connect(address) as peer,
        await Peer.connect(address) as health,
    ):
        await health.ask(request("OPTIONS", POLL))
        await peer.send(request("GET", POLL))
        await Poller(peer, peer, POLL, ()).settle()
        server.drain()
        while (await health.ask(request("GET", "/healthz"))).status == 200:
            pass

        gate.set()

        response = await peer.response()
        assert (response.status, response.json()["status"]) == (503, 500)
    assert goodbyes == [Drained()]


async def test_a_pushed_message_is_what_a_websocket_would_hear() -> None:
    async with (
        serving(endpoint={"longpoll": True}) as served,
        await served.member() as member,
        await Poller.connect(served.address) as poller,
    ):
        await poller.open()
        await poller.join()
        await member.send(push("echo", {"é": "日本 😀"}))
        await poller.say(echo("2", {"é": "日本 😀"}))

        assert await member.message() == answer({"é": "日本 😀"})
        assert await poller.heard() == [answer({"é": "日本 😀"})]

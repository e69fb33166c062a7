"""C3, the half about long-poll: its transport under a socket that has no channels."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from channelkit import Message, RawEndpoint, RawSocket, Server, SocketConnected

from ..wire.app import running
from ..wire.client import Peer
from ..wire.poller import Poller, request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from channelkit.transports.listener import Address

pytestmark = pytest.mark.anyio


class Params(Message):
    """What it was connected with."""

    key: str = ""
    room: str = ""


@dataclass(frozen=True)
class Push:
    """An info: send this."""

    text: str


@dataclass
class Assigns:
    """Its parameters."""

    params: Params
    seen: list[str | bytes] = field(default_factory=list[str | bytes])


class Echo(RawSocket[Assigns]):
    """Says what it was connected with, and what the program tells it to."""

    async def on_frame(self, frame: str | bytes) -> str | None:
        """Answer "params" and "ping"; take note of the rest."""
        match frame:
            case "params":
                return f"{self.assigns.params.key} {self.assigns.params.room}".strip()
            case "ping":
                return "pong"
            case _:
                self.assigns.seen.append(frame)
                return f"{len(frame)} {type(frame).__name__}"

    async def on_info(self, info: Push) -> str:
        """Push."""
        return info.text


async def connect(params: Params) -> Assigns:
    """Let everybody in."""
    return Assigns(params)


@asynccontextmanager
async def serving(
    path: str = "/ws", **options: Any
) -> AsyncGenerator[tuple[Address, RawEndpoint[Assigns]]]:
    """A server with such a socket."""
    endpoint = RawEndpoint(
        path, Echo, connect, identify=lambda assigns: assigns.params.key, longpoll=True, **options
    )
    async with running(Server(endpoint, port=0)) as address:
        yield address, endpoint


async def opened(address: Address, target: str = "/ws/longpoll?key=value") -> Poller:
    """A client with a session."""
    poller = await Poller.connect(address, target=target)
    await poller.open()
    return poller


async def test_c3_12_a_page_of_an_allowed_origin_passes_and_of_another_does_not() -> None:
    async with (
        serving(origins=["https://example.com"]) as (address, _),
        await Peer.connect(address) as peer,
    ):
        answers = [
            await peer.ask(request("GET", "/ws/longpoll", f"Origin: {origin}"))
            for origin in ("https://example.com", "http://notallowed.com")
        ]

    assert [answer.status for answer in answers] == [200, 200]
    assert [answer.json()["status"] for answer in answers] == [410, 403]


async def test_c3_13_the_parameters_reach_the_handler_which_answers_at_once() -> None:
    async with serving() as (address, _), await opened(address) as poller:
        posted = await poller.post(b"params")

        assert posted.json() == {"status": 200}
        assert (await poller.get())["messages"] == ["value"]


async def test_c3_14_what_the_path_holds_is_among_the_parameters() -> None:
    async with (
        serving("/ws/{room}") as (address, _),
        await opened(address, "/ws/lobby/longpoll?key=value") as poller,
    ):
        await poller.post(b"params")

        assert (await poller.get())["messages"] == ["value lobby"]


async def test_instruments_see_what_the_path_holds_too() -> None:
    heard: list[SocketConnected] = []
    async with serving("/ws/{room}") as (address, endpoint):
        endpoint.instrument(socket_connected=heard.append)
        async with await opened(address, "/ws/lobby/longpoll?key=value"):
            pass

    assert [event.params for event in heard] == [{"key": "value", "room": "lobby"}]


async def test_c3_15_the_token_may_come_as_a_parameter() -> None:
    async with (
        serving() as (address, _),
        await opened(address) as poller,
        await Peer.connect(address) as peer,
    ):
        target = f"/ws/longpoll?key=value&token={poller.token}"

        assert (await peer.ask(request("POST", target, body=b"ping"))).json() == {"status": 200}
        assert (await peer.ask(request("GET", target))).json()["messages"] == ["pong"]


async def test_c3_16_a_token_in_the_header_counts_before_a_stale_one_in_the_query() -> None:
    async with (
        serving() as (address, _),
        await opened(address) as poller,
        await Peer.connect(address) as peer,
    ):
        header = f"X-Phoenix-LongPoll-Token: {poller.token}"

        posted = await peer.ask(request("POST", "/ws/longpoll?token=stale", header, body=b"ping"))

        assert posted.json() == {"status": 200}
        assert (await poller.get())["messages"] == ["pong"]


async def test_c3_17_no_answer_may_be_stored_by_a_cache() -> None:
    async with serving() as (address, _), await Peer.connect(address) as peer:
        methods = ("GET", "POST", "OPTIONS", "PUT")

        answers = [await peer.ask(request(method, "/ws/longpoll")) for method in methods]

    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


async def test_c3_18_a_frame_may_be_pushed_at_any_time() -> None:
    async with serving() as (address, endpoint), await opened(address) as poller:
        await poller.begin()

        assert endpoint.inform("value", Push("later")) == 1

        assert (await poller.got())["messages"] == ["later"]


@pytest.mark.parametrize("body", [b"text \xff", b"\xc3"])
async def test_c3_13_text_that_is_not_utf_8_ends_the_session(body: bytes) -> None:
    async with serving() as (address, _), await opened(address) as poller:
        assert (await poller.post(body)).json() == {"status": 410}
        assert (await poller.get())["status"] == 410


async def test_c3_13_binary_arrives_from_base64() -> None:
    async with serving() as (address, _), await opened(address) as poller:
        await poller.say(b"AAEC", ["text"])

        assert (await poller.get())["messages"] == ["3 bytes", "8 str"]

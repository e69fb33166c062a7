"""The terminate reasons of the first Phoenix (protocol.md A.3), each on a real socket.

`docs/wire.md` has the table; both are told, `on_leave` and `on_disconnect`.
"""

from __future__ import annotations

import re
import socket
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import anyio
import anyio.abc
import pytest

from channelkit import Channel, Endpoint, Exit, Limits, Open, Server, channel, on_event, on_join
from channelkit import on_leave as leaving
from channelkit.exits import (
    BadEncoding,
    BadFrame,
    Closed,
    ConnectionLost,
    Crashed,
    Disconnected,
    TimedOut,
)

from .app import running
from .client import BINARY, CONT, NOTHING, TEXT, Peer, close, frame, push, text
from .client import Closed as PeerClosed
from .first import message

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

pytestmark = pytest.mark.anyio

Way: TypeAlias = "Callable[[Seed], Awaitable[None]]"


@dataclass
class Told:
    """What the application was told, in order."""

    lines: list[tuple[str, Exit]] = field(default_factory=list[tuple[str, Exit]])
    _changed: anyio.Event = field(default_factory=anyio.Event)

    def note(self, who: str, reason: Exit) -> None:
        """Somebody was told."""
        self.lines.append((who, reason))
        self._changed.set()
        self._changed = anyio.Event()

    async def all(self, count: int = 2) -> list[tuple[str, Exit]]:
        """All of it, once it is so much."""
        while len(self.lines) < count:
            await self._changed.wait()
        return self.lines


@channel("room:{name}")
class Room(Channel[Told]):
    """A channel that ends in the ways a channel can."""

    name: str

    @on_join
    async def join(self, params: Open) -> None:
        """Let everybody in."""

    @on_event("echo")
    async def echo(self, message: Open) -> Open:
        """Reply with the same payload."""
        return message

    @on_event("shutdown")
    async def shutdown(self, message: Open) -> None:
        """End the connection, as the seed's `terminate` does."""
        self.socket.terminate()

    @on_event("close")
    async def close(self, message: Open) -> None:
        """End it with a code of its own."""
        self.socket.close(4000, "so")

    @on_event("crash")
    async def crash(self, message: Open) -> None:
        """Raise."""
        raise RuntimeError("as asked")

    @leaving
    async def left(self, reason: Exit) -> None:
        """Write it down."""
        self.assigns.note("on_leave", reason)


async def disconnected(told: Told, reason: Exit) -> None:
    """Write it down."""
    told.note("on_disconnect", reason)


@dataclass
class Seed:
    """A member of room:1, of the first Phoenix or of today."""

    peer: Peer
    first: bool
    endpoint: Endpoint[Told]
    told: Told

    async def send(self, event: str, content: object = None) -> None:
        """Send an event."""
        payload = NOTHING if content is None else content
        await self.peer.send(text(message(event, payload)) if self.first else push(event, payload))

    async def echoes(self) -> bool:
        """Whether the membership is alive: what is sent comes back."""
        await self.send("echo", {"n": 1})
        heard = await self.peer.message()
        return bool(heard == message("echo", {"n": 1}) or heard[4]["response"] == {"n": 1})


@pytest.fixture(params=[True, False], ids=["0.x", "2.0.0"])
def first(request: pytest.FixtureRequest) -> bool:
    """Whether the client is one of the first Phoenix."""
    chosen: bool = request.param
    return chosen


@asynccontextmanager
async def member(*, first: bool, limits: Limits | None = None) -> AsyncGenerator[Seed]:
    """A member on a real socket."""
    told = Told()

    async def connect(params: Open) -> Told:
        return told

    endpoint = Endpoint(
        "/ws", [Room], connect, limits=limits or Limits(), on_disconnect=disconnected, vsn="0.x"
    )
    async with running(Server(endpoint, port=0)) as address, await Peer.connect(address) as peer:
        await peer.open("/ws" if first else "/ws/websocket?vsn=2.0.0")
        seed = Seed(peer, first, endpoint, told)
        if first:
            await seed.send("join")
        else:
            await peer.join()
        assert await seed.echoes()
        yield seed


def sends(*frames: bytes) -> Way:
    """A peer that sends this."""

    async def way(seed: Seed) -> None:
        await seed.peer.send(*frames)

    return way


def asks(event: str) -> Way:
    """A peer that asks the channel for it."""

    async def way(seed: Seed) -> None:
        await seed.send(event)

    return way


async def disconnects(seed: Seed) -> None:
    for each in seed.endpoint.sockets():
        each.terminate()


async def hangs_up(seed: Seed) -> None:
    await anyio.aclose_forcefully(seed.peer.stream)


async def resets(seed: Seed) -> None:
    raw: socket.socket = seed.peer.stream.extra(anyio.abc.SocketAttribute.raw_socket)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    await anyio.aclose_forcefully(seed.peer.stream)


NO_FRAME = PeerClosed(None)

ROWS: list[tuple[str, str, Way, Exit, PeerClosed]] = [
    (
        "{normal, shutdown}",
        "terminated by its handler",
        asks("shutdown"),
        Disconnected(1000),
        PeerClosed(1000),
    ),
    (
        "{normal, shutdown}",
        "terminated from outside",
        disconnects,
        Disconnected(1000),
        PeerClosed(1000),
    ),
    (
        "{normal, shutdown}",
        "closed by its handler",
        asks("close"),
        Disconnected(4000, "so"),
        PeerClosed(4000, "so"),
    ),
    ("{remote, closed}", "no code", sends(close()), Closed(1005), PeerClosed(1005)),
    (
        "{remote, code, payload}",
        "1000",
        sends(close(1000, "bye")),
        Closed(1000, "bye"),
        PeerClosed(1000, "bye"),
    ),
    ("{remote, code, payload}", "4999", sends(close(4999)), Closed(4999), PeerClosed(4999)),
    ("{error, badframe}", "no frame", sends(frame(CONT, b"x")), BadFrame(1002), PeerClosed(1002)),
    ("{error, badframe}", "bad code", sends(close(1005)), BadFrame(1002), PeerClosed(1002)),
    (
        "{error, badencoding}",
        "not UTF-8",
        sends(frame(TEXT, b"\xff")),
        BadEncoding(),
        PeerClosed(1007),
    ),
    (
        "{error, badencoding}",
        "no JSON",
        sends(frame(TEXT, b"{bad")),
        BadEncoding(),
        PeerClosed(1007),
    ),
    ("{error, closed}", "hung up", hangs_up, ConnectionLost(), NO_FRAME),
    ("{error, atom}", "reset", resets, ConnectionLost(), NO_FRAME),
]


@pytest.mark.parametrize(
    ("way", "reason", "answer"),
    [row[2:] for row in ROWS],
    ids=[f"{row[0]} {row[1]}" for row in ROWS],
)
async def test_each_terminate_reason_of_the_seed_is_an_exit_told_twice(
    way: Way, reason: Exit, answer: PeerClosed, *, first: bool
) -> None:
    async with member(first=first) as seed:
        await way(seed)
        if answer != NO_FRAME:
            closed = await seed.peer.closed()
            assert closed.code == answer.code
            assert isinstance(reason, (BadFrame, BadEncoding)) or closed.reason == answer.reason

        assert await seed.told.all() == [("on_leave", reason), ("on_disconnect", reason)]


@pytest.mark.trio_clock
async def test_an_idle_timeout_is_an_exit_told_twice() -> None:
    """{normal, timeout}: 1000 there; here 1001, on which phoenix.js comes back."""
    async with member(first=False, limits=Limits(idle=60)) as seed:
        await anyio.sleep(62)

        assert await seed.peer.closed() == PeerClosed(1001, "idle")
        assert await seed.told.all() == [("on_leave", TimedOut()), ("on_disconnect", TimedOut())]


async def test_a_handler_that_raises_ends_its_member_and_not_the_connection(*, first: bool) -> None:
    """{error, handler}: 1011 there."""
    async with member(first=first) as seed:
        await seed.send("crash")
        ((who, reason),) = await seed.told.all(1)
        assert (who, type(reason)) == ("on_leave", Crashed)
        if not first:
            assert (await seed.peer.message())[3] == "phx_error"

        await (seed.send("join") if first else seed.peer.join())

        assert await seed.echoes()
        await seed.peer.send(close(1000))
        assert await seed.peer.closed() == PeerClosed(1000)
        assert (await seed.told.all(3))[2] == ("on_disconnect", Closed(1000))


async def test_a_binary_frame_on_the_first_version_is_unsupported_data() -> None:
    """It crashed up to 0.5, and was ignored in 0.6."""
    async with member(first=True) as seed:
        await seed.peer.send(frame(BINARY, b"x"))

        assert (await seed.peer.closed()).code == 1003
        assert await seed.told.all() == [
            ("on_leave", BadFrame(1003)),
            ("on_disconnect", BadFrame(1003)),
        ]


LEGAL = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4999]
ILLEGAL = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535]


@pytest.mark.parametrize("code", LEGAL)
async def test_a_code_that_a_peer_may_send_is_answered_with_itself(
    code: int, *, first: bool
) -> None:
    async with member(first=first) as seed:
        await seed.peer.send(close(code))

        assert await seed.peer.closed() == PeerClosed(code)
        assert await seed.told.all() == [
            ("on_leave", Closed(code)),
            ("on_disconnect", Closed(code)),
        ]


@pytest.mark.parametrize("code", ILLEGAL)
async def test_a_code_that_no_peer_may_send_is_a_bad_frame(code: int, *, first: bool) -> None:
    async with member(first=first) as seed:
        await seed.peer.send(close(code))

        assert (await seed.peer.closed()).code == 1002
        told: list[Any] = [each for _, each in await seed.told.all()]
        assert told == [BadFrame(1002)] * 2


def test_the_page_has_a_row_for_every_reason_of_the_seed() -> None:
    page = (Path(__file__).parents[2] / "docs" / "wire.md").read_text(encoding="utf-8")
    section = page.partition("## The terminate reasons of the first Phoenix")[2].partition("\n## ")[
        0
    ]

    told = set(re.findall(r"^\| `(\{[^}]+\})`", section, re.MULTILINE))
    assert told == {row[0] for row in ROWS} | {"{normal, timeout}", "{error, handler}"}

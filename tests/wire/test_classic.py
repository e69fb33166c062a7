"""The wire of the first Phoenix over real sockets: a mount for old clients, and their talk."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from channelkit import (
    Endpoint,
    HttpRequest,
    HttpResponse,
    Limits,
    Server,
)
from channelkit.exits import BadEncoding, BadFrame, Closed, Disconnected, Exit, Left

from .app import Journal, make_endpoint, serving
from .client import BINARY, NOTHING, PING, PONG, TEXT, Peer, frame, head, text, upgrade
from .client import Closed as PeerClosed
from .first import BEAT, FirstChannel, FirstSocket, message
from .talk import Note, Said, Talk

if TYPE_CHECKING:
    from anyio.abc import TaskStatus

    from channelkit.transports.listener import Address


pytestmark = pytest.mark.anyio

FIRST: dict[str, Any] = {"vsn": "0.x"}
CLASSIC = "/socket/websocket?vsn=0.5.0"


# A mount for old clients: their URL is the path itself, and has no query (A.1).


@pytest.mark.parametrize(
    ("target", "envelope"),
    [
        ("/socket", BEAT),
        ("/socket/websocket", BEAT),
        ("/socket?vsn=0.x", BEAT),
        ("/socket/websocket?vsn=2.0.0", [None, "1", "phoenix", "heartbeat", NOTHING]),
        ("/socket?vsn=2.0.0", [None, "1", "phoenix", "heartbeat", NOTHING]),
    ],
)
async def test_a_mount_for_the_first_phoenix_is_open_at_its_bare_path(
    target: str, envelope: object
) -> None:
    async with serving(endpoint=FIRST) as served, await served.socket(target) as peer:
        await peer.send(text(envelope))

        answer = await peer.message()
        assert answer == envelope if envelope is BEAT else answer[3] == "phx_reply"


async def test_every_endpoint_speaks_it_to_who_asks_for_it() -> None:
    async with serving() as served, await served.socket(CLASSIC) as peer:
        await peer.send(text(BEAT))

        assert await peer.message() == BEAT


async def test_another_mount_is_not_open_at_its_bare_path() -> None:
    async with serving() as served, await served.peer() as peer:
        response = await peer.ask(upgrade("/socket"))

        assert response.status == 404


async def test_a_page_may_stand_where_old_clients_connect() -> None:
    async def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse.text("a page")

    async with (
        serving(endpoint=FIRST, http={"/socket": page}) as served,
        await served.peer() as visitor,
        await served.socket("/socket") as peer,
    ):
        await peer.send(text(BEAT))

        assert (await visitor.ask(head("GET /socket HTTP/1.1", "Host: a"))).body == b"a page"
        assert await peer.message() == BEAT


async def test_without_a_page_there_is_nothing_to_read() -> None:
    async with serving(endpoint=FIRST) as served, await served.peer() as peer:
        assert (await peer.ask(head("GET /socket HTTP/1.1", "Host: a"))).status == 404


async def test_what_is_wrong_with_a_handshake_is_said_there_too() -> None:
    async with serving(endpoint=FIRST) as served:
        async with await served.peer() as peer:
            asked = upgrade("/socket", without=("sec-websocket-key",))
            assert (await peer.ask(asked)).status == 400
        async with await served.peer() as peer:
            assert (await peer.ask(upgrade("/socket?how=refuse"))).status == 429
        async with await served.peer() as peer:
            assert (await peer.ask(upgrade("/socket?vsn=3.0.0"))).status == 403


def test_two_mounts_cannot_meet_at_one_path() -> None:
    old = Endpoint("/a/websocket", [], vsn="0.x")

    with pytest.raises(ValueError, match="two endpoints have the same path"):
        Server(Endpoint("/a", []), old)


@pytest.mark.parametrize("vsn", ["", "3.0.0", "0", "classic"])
def test_a_mount_for_what_nobody_speaks_is_refused(vsn: str) -> None:
    with pytest.raises(ValueError, match=r"vsn is 0\.x, 1\.0\.0 or 2\.0\.0, got"):
        Endpoint("/a", [], vsn=vsn)


# What is wrong ends it, as on 1.0.0: there is no ref by which to answer.


@pytest.mark.parametrize(
    ("sent", "code", "reason"),
    [
        (frame(TEXT, b"nope"), 1007, BadEncoding()),
        (frame(TEXT, b"\xff"), 1007, BadEncoding()),
        (text(["1", "2", "room:1", "echo", NOTHING]), 1007, BadEncoding()),
        (text({"channel": "room", "topic": "1", "event": "echo"}), 1007, BadEncoding()),
        (frame(BINARY, b"{}"), 1003, BadFrame(1003)),
    ],
)
async def test_what_is_no_envelope_closes(
    sent: bytes, code: int, reason: Exit, *, fast_path: bool
) -> None:
    async with (
        serving(endpoint=FIRST, _fast_path=fast_path) as served,
        await served.socket("/socket") as peer,
    ):
        await peer.send(text(message("join", NOTHING)), sent)

        assert (await peer.closed()).code == code
        assert await served.journal.exit() == reason


async def test_a_ping_is_answered_and_a_pong_taken(*, fast_path: bool) -> None:
    """A.3: both crashed it up to 0.5."""
    async with (
        serving(endpoint=FIRST, _fast_path=fast_path) as served,
        await served.socket("/socket") as peer,
    ):
        await peer.send(frame(PONG), frame(PING, b"x"), text(BEAT))

        assert await peer.frame() == (PONG, b"x", 0)
        assert await peer.message() == BEAT


async def test_a_name_that_is_reserved_today_does_not_join() -> None:
    async with serving(endpoint=FIRST) as served, await served.socket("/socket") as peer:
        await peer.send(text(message("phx_join", NOTHING)), text(message("echo", 1)), text(BEAT))
        assert await peer.message() == BEAT

        await peer.send(text(message("join", NOTHING)), text(message("phx_leave", NOTHING)))
        await peer.send(text(message("echo", 1)))
        assert await peer.message() == message("echo", 1)
        assert served.journal.exits == []


@pytest.mark.trio_clock
async def test_its_silence_is_no_reason_to_close_but_on_later_versions() -> None:
    async with (
        serving(Limits(idle=60), endpoint=FIRST) as served,
        await served.socket("/socket") as old,
        await served.socket() as new,
    ):
        await anyio.sleep(3600)

        assert await new.closed() == PeerClosed(1001, "idle")
        await old.send(text(BEAT))
        assert await old.message() == BEAT


# A whole conversation, beside a client of today in the same room.


async def _serve(server: Server, *, task_status: TaskStatus[tuple[Address, ...]]) -> None:
    await server.serve(task_status=task_status)


async def test_an_old_client_holds_a_whole_conversation_beside_one_of_today() -> None:
    endpoint = Endpoint("/ws", [Talk], vsn="0.x")
    server = Server(endpoint, port=0)
    heard: list[tuple[str, Any]] = []
    kept: list[FirstChannel] = []
    lobby, topic = Talk.topic_for(name="lobby"), "rooms:lobby"
    Talk.exits.clear()

    def note(event: str, content: Any) -> None:
        heard.append((event, content))

    async def joined(channel: FirstChannel) -> None:
        kept[:] = [channel]
        for event in ("join", "said", "say", "info", "whisper"):
            channel.on(event, partial(note, event))

    async def strange(channel: FirstChannel) -> None:
        await channel.send("say", {"body": "let me in"})

    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(_serve, server)
        async with (
            FirstSocket(address, "/ws") as ann,
            await Peer.connect(address) as bob,
        ):
            await bob.open("/ws/websocket?vsn=2.0.0")

            async def push(event: str, payload: object, ref: str) -> None:
                await bob.send(text(["1", ref, topic, event, payload]))

            # A join calls back at once; the room says by itself that it went well.
            await ann.join("rooms", "lobby", {"name": "ann"}, joined)
            await ann.hear()
            await push("phx_join", {"name": "bob"}, "1")
            assert (await bob.message())[4] == {"status": "ok", "response": {}}
            assert (await bob.message())[2:] == [topic, "join", {"status": "connected"}]
            assert heard == [("join", {"status": "connected"})]

            # What is said goes both ways; a reply is a message under the event's own name.
            await kept[0].send("say", {"body": "hello"})
            await ann.hear(2)
            assert heard[1:] == [("said", {"name": "ann", "body": "hello"}), ("say", {"n": 1})]
            assert await bob.message() == [
                *[None, None, topic, "said"],
                {"name": "ann", "body": "hello"},
            ]
            await push("say", {"body": "hi"}, "2")
            await ann.hear()
            assert heard[3:] == [("said", {"name": "bob", "body": "hi"})]
            assert [(await bob.message())[3] for _ in range(2)] == ["said", "phx_reply"]
            await kept[0].send("whisper", {"body": "psst"})
            await ann.hear()
            assert heard[4:] == [("whisper", {})]
            assert (await bob.message())[4] == {"name": "ann", "body": "psst"}

            # Errors are silent: a wrong payload, an event nobody handles, a room not joined.
            await kept[0].send("say", {"nothing": 1})
            await kept[0].send("nope", {})
            await ann.write("say", {"body": "x"}, ("rooms", "other"))
            await ann.join("rooms", "kitchen", {"name": "mallory"}, strange)
            await ann.quiet()

            # This program speaks to members; nobody else can, under whatever name.
            await kept[0].send("info", {"n": 0})
            await ann.quiet()
            endpoint.inform(lobby, Note(n=7))
            await ann.hear()
            assert heard[5:] == [("info", {"n": 7})]
            assert (await bob.message())[3:] == ["info", {"n": 7}]

            # A callback can be taken away.
            kept[0].off("said")
            await endpoint.broadcast(lobby, Said(name="us", body="maintenance"))
            await ann.hear()
            assert (await bob.message())[3:] == ["said", {"name": "us", "body": "maintenance"}]
            assert heard[6:] == []

            # The connection goes, and comes back: everything is joined again.
            assert await ann.close() == PeerClosed(1001)
            await ann.peer.__aexit__(None, None, None)
            await ann.connect()
            await ann.hear()
            assert heard[6:] == [("join", {"status": "connected"})]
            await kept[0].send("say", {"body": "again"})
            await ann.hear(2)
            assert heard[7:] == [("said", {"name": "ann", "body": "again"}), ("say", {"n": 1})]
            assert (await bob.message())[4] == {"name": "ann", "body": "again"}

            # A leave is silent, too, and ends it.
            await kept[0].leave({"why": "tired"})
            await kept[0].send("say", {"body": "still here?"})
            await push("say", {"body": "bye"}, "3")
            assert [(await bob.message())[3] for _ in range(2)] == ["said", "phx_reply"]
            await ann.quiet()
            assert Talk.exits == [("ann", Closed(1001)), ("ann", Left())]
        tasks.cancel_scope.cancel()


async def test_it_is_disconnected_by_id_as_others_are() -> None:
    journal = Journal()
    endpoint = make_endpoint(journal, vsn="0.x", identify=_the_one)
    server = Server(endpoint, port=0)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(_serve, server)
        async with FirstSocket(address, "/socket") as ann:
            await ann.join("room", "1", {}, _nothing)
            await ann.quiet()

            assert endpoint.disconnect("the one", "out") == 1

            assert await ann.peer.closed() == PeerClosed(1001, "out")
            assert await journal.exit() == Disconnected(1001, "out")
        tasks.cancel_scope.cancel()


def _the_one(assigns: object) -> str:
    return "the one"


async def _nothing(channel: FirstChannel) -> None:
    """Nobody listens."""


async def test_a_connection_says_in_the_log_that_it_is_of_the_first_version(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "channelkit")
    async with serving(endpoint=FIRST) as served, await served.socket("/socket") as peer:
        await peer.send(text(BEAT))
        assert await peer.message() == BEAT

    (line,) = (line for line in caplog.messages if line.startswith("connected"))
    assert "path=/socket " in line
    assert "vsn=0.x" in line

"""Long-poll on real sockets: each row of protocol B1b's table, and what Phoenix leaves open."""

from __future__ import annotations

import base64
import json
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from channelkit import Limits, LongPoll, Server
from channelkit.exits import BadEncoding, Disconnected, Drained, ShutDown, TimedOut

from .app import Journal, Served, make_endpoint, running, serving
from .client import NOTHING, Peer, answer, push
from .poller import NDJSON, POLL, Poller, request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pydantic import JsonValue

pytestmark = pytest.mark.anyio

SHORT = LongPoll(window=0.4)
"""For tests that wait until a session has expired; its client has to be quicker than that."""


@asynccontextmanager
async def polled(
    limits: Limits | None = None, *, longpoll: LongPoll | bool = True, **options: Any
) -> AsyncGenerator[Served]:
    """A server that serves long-poll; `options` are the endpoint's."""
    async with serving(limits, endpoint={"longpoll": longpoll, **options}) as served:
        yield served


@asynccontextmanager
async def opened(served: Served, *headers: str) -> AsyncGenerator[Poller]:
    """A client with a session."""
    async with await Poller.connect(served.address, *headers) as poller:
        await poller.open()
        yield poller


@asynccontextmanager
async def joined(served: Served, *headers: str) -> AsyncGenerator[Poller]:
    """A client with a session that has joined room:1."""
    async with opened(served, *headers) as poller:
        await poller.join()
        yield poller


def echo(ref: str, payload: JsonValue = None) -> list[JsonValue]:
    """A push that is answered with its payload."""
    return ["1", ref, "room:1", "echo", payload or {}]


def user_1(_: object) -> str:
    """Everybody's id."""
    return "user:1"


# A session: GET, POST, GET.


async def test_every_answer_is_json_that_nobody_stores_and_every_page_may_read() -> None:
    async with polled() as served, await served.peer() as peer:
        response = await peer.ask(request("GET", POLL))

    assert response.status == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("query", ["", "&token=null", "&token=", "&token=rubbish", "&token=ck1.AA"])
async def test_a_get_without_a_session_opens_one_which_is_called_gone(query: str) -> None:
    async with polled() as served, await served.peer() as peer:
        body = (await peer.ask(request("GET", POLL + query))).json()

    assert (body["status"], body["messages"]) == (410, [])
    assert body["token"].startswith("ck1.")


async def test_what_is_posted_is_answered_through_the_next_get_in_order() -> None:
    async with polled() as served, opened(served) as poller:
        token = poller.token

        posted = await poller.say(
            ["1", "1", "room:1", "phx_join", {}], echo("2", {"n": 1}), echo("3", {"n": 2})
        )

        assert posted == {"status": 200}
        heard = await poller.heard(3)
        assert heard == [answer(ref="1"), answer({"n": 1}), answer({"n": 2}, ref="3")]
        assert poller.token == token


async def test_a_get_waits_until_something_comes() -> None:
    async with polled() as served, joined(served) as poller:
        await poller.begin()

        await served.endpoint.broadcast_raw("room:1", "said", {"n": 1})

        got = await poller.got()
        assert [json.loads(text) for text in got["messages"]] == [
            [None, None, "room:1", "said", {"n": 1}]
        ]


async def test_a_get_for_which_nothing_comes_ends_with_the_window() -> None:
    async with polled(longpoll=LongPoll(window=0.2)) as served, opened(served) as poller:
        began = anyio.current_time()

        assert await poller.get() == {"status": 204, "token": poller.token, "messages": []}
        assert anyio.current_time() - began >= 0.19


async def test_what_is_sent_between_two_gets_waits_for_the_second() -> None:
    async with polled() as served, joined(served) as poller:
        for n in range(300):
            await served.endpoint.broadcast_raw("room:1", "said", {"n": n})

        heard = await poller.heard(300)

        assert [message[4]["n"] for message in heard] == list(range(300))


async def test_a_token_in_the_header_counts_before_one_in_the_query() -> None:
    async with polled() as served, opened(served) as poller, await served.peer() as peer:
        header = f"X-Phoenix-LongPoll-Token: {poller.token}"
        body = b'["1","1","room:1","phx_join",{}]'

        posted = await peer.ask(request("POST", f"{POLL}&token=stale", header, NDJSON, body=body))
        got = await peer.ask(request("GET", POLL, header))

        assert posted.json() == {"status": 200}
        assert got.json()["token"] == poller.token
        assert json.loads(got.json()["messages"][0]) == answer(ref="1")


async def test_version_1_is_spoken_in_single_messages() -> None:
    join = {"topic": "room:1", "event": "phx_join", "payload": NOTHING, "ref": "1"}
    async with (
        polled() as served,
        await Poller.connect(served.address, target="/socket/longpoll") as poller,
    ):
        await poller.open()

        posted = await poller.post(json.dumps(join).encode(), "Content-Type: application/json")

        assert posted.json() == {"status": 200}
        payload = {"status": "ok", "response": NOTHING}
        assert await poller.heard() == [
            {"topic": "room:1", "event": "phx_reply", "payload": payload, "ref": "1"}
        ]


async def test_a_post_without_a_content_type_is_one_message() -> None:
    async with polled() as served, opened(served) as poller:
        await poller.post(b'["1","1","room:1",\n"phx_join",{}]')

        assert await poller.heard() == [answer(ref="1")]


async def test_binary_comes_in_base64_and_cannot_go() -> None:
    async with polled() as served, joined(served) as poller:
        binary = b"\x00\x01\x01\x06\x04" + b"12room:1echo" + b"\x01\x02"

        await poller.say(echo("5"), base64.b64encode(binary), echo("6"))

        first, second, third = await poller.heard(3)
        assert (first, third) == (answer(ref="5"), answer(ref="6"))
        assert second == answer({"reason": "binary not supported"}, status="error")


async def test_a_binary_broadcast_is_dropped_for_who_cannot_get_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    async with polled() as served, joined(served) as poller:
        await served.endpoint.broadcast_raw("room:1", "said", b"\x00")
        await served.endpoint.broadcast_raw("room:1", "said", {})

        assert await poller.heard() == [[None, None, "room:1", "said", {}]]
    assert "dropped peer=127.0.0.1:" in caplog.text


async def test_results_never_come_in_the_answer_to_a_post() -> None:
    async with polled() as served, joined(served) as poller:
        posted = await poller.say(
            ["1", "2", "nope", "phx_join", {}],
            ["9", "3", "room:1", "echo", {"stale": True}],
            ["1", "4", "room:1", "no such event", {}],
        )

        assert posted == {"status": 200}
        unmatched, unknown = await poller.heard(2)
        assert unmatched[:3] == [None, "2", "nope"]
        assert unknown[4] == {"status": "error", "response": {"reason": "unknown event"}}


# Who may.


@pytest.mark.parametrize("query", ["how=refuse", "how=1&how[]=2"])
async def test_a_refused_connect_is_403_in_the_body_and_nothing_more(query: str) -> None:
    async with polled() as served, await served.peer() as peer:
        response = await peer.ask(request("GET", f"{POLL}&{query}"))

    assert (response.status, response.json()) == (200, {"status": 403})


@pytest.mark.parametrize("vsn", ["3.0.0", "junk", ""])
async def test_a_version_that_is_not_spoken_is_403(
    vsn: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with polled() as served, await served.peer() as peer:
        response = await peer.ask(request("GET", f"/socket/longpoll?vsn={vsn}"))

    assert (response.status, response.json()) == (200, {"status": 403})
    assert 'path=/socket/longpoll status=403 reason="unsupported vsn"' in caplog.text


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
async def test_a_page_of_another_origin_is_403_whatever_it_asks(method: str) -> None:
    async with polled(origins=True) as served, await served.peer() as peer:
        own = await peer.ask(request("GET", POLL, "Origin: http://localhost:1234"))
        other = await peer.ask(request(method, POLL, "Origin: http://evil.example"))

    assert own.json()["status"] == 410
    assert (other.status, other.json()) == (200, {"status": 403})
    assert "access-control-allow-headers" not in other.headers


async def test_a_page_of_another_origin_may_not_even_use_a_session() -> None:
    async with polled(origins=True) as served, opened(served) as poller:
        poller.headers = ("Origin: null",)

        assert (await poller.post(b"[]", NDJSON)).json() == {"status": 403}
        assert (await poller.ask()).json() == {"status": 403}


async def test_connect_learns_where_a_session_comes_from(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with polled() as served:
        headers = ("X-PhoENIX-AuthToken: se/cr+et", "User-Agent: me", "X-Of: mine")
        async with opened(served, *headers):
            pass

    (info,) = served.journal.infos
    assert (info.transport, info.auth_token, info.user_agent) == ("longpoll", "se/cr+et", "me")
    assert (info.uri.path, info.uri.query) == ("/socket/longpoll", "vsn=2.0.0")
    assert set(info.headers) == {"host", "user-agent", "x-of"}
    assert info.peer is not None
    assert (
        f"connected peer={info.peer.address}:{info.peer.port} path=/socket/longpoll" in caplog.text
    )
    assert "transport=longpoll vsn=2.0.0" in caplog.text
    assert "cr+et" not in caplog.text


async def test_a_connect_that_crashes_tells_the_client_to_come_back() -> None:
    async with polled() as served, await served.peer() as peer:
        response = await peer.ask(request("GET", f"{POLL}&how=crash"))

    assert response.status == 500
    assert response.json() == {"status": 500, "reason": "connect crashed"}
    assert response.headers["access-control-allow-origin"] == "*"


# No such session.


async def test_a_post_without_a_session_is_gone_and_names_no_token() -> None:
    async with polled() as served, await served.peer() as peer:
        for query in ("", "&token=null", "&token=ck1.forged"):
            response = await peer.ask(request("POST", POLL + query, NDJSON, body=b"[]"))

            assert (response.status, response.json()) == (200, {"status": 410})


async def test_a_token_of_another_mount_opens_a_session_of_this_one() -> None:
    options = LongPoll(secret="the same secret for both of them")
    endpoints = [make_endpoint(Journal(), longpoll=options) for _ in range(2)]
    endpoints[1].path = "/other"
    server = Server(*endpoints, port=0)
    async with running(server) as address, await Poller.connect(address) as one:
        await one.open()
        other = await Poller.connect(address, target="/other/longpoll?vsn=2.0.0")
        async with other:
            other.token = one.token

            assert (await other.get())["status"] == 410
            assert other.token != one.token
        assert (await one.say()) == {"status": 200}


async def test_a_session_that_nobody_asks_for_ends_with_its_channels() -> None:
    async with polled(longpoll=SHORT) as served, joined(served) as poller:
        assert await served.journal.exit() == TimedOut()
        old = poller.token

        assert (await poller.post(b"[]", NDJSON)).json() == {"status": 410}
        assert (await poller.get())["status"] == 410
        assert poller.token != old


async def test_posts_do_not_keep_a_session() -> None:
    async with polled(longpoll=SHORT) as served, joined(served) as poller:
        silent: JsonValue = ["1", "2", "room:1", "count", {}]
        answers = [await poller.say(silent)]
        while answers[-1] != {"status": 410}:
            await anyio.sleep(0.05)  # often enough to keep it, if posts did
            answers.append(await poller.say(silent))

        assert answers[0] == {"status": 200}
        assert await served.journal.exit() == TimedOut()


async def test_a_client_that_only_polls_is_not_idle() -> None:
    limits = Limits(idle=0.1)
    async with polled(limits, longpoll=SHORT) as served, joined(served) as poller:
        for _ in range(3):
            assert (await poller.get())["status"] == 204

        assert served.journal.exits == []


# Ends.


async def test_a_disconnect_by_id_opens_the_door_anew() -> None:
    async with polled(identify=user_1) as served, joined(served) as poller:
        old = poller.token

        assert served.endpoint.disconnect("user:1") == 1

        assert await served.journal.exit() == Disconnected(1001)
        assert (await poller.get())["status"] == 410
        assert poller.token != old


async def test_who_is_disconnected_by_id_gets_nothing_more_of_what_waited() -> None:
    async with polled(identify=user_1) as served, joined(served) as poller:
        await served.endpoint.broadcast_raw("room:1", "said", {"n": 1})

        served.endpoint.disconnect("user:1")

        assert (await poller.get())["status"] == 410


async def test_a_get_that_waits_when_its_session_ends_is_told_to_connect_anew() -> None:
    """As 500: to 410 phoenix.js before 1.8.2 does not join again."""
    async with polled(identify=user_1) as served, joined(served) as poller:
        old = poller.token
        await poller.begin()

        served.endpoint.disconnect("user:1")

        assert await poller.got() == {"status": 500}
        assert (await poller.get())["status"] == 410
        assert poller.token != old


async def test_a_get_that_comes_during_the_farewells_opens_the_next_session_at_once() -> None:
    async with polled(identify=user_1) as served, joined(served) as poller:
        served.journal.slow_farewell = True

        served.endpoint.disconnect("user:1")

        assert (await poller.get())["status"] == 410
        assert served.journal.exits == []
        served.journal.gate.set()


async def test_what_was_sent_before_the_end_is_told_first() -> None:
    async with polled() as served, joined(served) as poller:
        await poller.say(["1", "2", "room:1", "close", {}])

        assert await poller.heard() == [answer()]
        assert (await poller.get())["status"] == 410
        assert await served.journal.exit() == Disconnected(4001, "enough")


@pytest.mark.parametrize("body", [b"not JSON", b"{}", b'"\xff"', b""])
async def test_a_post_that_is_no_message_ends_the_session_and_no_other(body: bytes) -> None:
    async with polled() as served, joined(served) as poller, opened(served) as other:
        posted = await poller.post(body)

        assert (posted.status, posted.json()) == (200, {"status": 410})
        assert await served.journal.exit() == BadEncoding()
        assert (await other.say(["1", "1", "room:2", "phx_join", {}])) == {"status": 200}


async def test_a_drain_answers_who_waits_and_lets_nobody_in() -> None:
    async with (
        polled() as served,
        joined(served) as poller,
        await served.peer() as late,
        await served.peer() as health,
    ):
        for peer in (late, health):  # connected before the server stops to accept
            await peer.ask(request("OPTIONS", POLL))
        served.journal.slow_farewell = True
        await poller.begin()

        served.server.drain()

        await until_it_drains(health)
        refused = await late.ask(request("GET", POLL))
        served.journal.gate.set()
        waited = await poller.gets.response()

    assert (waited.status, waited.json()) == (200, {"status": 500})
    assert refused.status == 503
    assert refused.json() == {"status": 500, "reason": "shutting down"}
    assert {each.headers["connection"] for each in (waited, refused)} == {"close"}
    (reason,) = served.journal.exits
    assert isinstance(reason, (ShutDown, Drained))


async def until_it_drains(health: Peer) -> None:
    """Ask until the server says so."""
    while (await health.ask(request("GET", "/healthz"))).status == 200:
        pass


# Other methods.


async def test_options_allows_what_is_asked_for() -> None:
    async with polled() as served, await served.peer() as peer:
        response = await peer.ask(
            request(
                "OPTIONS",
                POLL,
                "Origin: http://localhost",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: content-type,x-phoenix-authtoken",
            )
        )

    assert (response.status, response.body) == (200, b"")
    allowed = response.headers["access-control-allow-headers"]
    assert allowed == "content-type,x-phoenix-authtoken"
    assert response.headers["access-control-allow-methods"] == "get, post, options"
    assert response.headers["access-control-max-age"] == "3600"
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_another_method_is_400_and_empty(method: str) -> None:
    async with polled() as served, await served.peer() as peer:
        response = await peer.ask(request(method, POLL))

    assert (response.status, response.body) == (400, b"")


async def test_a_head_is_400_too() -> None:
    async with polled() as served, await served.peer() as peer:
        await peer.send(request("HEAD", POLL))

        assert (await peer.response(head_only=True)).status == 400


@pytest.mark.parametrize("query", ["a=%FF", "&".join(["x"] * 300), "a" + "[b]" * 20 + "=1"])
async def test_a_query_that_cannot_be_read_is_400(query: str) -> None:
    async with polled() as served, await served.peer() as peer:
        response = await peer.ask(request("GET", f"{POLL}&{query}"))

    assert response.status == 400


async def test_without_the_option_there_is_no_such_path() -> None:
    async with serving() as served, await served.peer() as peer:
        assert (await peer.ask(request("GET", POLL))).status == 404


async def test_a_websocket_beside_it_hears_the_same() -> None:
    async with polled() as served, joined(served) as poller, await served.member() as member:
        await member.send(push("shout", {"n": 1}))

        said = [None, None, "room:1", "said", {"n": 1}]
        assert await member.message() == said
        assert await poller.heard() == [said]
        assert served.journal.infos[-1].transport == "websocket"


async def test_there_is_no_websocket_at_the_long_poll_path() -> None:
    async with polled() as served, await served.peer() as peer:
        upgrading = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
        key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        response = await peer.ask(request("GET", POLL, *upgrading, key))

    assert response.status == 404

"""Long-poll at its bounds: each limit reached, and what clients do that mean no good."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import anyio
import pytest

from channelkit import Limits, LongPoll
from channelkit.exits import TooSlow

from .app import serving
from .client import answer
from .poller import NDJSON, POLL, Poller, request
from .test_longpoll import echo, joined, opened, polled, user_1

if TYPE_CHECKING:
    from pydantic import JsonValue

pytestmark = pytest.mark.anyio

WAIT: list[JsonValue] = ["1", "w", "room:1", "wait", {}]
"""A push whose handler waits at the gate."""


def told(n: int) -> list[object]:
    """A broadcast."""
    return [None, None, "room:1", "said", {"n": n}]


# What a client may send.


async def test_a_post_above_the_limit_is_refused_and_the_session_lives() -> None:
    async with polled(Limits(poll_body=1000)) as served, joined(served) as poller:
        response = await poller.post(b"[" + b" " * 1000, NDJSON)

        assert response.status == 400
        assert response.json() == {"status": 400, "reason": "the body is too big"}
        async with await Poller.connect(served.address) as again:
            again.token = poller.token
            assert await again.say(echo("2")) == {"status": 200}
            assert await again.heard() == [answer()]


async def test_a_post_that_is_too_big_is_refused_though_it_does_not_say_so() -> None:
    async with polled(Limits(poll_body=1000)) as served, opened(served) as poller:
        await poller.posts.send(request("POST", poller.url, "Transfer-Encoding: chunked", NDJSON))
        for _ in range(11):
            await poller.posts.send(b"64\r\n" + b"x" * 100 + b"\r\n")

        assert (await poller.posts.response()).status == 400


async def test_who_has_no_session_may_send_no_more_than_anybody() -> None:
    async with polled(Limits(body=100)) as served, await served.peer() as peer:
        response = await peer.ask(request("POST", POLL, NDJSON, body=b"x" * 101))

        assert response.status == 400


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'["' + b"x" * 200 + b'"]', "a message is too big"),
        (b"AAAA" * 100, "a message is too big"),
        (b'{"topic":"room:1"}', "a line is neither a JSON array nor base64"),
        (b"?", "a line is neither a JSON array nor base64"),
    ],
)
async def test_a_batch_with_one_bad_message_is_refused_whole(line: bytes, why: str) -> None:
    async with polled(Limits(message=200)) as served, joined(served) as poller:
        sound = json.dumps(echo("2")).encode()

        response = await poller.post(sound + b"\n" + line, NDJSON)

        assert (response.status, response.json()) == (400, {"status": 400, "reason": why})
        assert await poller.say(echo("3")) == {"status": 200}
        assert await poller.heard() == [answer(ref="3")]


async def test_of_a_batch_a_hundred_messages_count() -> None:
    async with polled() as served, joined(served) as poller:
        assert await poller.say(*(echo(str(n)) for n in range(101))) == {"status": 200}

        heard = await poller.heard(100)

        assert [message[1] for message in heard] == [str(n) for n in range(100)]


async def test_a_body_that_takes_too_long_ends_only_its_connection() -> None:
    async with polled(Limits(idle=0.05)) as served, joined(served) as poller:
        await poller.posts.send(
            request("POST", poller.url, "Content-Length: 10", NDJSON) + b"[slow"
        )

        response = await poller.posts.response()

        assert (response.status, response.headers["connection"]) == (408, "close")
        assert served.journal.exits == []


# A handler that does not keep up.


async def test_a_post_waits_for_a_full_inbox() -> None:
    async with polled(Limits(inbox=4, stall_timeout=60)) as served, joined(served) as poller:
        await poller.posts.send(
            request(
                "POST",
                poller.url,
                NDJSON,
                body=b"\n".join(
                    json.dumps(each).encode() for each in [WAIT, *map(echo, "abcdefgh")]
                ),
            )
        )
        await poller.settle()

        served.journal.gate.set()

        assert (await poller.posts.response()).json() == {"status": 200}
        assert [message[1] for message in await poller.heard(9)] == list("wabcdefgh")


async def test_a_post_that_waits_longer_than_the_window_is_408_and_what_is_left_is_forgotten() -> (
    None
):
    limits, options = Limits(inbox=4, stall_timeout=60), LongPoll(window=0.5)
    async with polled(limits, longpoll=options) as served, joined(served) as poller:
        held = await poller.say(WAIT, *map(echo, "abcdefgh"))

        assert held == {"status": 408}
        served.journal.gate.set()
        await poller.say(echo("z"))
        refs = "".join(message[1] for message in await poller.heard_until("z"))
        assert refs in ("wabcz", "wabcdz", "wabcdez")


async def test_posts_wait_in_the_order_in_which_they_came() -> None:
    async with polled(Limits(inbox=2, stall_timeout=60)) as served, joined(served) as poller:
        async with AsyncExitStack() as stack:
            others = [await stack.enter_async_context(await served.peer()) for _ in range(5)]
            for n, peer in enumerate(others):
                lines = [WAIT, echo("a0"), echo("a1")] if n == 0 else [echo(f"{'abcde'[n]}0")]
                body = b"\n".join(json.dumps(line).encode() for line in lines)
                await peer.send(request("POST", poller.url, NDJSON, body=body))
                await poller.settle()

            served.journal.gate.set()

            for peer in others:
                assert (await peer.response()).json() == {"status": 200}
        refs = [message[1] for message in await poller.heard(7)]
        assert refs == ["w", "a0", "a1", "b0", "c0", "d0", "e0"]


async def test_what_waits_of_posts_has_a_bound() -> None:
    limits = Limits(inbox=1, stall_timeout=60, poll_body=350)
    async with polled(limits) as served, joined(served) as poller, await served.peer() as other:
        lines = [WAIT, *map(echo, "abcd")]
        body = b"\n".join(json.dumps(line).encode() for line in lines)
        await other.send(request("POST", poller.url, NDJSON, body=body))
        await poller.settle()

        more = await poller.say(*map(echo, "efghijkl"))

        assert more == {"status": 408}
        served.journal.gate.set()
        assert (await other.response()).json() == {"status": 200}


async def test_a_post_that_waits_when_the_session_ends_is_told_so() -> None:
    limits = Limits(inbox=1, stall_timeout=60)
    async with polled(limits, identify=user_1) as served, joined(served) as poller:
        lines = [WAIT, *map(echo, "abcd")]
        body = b"\n".join(json.dumps(line).encode() for line in lines)
        await poller.posts.send(request("POST", poller.url, NDJSON, body=body))
        await poller.settle()

        served.endpoint.disconnect("user:1")

        assert (await poller.posts.response()).json() == {"status": 410}


# A client that does not fetch.


@pytest.mark.parametrize("limits", [Limits(outbox_frames=10), Limits(outbox=500)])
async def test_a_client_that_does_not_fetch_is_too_slow(limits: Limits) -> None:
    async with polled(limits) as served, joined(served) as poller:
        old = poller.token
        for n in range(20):
            await served.endpoint.broadcast_raw("room:1", "said", {"n": n})

        assert await served.journal.exit() == TooSlow()
        assert (await poller.get())["status"] == 410
        assert poller.token != old


async def test_as_much_waits_as_the_limit_says_and_nothing_of_it_is_lost() -> None:
    async with polled(Limits(outbox_frames=10)) as served, joined(served) as poller:
        for n in range(10):
            await served.endpoint.broadcast_raw("room:1", "said", {"n": n})

        assert await poller.heard(10) == [told(n) for n in range(10)]
        assert served.journal.exits == []


async def test_a_client_that_leaves_much_unfetched_for_too_long_is_too_slow() -> None:
    limits = Limits(outbox_frames=10, too_slow_after=0.05)
    async with polled(limits) as served, joined(served):
        for n in range(6):
            await served.endpoint.broadcast_raw("room:1", "said", {"n": n})

        assert await served.journal.exit() == TooSlow()


# Clients that come and go.


@pytest.mark.parametrize("how", ["ends", "breaks"])
async def test_what_comes_for_a_get_whose_client_has_left_waits_for_the_next(how: str) -> None:
    async with polled() as served, joined(served) as poller:
        await poller.begin()
        await (poller.gets.end() if how == "ends" else anyio.aclose_forcefully(poller.gets.stream))
        await poller.settle()

        await served.endpoint.broadcast_raw("room:1", "said", {"n": 1})

        async with await Poller.connect(served.address) as again:
            again.token = poller.token
            assert await again.heard() == [told(1)]


async def test_only_the_last_of_many_gets_is_answered_with_something() -> None:
    async with polled() as served, joined(served) as poller, AsyncExitStack() as stack:
        peers = [await stack.enter_async_context(await served.peer()) for _ in range(50)]
        await poller.begin()
        waiting = poller.gets
        for peer in peers:
            await peer.send(request("GET", poller.url))
            assert (await waiting.response()).json()["status"] == 204
            waiting = peer

        await served.endpoint.broadcast_raw("room:1", "said", {"n": 1})

        last = (await waiting.response()).json()
        assert [json.loads(message) for message in last["messages"]] == [told(1)]


async def test_requests_behind_a_get_that_waits_wait_for_it() -> None:
    async with polled() as served, joined(served) as poller:
        await poller.begin()
        pipelined = request("OPTIONS", POLL) + request("GET", "/healthz")
        await poller.gets.send(pipelined[:20])
        await poller.settle()
        await poller.gets.send(pipelined[20:])

        await served.endpoint.broadcast_raw("room:1", "said", {"n": 1})

        assert (await poller.got())["status"] == 200
        assert (await poller.gets.response()).body == b""
        assert (await poller.gets.response()).body == b"ok\n"


async def test_there_are_no_more_sessions_than_the_limit() -> None:
    options = LongPoll(window=0.5)
    async with polled(Limits(polls=2), longpoll=options) as served, await served.peer() as peer:
        first, second, third = [await peer.ask(request("GET", POLL)) for _ in range(3)]

        assert {first.json()["status"], second.json()["status"]} == {410}
        assert third.status == 503
        assert third.json() == {"status": 500, "reason": "too many sessions"}
        while (await peer.ask(request("GET", POLL))).status == 503:  # until they expire
            pass


@pytest.mark.slow
async def test_thousands_of_sessions_that_nobody_wants_are_gone_in_time() -> None:
    async with polled(longpoll=LongPoll(window=1.0)) as served, await served.peer() as peer:
        pool, most = served.endpoint.pool, 0
        for _ in range(2000):
            assert (await peer.ask(request("GET", POLL))).status == 200
            most = max(most, len(pool.connections))

        assert most > 10  # how many depends on how fast this machine opens them
        while pool.connections:
            await peer.ask(request("OPTIONS", POLL))
        async with joined(served) as poller:
            assert await poller.say(echo("2")) == {"status": 200}


async def test_a_connect_that_hangs_is_cut_off() -> None:
    async with polled(Limits(connect=0.05)) as served, await served.peer() as peer:
        response = await peer.ask(request("GET", f"{POLL}&how=hang"))

    assert response.status == 503
    assert response.json() == {"status": 500, "reason": "connect timeout"}


async def test_a_client_that_leaves_during_its_first_get_leaves_nothing_behind() -> None:
    options = {"longpoll": LongPoll(window=0.2)}
    async with (
        serving(endpoint=options) as served,
        await served.peer() as peer,
        await served.peer() as other,
    ):
        await peer.send(request("GET", POLL))
        await peer.end()

        while served.endpoint.pool.connections or not served.journal.infos:
            await other.ask(request("OPTIONS", POLL))

"""C3, the half about long-poll: what its transport does whatever its messages mean.

Phoenix looks at it with a socket that has no channels; here a channel stands for it.
"""

from __future__ import annotations

import pytest

from ..wire.poller import request
from .client import V2
from .longpoll import poll_client
from .rooms import Nudge, serving

pytestmark = pytest.mark.anyio

LOBBY = "room:lobby"
POLL = f"/ws/longpoll?vsn={V2}"


async def test_c3_12_a_page_of_an_allowed_origin_passes_and_of_another_does_not() -> None:
    async with serving(longpoll=True, origins=["https://example.com"]) as world:
        peer = await world.peer()

        answers = [
            await peer.ask(request("GET", POLL, f"Origin: {origin}"))
            for origin in ("https://example.com", "http://notallowed.com")
        ]

        assert [answer.status for answer in answers] == [200, 200]
        assert [answer.json()["status"] for answer in answers] == [410, 403]


async def test_c3_13_the_parameters_reach_who_decides_and_an_answer_comes_at_once() -> None:
    async with serving(longpoll=True) as world:
        client = await poll_client(world, V2, query="user=ann&key=value")

        assert await client.say(None, "1", "phoenix", "heartbeat") == 200

        assert await client.heard(1) == [client.wire.reply(None, "1", "phoenix")]
        assert world.journal.connected[0].uri.query == f"vsn={V2}&user=ann&key=value"
        assert world.endpoint.disconnect("user:ann") == 1


async def test_c3_15_the_token_may_come_as_a_parameter() -> None:
    async with serving(longpoll=True) as world:
        client = await poll_client(world, V2)
        peer = await world.peer()

        heartbeat = b'[null,"1","phoenix","heartbeat",{}]'

        response = await peer.ask(
            request("POST", f"{POLL}&token={client.poller.token}", body=heartbeat)
        )

        assert response.json() == {"status": 200}
        assert await client.heard(1) == [client.wire.reply(None, "1", "phoenix")]


async def test_c3_16_a_token_in_the_header_counts_before_a_stale_one_in_the_query() -> None:
    async with serving(longpoll=True) as world:
        client = await poll_client(world, V2)
        peer = await world.peer()
        header = f"X-Phoenix-LongPoll-Token: {client.poller.token}"
        heartbeat = b'[null,"1","phoenix","heartbeat",{}]'

        response = await peer.ask(request("POST", f"{POLL}&token=stale", header, body=heartbeat))

        assert response.json() == {"status": 200}
        assert await client.heard(1) == [client.wire.reply(None, "1", "phoenix")]


async def test_c3_17_no_answer_may_be_stored_by_a_cache() -> None:
    async with serving(longpoll=True) as world:
        peer = await world.peer()

        answers = [await peer.ask(request(method, POLL)) for method in ("GET", "POST", "OPTIONS")]

        assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


async def test_c3_18_a_message_may_be_pushed_at_any_time() -> None:
    async with serving(longpoll=True) as world:
        client = await poll_client(world, V2)
        await client.join(LOBBY, brings=2)
        await client.poller.begin()

        world.endpoint.inform(LOBBY, Nudge("later"))

        answer = await client.poller.got()
        assert answer["status"] == 200
        assert "later" in answer["messages"][0]

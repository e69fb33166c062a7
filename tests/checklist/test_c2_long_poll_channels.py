"""C2: joins, events, leaves and crashes over long-poll."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from anyio.abc import SocketAttribute

from channelkit import Limits, LongPoll
from channelkit.exits import Crashed, Disconnected, TimedOut

from ..wire.client import NOTHING
from ..wire.poller import request
from .client import V2
from .longpoll import PollClient, poll_client
from .rooms import World, per_version, serving

if TYPE_CHECKING:
    from pydantic import JsonValue

pytestmark = pytest.mark.anyio

LOBBY, OTHER = "room:lobby", "custom:1"
FAREWELL = {"message": "bye!"}
SHORT = LongPoll(window=0.4)


async def entered(world: World, vsn: str = V2, *headers: str, query: str = "") -> PollClient:
    """A member of room:lobby, with what its joining brings already heard."""
    client = await poll_client(world, vsn, *headers, query=query)
    await client.join(LOBBY, brings=2)
    return client


@per_version
async def test_c2_1_a_session_is_opened_joins_and_polls_in_order(vsn: str) -> None:
    async with serving(longpoll=LongPoll(window=0.5)) as world:
        client = await poll_client(world, vsn)

        assert await client.say("11", "1", LOBBY, "phx_join", {"user": "ann"}) == 200

        assert await client.heard(3) == [
            client.wire.reply("11", "1", LOBBY),
            client.wire.broadcast(LOBBY, "user_entered", {"user": "ann"}),
            client.wire.pushed("11", LOBBY, "joined", {"status": "connected"}),
        ]
        assert (await client.poller.get())["status"] == 204


@per_version
async def test_c2_2_the_101st_join_is_refused_through_get(vsn: str) -> None:
    async with serving(longpoll=True) as world:
        client = await poll_client(world, vsn)
        for n in range(101):
            assert await client.say(str(n), str(n), f"custom:{n}", "phx_join") == 200

        heard = await client.heard(101)

        assert heard[99] == client.wire.reply("99", "99", "custom:99", {"action": "ok"})
        why = "too many channels joined"
        assert heard[100] == client.wire.refusal("100", "100", "custom:100", why)


async def test_c2_3_connect_sees_the_x_headers() -> None:
    async with serving(longpoll=True) as world:
        await poll_client(world, V2, "X-Application: Phoenix")

        assert world.journal.connected[0].x_headers == {"x-application": "Phoenix"}


async def test_c2_4_connect_sees_the_trace_headers() -> None:
    async with serving(longpoll=True) as world:
        await poll_client(world, V2, "Traceparent: 00-01", "Tracestate: a=b")

        trace = world.journal.connected[0].trace_context_headers
        assert trace == {"traceparent": "00-01", "tracestate": "a=b"}


async def test_c2_5_connect_sees_the_peers_address_and_port() -> None:
    async with serving(longpoll=True) as world:
        client = await poll_client(world, V2)

        peer = world.journal.connected[0].peer
        assert peer is not None
        local = client.poller.gets.stream.extra(SocketAttribute.local_address)
        assert (peer.address, peer.port) == local


async def test_c2_6_connect_sees_the_uri() -> None:
    async with serving(longpoll=True) as world:
        await poll_client(world, V2, query="foo=bar")

        uri = world.journal.connected[0].uri
        assert (uri.scheme, uri.host, uri.path) == ("http", "localhost", "/ws/longpoll")
        assert uri.query == f"vsn={V2}&foo=bar"


@per_version
async def test_c2_7_an_event_without_a_join_ref_is_handled_and_pushes_come_through_get(
    vsn: str,
) -> None:
    async with serving(longpoll=True) as world:
        client = await entered(world, vsn)

        assert await client.say(None, "2", LOBBY, "new_msg", {"body": "hi"}) == 200

        reply, message = await client.heard(2)
        assert reply == client.wire.reply("11", "2", LOBBY)
        payload = {"body": "hi", "transport": "websocket"}  # as the channel writes, wherever it is
        assert message == client.wire.pushed("11", LOBBY, "new_msg", payload)


@per_version
async def test_c2_8_an_event_on_a_topic_that_is_not_joined_is_unmatched(vsn: str) -> None:
    async with serving(longpoll=True) as world:
        member, stranger = await entered(world, vsn), await poll_client(world, vsn)

        assert await stranger.say("11", "2", LOBBY, "new_msg", {"body": "hi"}) == 200

        unmatched = stranger.wire.refusal(None, "2", LOBBY, "unmatched topic")
        assert await stranger.heard(1) == [unmatched]
        await member.say("11", "2", LOBBY, "enter_again", {"user": "ann"})
        assert await member.heard(1) == [member.wire.reply("11", "2", LOBBY)]


async def test_c2_9_a_message_without_a_join_ref_is_handled_on_2_0_0() -> None:
    async with serving(longpoll=True) as world:
        client = await entered(world)

        await client.say(None, "2", LOBBY, "enter_again", {"user": "ann"})

        assert await client.heard(1) == [client.wire.reply("11", "2", LOBBY)]


async def test_c2_10_of_a_batch_the_stale_is_dropped_and_the_rest_handled_in_order() -> None:
    async with serving(longpoll=True) as world:
        client = await entered(world)
        said: JsonValue = {"user": "ann"}

        status = await client.batch(
            ["11", "2", LOBBY, "enter_again", said],
            ["9", "3", LOBBY, "enter_again", said],
            ["11", "4", LOBBY, "enter_again", said],
        )

        assert status == 200
        expected = [client.wire.reply("11", ref, LOBBY) for ref in ("2", "4")]
        assert await client.heard(2) == expected


async def test_c2_11_a_batch_may_mix_text_and_base64_of_binary() -> None:
    """Both arrive; a binary reply has no way to the client, as in Phoenix."""
    async with serving(longpoll=True) as world:
        client = await entered(world)

        await client.batch(
            ["11", "2", LOBBY, "binary_event", b"\1\2"],
            ["11", "3", LOBBY, "enter_again", {"user": "ann"}],
        )

        assert await client.heard(2) == [
            client.wire.refusal("11", "2", LOBBY, "binary not supported"),
            client.wire.reply("11", "3", LOBBY),
        ]


async def test_c2_12_a_session_that_nobody_polls_dies_with_its_channels() -> None:
    async with serving(longpoll=SHORT) as world:
        client = await entered(world)

        assert await world.journal.gone() == [(LOBBY, TimedOut())]
        assert await client.say("11", "2", LOBBY, "new_msg", {"body": "hi"}) == 410


async def test_c2_13_a_post_that_the_session_does_not_take_is_408() -> None:
    """What a handler holds up here is its own topic: only a full inbox holds up the POST."""
    limits = Limits(inbox=1, stall_timeout=60, join=60)
    async with serving(longpoll=SHORT, limits=limits) as world:
        client = await poll_client(world, V2)
        waits: list[JsonValue | bytes] = ["11", "1", OTHER, "phx_join", {"action": "wait"}]

        assert await client.batch(waits) == 200
        assert await client.batch(*(["11", ref, OTHER, "later", NOTHING] for ref in "234")) == 408


async def test_c2_14_of_a_batch_of_101_the_first_100_are_handled() -> None:
    async with serving(longpoll=True) as world:
        client = await entered(world)

        await client.batch(*(["11", str(n), LOBBY, "enter_again", {"user": n}] for n in range(101)))

        expected = [client.wire.reply("11", str(n), LOBBY) for n in range(100)]
        assert await client.heard(100) == expected


@pytest.mark.parametrize("refuse", ["error", "rate_limit"])
async def test_c2_15_a_refused_connect_is_403_in_the_body(refuse: str) -> None:
    async with serving(longpoll=True) as world:
        peer = await world.peer()

        response = await peer.ask(request("GET", f"/ws/longpoll?vsn={V2}&refuse={refuse}"))

        assert (response.status, response.json()) == (200, {"status": 403})


async def test_c2_16_a_page_of_an_allowed_origin_opens_and_another_does_not() -> None:
    async with serving(longpoll=True, origins=["//example.com"]) as world:
        peer = await world.peer()

        statuses = [
            (await peer.ask(request("GET", "/ws/longpoll", f"Origin: {origin}"))).json()["status"]
            for origin in ("https://example.com", "http://notallowed.com")
        ]

        assert statuses == [410, 403]


async def test_c2_17_the_params_of_a_join_are_masked_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with serving(longpoll=True) as world:
        client = await poll_client(world, V2)

        await client.join(LOBBY, brings=2, payload={"user": "ann", "password": "hunter2"})

    assert f"joined topic={LOBBY}" in caplog.text
    assert "[FILTERED]" in caplog.text
    assert "hunter2" not in caplog.text


@per_version
async def test_c2_18_a_crash_is_told_through_get(vsn: str) -> None:
    async with serving(longpoll=True) as world:
        client = await entered(world, vsn)

        assert await client.say("11", "2", LOBBY, "boom") == 200

        assert await client.heard(2) == [
            client.wire.pushed("11", LOBBY, "you_left", FAREWELL),
            client.wire.ended("11", LOBBY, "phx_error"),
        ]
        ((topic, reason),) = await world.journal.gone()
        assert topic == LOBBY
        assert isinstance(reason, Crashed)


async def test_c2_19_a_stale_leave_is_ignored_and_one_without_a_join_ref_accepted() -> None:
    async with serving(longpoll=True) as world:
        client = await poll_client(world, V2)
        assert await client.say("11", "1", OTHER, "phx_join") == 200
        await client.heard(1)

        await client.say("9", "2", OTHER, "phx_leave")
        await client.say(None, "3", OTHER, "phx_leave")

        assert await client.heard(2) == [
            client.wire.reply("11", "3", OTHER),
            client.wire.ended("11", OTHER),
        ]


async def test_c2_20_a_disconnect_by_id_ends_the_session_and_its_channels() -> None:
    async with serving(longpoll=True) as world:
        client = await entered(world, query="user=ann")
        old = client.poller.token

        world.endpoint.disconnect("user:ann")

        assert await world.journal.gone() == [(LOBBY, Disconnected(1001))]
        assert (await client.poller.get())["status"] == 410
        assert client.poller.token != old


async def test_c2_21_a_version_that_is_not_spoken_is_403_and_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with serving(longpoll=True) as world:
        peer = await world.peer()

        response = await peer.ask(request("GET", "/ws/longpoll?vsn=123.1.1"))

        assert (response.status, response.json()) == (200, {"status": 403})
    (record,) = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert "123.1.1" in record.getMessage()


async def test_c2_22_an_empty_content_type_is_one_text_frame() -> None:
    async with serving(longpoll=True) as world:
        client = await entered(world)
        frame = f'["11","2","{LOBBY}","enter_again",\n{{"user":1}}]'.encode()

        response = await client.poller.post(frame, "Content-Type:")

        assert response.json() == {"status": 200}
        assert await client.heard(1) == [client.wire.reply("11", "2", LOBBY)]


async def test_f_19_the_status_in_the_body_is_the_answer_and_a_disconnect_opens_anew() -> None:
    async with serving(longpoll=True) as world:
        client = await poll_client(world, V2, query="user=ann")
        first = client.poller.token

        world.endpoint.disconnect("user:ann")

        response = await client.poller.ask()
        assert (response.status, response.json()["status"]) == (200, 410)
        assert response.json()["token"] != first

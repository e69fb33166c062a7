"""phoenix-channels-python-client as PyPI has it, in conversation with a running server.

It has no public way to push, so these tests send through its protocol handler. On 2.0.0 it drops
whatever carries another join_ref than the join's, null included: broadcasts, and the answer that
a topic is unmatched.
"""

from __future__ import annotations

import asyncio
import urllib.request
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from ..browser.server import ExampleServer

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("anyio_backend", ["asyncio"], indirect=True),
    pytest.mark.slow,
]

library: Any = pytest.importorskip("phoenix_channels_python_client")
messages: Any = pytest.importorskip("phoenix_channels_python_client.utils")
errors: Any = pytest.importorskip("phoenix_channels_python_client.exceptions")

V1, V2 = "1.0", "2.0"

per_version = pytest.mark.parametrize("version", [V1, V2])

AT_ONCE = {
    "base_delay_s": 0.01,
    "max_delay_s": 0.1,
    "service_restart_min_delay_s": 0.0,
    "service_restart_max_delay_s": 0.0,
    "rapid_first_min_delay_s": 0.0,
    "rapid_second_min_delay_s": 0.0,
    "rapid_cooldown_base_s": 0.0,
    "rapid_cooldown_step_s": 0.0,
    "rapid_suppress_disconnect_count": 0,
}
"""It comes back at once, where its own policy is to wait for seconds."""


@asynccontextmanager
async def connected(
    server: ExampleServer, version: str = V2, query: str = "", **options: Any
) -> AsyncGenerator[Any]:
    """A client that is connected."""
    client = library.PHXChannelsClient(
        f"{server.address.replace('http', 'ws')}/socket/websocket{query}",
        "key",
        protocol_version=version,
        reconnect_policy=library.ReconnectPolicy(**AT_ONCE),
        **options,
    )
    async with client:
        yield client


async def joined(client: Any, topic: str) -> asyncio.Queue[Any]:
    """Subscribe; gives what comes for the topic from then on."""
    heard: asyncio.Queue[Any] = asyncio.Queue()
    await client.subscribe_to_topic(topic, heard.put)
    assert client.is_topic_joined(topic)
    return heard


async def send(client: Any, topic: str, event: str, payload: dict[str, Any]) -> None:
    """Push, on the join that the client has."""
    join_ref = client.get_current_subscriptions()[topic].join_ref
    message = messages.make_message(event, topic, f"{event}-ref", payload, join_ref)
    await client.get_protocol_handler().send_message(client.connection, message)


async def echoes(client: Any, topic: str, heard: asyncio.Queue[Any]) -> bool:
    """Whether a push is answered."""
    await send(client, topic, "echo", {"n": 1})
    payload: object = (await heard.get()).payload
    return payload == {"status": "ok", "response": {"n": 1}}


def noting(event: asyncio.Event) -> Callable[[], Awaitable[None]]:
    """A callback that sets the event."""

    async def note() -> None:
        event.set()

    return note


async def until(true: Callable[[], bool]) -> None:
    """It tells nobody when it has joined again."""
    while not true():  # noqa: ASYNC110  (there is no event to wait for)
        await asyncio.sleep(0.005)


@pytest.fixture
def topic() -> str:
    return f"echo:{uuid4()}"


@per_version
async def test_it_joins_pushes_and_is_answered(
    server: ExampleServer, topic: str, version: str
) -> None:
    async with connected(server, version) as client:
        heard = await joined(client, topic)

        await send(client, topic, "echo", {"n": [1, None]})

        answer = await heard.get()
        assert (str(answer.event), answer.ref) == ("phx_reply", "echo-ref")
        assert answer.payload == {"status": "ok", "response": {"n": [1, None]}}


@per_version
async def test_a_refused_join_raises_and_says_why(server: ExampleServer, version: str) -> None:
    async with connected(server, version) as client:
        with pytest.raises(errors.PHXTopicError, match="unauthorized"):
            await client.subscribe_to_topic("room:1")


async def test_an_unmatched_topic_raises_and_says_so_on_version_1(server: ExampleServer) -> None:
    async with connected(server, V1) as client:
        with pytest.raises(errors.PHXTopicError, match="unmatched topic"):
            await client.subscribe_to_topic("nowhere:1")


async def test_an_unmatched_topic_times_out_on_version_2(server: ExampleServer) -> None:
    async with connected(server, V2, join_timeout_s=0.2) as client:
        with pytest.raises(errors.PHXTopicError, match="Timed out"):
            await client.subscribe_to_topic("nowhere:1")


@per_version
async def test_it_hears_pushes(server: ExampleServer, topic: str, version: str) -> None:
    async with connected(server, version) as client:
        heard = await joined(client, topic)

        await send(client, topic, "push_me", {"n": 1})

        pushed, reply = await heard.get(), await heard.get()
        assert (pushed.event, pushed.payload) == ("pushed", {"n": 1})
        assert reply.payload == {"status": "ok", "response": {}}


async def test_it_hears_broadcasts_on_version_1(server: ExampleServer, topic: str) -> None:
    async with connected(server, V1) as ann, connected(server, V1) as bob:
        letters = [await joined(client, topic) for client in (ann, bob)]

        await send(ann, topic, "bcast", {"n": 1})

        heard = [await each.get() for each in letters]
        assert [(each.event, each.payload) for each in heard] == [("bcast", {"n": 1})] * 2


async def test_it_drops_broadcasts_on_version_2(server: ExampleServer, topic: str) -> None:
    async with connected(server, V2) as client:
        heard = await joined(client, topic)

        await send(client, topic, "bcast", {"n": 1})

        assert (await heard.get()).payload == {"status": "ok", "response": {}}


@per_version
async def test_it_leaves_and_joins_again(server: ExampleServer, topic: str, version: str) -> None:
    async with connected(server, version) as client:
        await joined(client, topic)

        await client.unsubscribe_from_topic(topic)

        heard = await joined(client, topic)
        assert await echoes(client, topic, heard)


@per_version
async def test_a_crash_is_followed_by_a_new_join(
    server: ExampleServer, topic: str, version: str
) -> None:
    async with connected(server, version) as client:
        heard = await joined(client, topic)
        first = client.get_current_subscriptions()[topic].join_ref

        await send(client, topic, "crash", {})

        await until(lambda: client.get_current_subscriptions()[topic].join_ref != first)
        await until(lambda: client.is_topic_joined(topic))
        assert await echoes(client, topic, heard)


@per_version
async def test_a_channel_that_stops_is_lost(
    server: ExampleServer, topic: str, version: str
) -> None:
    lost: asyncio.Queue[str] = asyncio.Queue()

    async def on_topic_lost(topic: str, _: Exception) -> None:
        await lost.put(topic)

    async with connected(server, version, on_topic_lost=on_topic_lost) as client:
        await joined(client, topic)

        await send(client, topic, "stop", {})

        assert await lost.get() == topic


@per_version
async def test_heartbeats_are_answered(server: ExampleServer, version: str) -> None:
    beats: asyncio.Queue[bool] = asyncio.Queue()
    beat = partial(beats.put_nowait, True)

    async with connected(server, version, heartbeat_interval_s=0.02, on_heartbeat_ack=beat):
        assert [await beats.get() for _ in range(3)] == [True] * 3


@per_version
async def test_a_refused_connect_raises(server: ExampleServer, version: str) -> None:
    with pytest.raises(errors.PHXConnectionError, match="403"):
        async with connected(server, version, "?token=deny"):
            pass


@per_version
async def test_it_comes_back_after_a_disconnect_by_id(
    server: ExampleServer, topic: str, version: str
) -> None:
    user, back = str(uuid4()), asyncio.Event()

    async with connected(server, version, f"?user={user}", on_reconnect=noting(back)) as client:
        heard = await joined(client, topic)

        await asyncio.to_thread(visit, f"{server.address}/disconnect?user={user}")

        await back.wait()
        assert await echoes(client, topic, heard)


@per_version
@pytest.mark.parametrize("how", ["kill", "terminate"])
async def test_it_comes_back_to_a_server_that_was_restarted(
    server: ExampleServer, topic: str, version: str, how: str
) -> None:
    back = asyncio.Event()

    async with connected(server, version, on_reconnect=noting(back)) as client:
        heard = await joined(client, topic)

        await asyncio.to_thread(getattr(server, how))
        await asyncio.to_thread(server.start)

        await back.wait()
        assert await echoes(client, topic, heard)


def visit(url: str) -> None:
    with urllib.request.urlopen(url) as answer:
        assert answer.status == 200

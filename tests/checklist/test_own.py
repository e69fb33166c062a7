"""What Phoenix's tests leave out."""

from __future__ import annotations

import base64

import pytest

from ..wire.client import TEXT, frame
from .rooms import per_version, serving

pytestmark = pytest.mark.anyio

LOBBY = "room:lobby"
OTHER = "custom:1"


@per_version
async def test_own_1_the_new_joins_reply_comes_before_the_old_close(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)
        await client.join(OTHER, join_ref="1", ref="1", response={"action": "ok"})

        await client.say("2", "2", OTHER, "phx_join", {"action": "again"})

        heard = [await client.heard(), await client.heard()]
        assert heard == [
            client.reply("2", "2", OTHER, {"action": "again"}),
            client.ended("1", OTHER),
        ]
        await client.silent()


@per_version
async def test_own_2_the_close_of_the_first_join_carries_its_own_join_ref(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)
        for join_ref in ("1", "2", "3"):
            await client.say(join_ref, join_ref, OTHER, "phx_join")

        heard = [await client.heard() for _ in range(5)]

        closes = [client.ended("1", OTHER), client.ended("2", OTHER)]
        assert [each for each in heard if each in closes] == closes
        await client.say("3", "4", OTHER, "close")
        assert await client.heard() == client.ended("3", OTHER)


async def test_own_3_a_frame_with_a_stale_join_ref_is_dropped_in_silence() -> None:
    async with serving() as world:
        client = await world.client()
        await client.join(OTHER, join_ref="2", response={"action": "ok"})

        for event in ("close", "no_such_event", "phx_leave"):
            await client.say("1", "9", OTHER, event)

        await client.silent()
        assert await world.journal.gone(0) == []


@per_version
async def test_own_4_malformed_json_closes_the_connection(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.peer.send(frame(TEXT, b'["1", "1", '))

        assert (await client.closed()).code == 1007  # Phoenix: 1011, as if it were its own fault


@per_version
async def test_own_5_a_drain_closes_with_1012(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)
        await client.join(OTHER, response={"action": "ok"})

        world.server.drain()

        assert (await client.closed()).code == 1012


@per_version
async def test_own_6_a_join_without_a_join_ref(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.say(None, "1", LOBBY, "phx_join")

        assert [await client.heard() for _ in range(3)] == [
            client.reply(None, "1", LOBBY),
            client.broadcast(LOBBY, "user_entered", {"user": None}),
            client.pushed("1", LOBBY, "joined", {"status": "connected"}),
        ]
        await client.say(None, "2", LOBBY, "phx_leave")
        assert [await client.heard() for _ in range(3)] == [
            client.reply("1", "2", LOBBY),
            client.pushed("1", LOBBY, "you_left", {"message": "bye!"}),
            client.ended(None, LOBBY),
        ]


@per_version
async def test_own_7_a_join_that_takes_its_time_holds_up_its_own_topic_alone(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)
        await client.say("1", "1", "custom:slow", "phx_join", {"action": "wait"})
        await client.say("1", "2", "custom:slow", "close")

        await client.silent()
        await client.join("custom:quick", join_ref="3", ref="3", response={"action": "ok"})
        world.journal.gate.set()

        assert await client.heard() == client.reply("1", "1", "custom:slow", {"action": "wait"})
        assert await client.heard() == client.ended("1", "custom:slow")


TOKEN = "a token? ~~~>"
STANDARD, URL_SAFE = base64.b64encode(TOKEN.encode()), base64.urlsafe_b64encode(TOKEN.encode())


@pytest.mark.parametrize("encoded", [STANDARD, URL_SAFE], ids=["standard", "url safe"])
async def test_own_8_an_auth_token_rides_in_the_subprotocol(encoded: bytes) -> None:
    hidden = encoded.decode().rstrip("=")
    async with serving() as world:
        peer = await world.peer()

        response = await peer.open(
            "/ws/websocket?vsn=2.0.0",
            f"Sec-WebSocket-Protocol: phoenix, base64url.bearer.phx.{hidden}",
        )

        assert response.headers["sec-websocket-protocol"] == "phoenix"
        (info,) = world.journal.connected
        assert info.auth_token == TOKEN
        assert info.headers["sec-websocket-protocol"] == "phoenix"  # the token is gone from it

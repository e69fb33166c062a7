"""What was observed on the wire of Phoenix 1.8.12, where no transcript shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from channelkit import Limits

from ..wire.client import PING, PONG, Received, frame
from .rooms import per_version, serving

if TYPE_CHECKING:
    from pydantic import JsonValue

pytestmark = pytest.mark.anyio

OTHER = "custom:1"


@per_version
@pytest.mark.parametrize("event", ["phx_join", "phx_reply", "heartbeats", "presence_state"])
async def test_f_3_on_phoenix_all_but_heartbeat_and_leave_is_unmatched(
    event: str, vsn: str
) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.say("1", "1", "phoenix", event)
        await client.say("1", "2", "phoenix", "phx_leave")

        assert [await client.heard(), await client.heard()] == [
            client.refusal(None, "1", "phoenix", "unmatched topic"),
            client.reply("1", "2", "phoenix"),
        ]


@per_version
@pytest.mark.parametrize("topic", [None, 5, ["custom:1"], {"custom": 1}], ids=repr)
async def test_f_11_a_topic_that_is_no_string_is_an_invalid_message(
    topic: JsonValue, vsn: str
) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.say("1", "1", topic, "phx_join")  # type: ignore[arg-type]  # as no client may

        assert await client.heard() == client.refusal(None, "1", "phoenix", "invalid message")


@per_version
async def test_f_13_a_later_reply_comes_before_the_leave_or_never(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)
        await client.join(OTHER, response={"action": "ok"})
        await client.say("11", "2", OTHER, "later")
        await client.say("11", "3", OTHER, "phx_leave")
        await client.silent()

        world.journal.gate.set()

        assert [await client.heard() for _ in range(3)] == [
            client.reply("11", "2", OTHER),
            client.reply("11", "3", OTHER),
            client.ended("11", OTHER),
        ]
        await client.silent()


@per_version
async def test_f_16_of_a_hundred_topics_one_may_be_left_for_another(vsn: str) -> None:
    async with serving(limits=Limits(topics=2)) as world:
        client = await world.client(vsn)
        for n in ("1", "2"):
            await client.join(f"custom:{n}", join_ref=n, ref=n, response={"action": "ok"})
        await client.say("3", "3", "custom:3", "phx_join")
        refusal = client.refusal("3", "3", "custom:3", "too many channels joined")
        assert await client.heard() == refusal

        await client.say("1", "4", "custom:1", "phx_leave")
        for _ in ("reply", "phx_close"):
            await client.heard()

        await client.join("custom:3", join_ref="5", ref="5", response={"action": "ok"})


@pytest.mark.trio_clock
async def test_f_20_a_client_that_only_pings_is_never_idle() -> None:
    async with serving(limits=Limits(idle=60)) as world:
        client = await world.client()

        for n in range(5):
            await anyio.sleep(55)
            await client.peer.send(frame(PING, bytes([n])))
            assert await client.peer.frame() == Received(PONG, bytes([n]))

        await client.silent()
        assert (await client.closed()).code == 1001  # once it says nothing any more

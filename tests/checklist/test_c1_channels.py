"""C1: joins, events, leaves and crashes over a WebSocket."""

from __future__ import annotations

import pytest

from channelkit import Limits
from channelkit.exits import Closed, Crashed, Left, Replaced

from ..wire.client import Closed as ClosedWith
from ..wire.client import close
from .client import V2, Client
from .rooms import World, per_version, serving

pytestmark = pytest.mark.anyio

LOBBY = "room:lobby"


async def entered(world: World, vsn: str = V2) -> Client:
    """A member of room:lobby, with what its joining brings already heard."""
    client = await world.client(vsn)
    await client.join(LOBBY)
    for _ in ("user_entered", "joined"):
        await client.heard()
    return client


@per_version
async def test_c1_2_a_join_is_answered_with_its_ref_and_an_empty_response(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.say("11", "1", LOBBY, "phx_join")

        assert await client.heard() == client.reply("11", "1", LOBBY)


@per_version
async def test_c1_3_a_push_behind_the_join_has_the_join_ref_and_a_broadcast_no_ref(
    vsn: str,
) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.join(LOBBY, {"user": "ann"})

        assert [await client.heard(), await client.heard()] == [
            client.broadcast(LOBBY, "user_entered", {"user": "ann"}),
            client.pushed("11", LOBBY, "joined", {"status": "connected"}),
        ]


@per_version
async def test_c1_4_an_intercepted_broadcast_goes_out_as_a_push_with_a_field_more(
    vsn: str,
) -> None:
    async with serving() as world:
        client = await entered(world, vsn)

        await client.say("11", "2", LOBBY, "new_msg", {"body": "hi"})

        assert [await client.heard(), await client.heard()] == [  # as in Phoenix: the reply first
            client.reply("11", "2", LOBBY),
            client.pushed("11", LOBBY, "new_msg", {"body": "hi", "transport": "websocket"}),
        ]


@per_version
async def test_c1_5_a_leave_brings_the_reply_the_last_push_and_the_close(vsn: str) -> None:
    async with serving() as world:
        client = await entered(world, vsn)

        await client.say("11", "2", LOBBY, "phx_leave")

        assert [await client.heard() for _ in range(3)] == [
            client.reply("11", "2", LOBBY),
            client.pushed("11", LOBBY, "you_left", {"message": "bye!"}),
            client.ended("11", LOBBY),
        ]
        assert world.journal.exits == [(LOBBY, Left())]


@per_version
async def test_c1_6_an_event_after_the_leave_is_unmatched_as_often_as_it_comes(vsn: str) -> None:
    async with serving() as world:
        client = await entered(world, vsn)
        await client.say("11", "2", LOBBY, "phx_leave")
        for _ in ("reply", "you_left", "phx_close"):
            await client.heard()

        for ref in ("3", "4"):
            await client.say("11", ref, LOBBY, "new_msg", {"body": "late"})

            assert await client.heard() == client.refusal(None, ref, LOBBY, "unmatched topic")
            await client.silent()


@per_version
async def test_c1_7_the_101st_join_is_refused_with_its_ref(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)
        for n in range(1, 101):
            refs = {"join_ref": f"j{n}", "ref": f"r{n}"}
            await client.join(f"custom:{n}", response={"action": "ok"}, **refs)

        await client.say("j101", "r101", "custom:101", "phx_join")

        assert await client.heard() == client.refusal(
            "j101", "r101", "custom:101", "too many channels joined"
        )


@per_version
async def test_c1_8_the_number_of_topics_can_be_set(vsn: str) -> None:
    async with serving(limits=Limits(topics=1)) as world:
        client = await entered(world, vsn)

        await client.say("12", "2", "room:other", "phx_join")

        assert await client.heard() == client.refusal(
            "12", "2", "room:other", "too many channels joined"
        )


@per_version
async def test_c1_20_a_handler_that_raises_is_an_error_on_its_topic(
    vsn: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving() as world:
        client = await entered(world, vsn)

        await client.say("11", "2", LOBBY, "boom")

        assert [await client.heard(), await client.heard()] == [
            client.pushed("11", LOBBY, "you_left", {"message": "bye!"}),
            client.ended("11", LOBBY, "phx_error"),
        ]
        ((_, reason),) = world.journal.exits
        assert isinstance(reason, Crashed)
        assert "boom" in caplog.text


@per_version
async def test_c1_21_a_client_that_closes_ends_its_channels(vsn: str) -> None:
    async with serving() as world:
        client = await entered(world, vsn)
        await client.join("room:other", join_ref="12", ref="2")

        await client.peer.send(close(1000))

        ends = [(LOBBY, Closed(1000)), ("room:other", Closed(1000))]
        assert sorted(await world.journal.gone(2), key=str) == ends


@per_version
async def test_c1_22_an_event_without_a_join_is_unmatched_on_any_topic(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        for ref, topic in enumerate([LOBBY, LOBBY, "room:other", "nowhere"]):
            await client.say("11", str(ref), topic, "new_msg", {"body": "hi"})

            assert await client.heard() == client.refusal(None, str(ref), topic, "unmatched topic")
        await client.silent()


@per_version
async def test_c1_27_a_second_join_is_answered_ok(vsn: str) -> None:
    async with serving() as world:
        client = await entered(world, vsn)

        await client.say("12", "2", LOBBY, "phx_join")

        heard = [await client.heard() for _ in range(5)]
        assert client.reply("12", "2", LOBBY) in heard
        assert world.journal.exits == [(LOBBY, Replaced())]


@per_version
async def test_c1_29_an_idle_client_is_closed_after_its_heartbeat_was_answered(vsn: str) -> None:
    async with serving(limits=Limits(idle=0.2, closing=0.05)) as world:
        client = Client(await world.peer(), vsn)
        heartbeat = client.spoken(None, "1", "phoenix", "heartbeat")
        join = client.spoken("11", "2", "custom:1", "phx_join", {"action": "ok"})

        # In one write, or a slow machine might take the time between them for idleness.
        await client.peer.open(f"/ws/websocket?vsn={vsn}", behind=heartbeat + join)

        assert await client.heard() == client.reply(None, "1", "phoenix")
        assert await client.closed() == ClosedWith(1001, "idle")


@per_version
async def test_c1_30_a_join_without_a_channel_is_unmatched_with_a_null_join_ref(
    vsn: str,
) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.say("11", "1", "nowhere", "phx_join")

        assert await client.heard() == client.refusal(None, "1", "nowhere", "unmatched topic")


async def test_c1_31_a_join_may_be_refused_with_a_payload() -> None:
    async with serving() as world:
        client = await world.client()

        await client.say("1", "1", "custom:1", "phx_join", {"action": "error"})

        response = {"action": "error"}
        assert await client.heard() == client.reply("1", "1", "custom:1", response, status="error")


async def test_c1_31_a_join_that_raises_is_crashed() -> None:
    async with serving() as world:
        client = await world.client()

        await client.say("1", "1", "custom:1", "phx_join", {"action": "raise"})

        assert await client.heard() == client.refusal("1", "1", "custom:1", "join crashed")


async def test_c1_31_a_join_may_be_granted_with_a_payload_and_its_channel_close() -> None:
    async with serving() as world:
        client = await world.client()
        await client.say("1", "1", "custom:1", "phx_join", {"action": "ok"})
        assert await client.heard() == client.reply("1", "1", "custom:1", {"action": "ok"})

        await client.say("1", "2", "custom:1", "close")

        assert await client.heard() == client.ended("1", "custom:1")


async def test_c1_32_binary_goes_both_ways_and_a_push_carries_its_join_ref() -> None:
    async with serving() as world:
        client = await entered(world)

        await client.say("11", "2", LOBBY, "binary_event", b"\xff\x00")

        names = {"join_ref": "11", "topic": LOBBY}
        assert [await client.heard(), await client.heard()] == [
            {"binary": "push", **names, "event": "binary_event", "hex": "000102"},
            {"binary": "reply", **names, "ref": "2", "status": "ok", "hex": "ff00313233"},
        ]

"""Easy to miss, from real clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from channelkit.exits import Closed, Disconnected, Exit, Stopped, close_code

from ..app.presences import make_hall
from .client import V1
from .rooms import per_version, serving

if TYPE_CHECKING:
    from pydantic import JsonValue

LOBBY = "room:lobby"

REFS: list[JsonValue] = ["1", 0, 17, -1, 2.5, None, True, "", "é", {"a": [1]}, ["x"]]


@pytest.mark.anyio
@per_version
@pytest.mark.parametrize("ref", REFS, ids=repr)
async def test_real_1_refs_are_opaque_and_come_back_as_they_were(ref: JsonValue, vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.say(ref, ref, "custom:1", "phx_join")

        heard = await client.heard()
        assert heard == client.reply(ref, ref, "custom:1", {"action": "ok"})
        assert type(heard["ref"] if vsn == V1 else heard[1]) is type(ref)  # to Python, 1 is True


@pytest.mark.anyio
async def test_real_2_version_1_says_exactly_four_keys() -> None:
    async with serving() as world:
        client = await world.client(V1)
        for event in ("phx_join", "new_msg"):
            await client.say(None, "1", LOBBY, event)
        heard = [await client.heard() for _ in range(5)]
        await client.say(None, "1", LOBBY, "boom")
        heard += [await client.heard() for _ in range(2)]

        assert [sorted(each) for each in heard] == [["event", "payload", "ref", "topic"]] * 7
        assert [each["event"] for each in heard if each["ref"] is None] == [
            "user_entered",
            "joined",
            "new_msg",
            "you_left",
            "phx_error",
        ]


@pytest.mark.anyio
@per_version
async def test_real_3_a_join_and_a_heartbeat_with_a_null_ref_are_answered(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.say(None, None, "custom:1", "phx_join")
        await client.say(None, None, "phoenix", "heartbeat")

        heard = [await client.heard(), await client.heard()]
        join = client.reply(None, None, "custom:1", {"action": "ok"})
        heartbeat = client.reply(None, None, "phoenix")
        assert heard in ([join, heartbeat], [heartbeat, join])


@pytest.mark.anyio
async def test_real_4_broadcasts_carry_null_join_ref_and_ref() -> None:
    async with serving() as world:
        client = await world.client()
        await client.join(LOBBY)
        for _ in ("user_entered", "joined"):
            await client.heard()

        await world.endpoint.broadcast_raw(LOBBY, "any", {"n": 1})

        assert await client.heard() == [None, None, LOBBY, "any", {"n": 1}]


@pytest.mark.anyio
async def test_real_4_a_presence_diff_carries_null_join_ref_and_ref() -> None:
    async with serving(endpoint=make_hall()) as world:
        client = await world.client()
        await client.join("hall:1", {"user": "ann"})
        await client.heard()  # the state

        diff = await client.heard()

        assert diff[:4] == [None, None, "hall:1", "presence_diff"]


@pytest.mark.anyio
@per_version
async def test_real_5_a_leave_brings_a_reply_and_then_the_close(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)
        await client.join("custom:1", response={"action": "ok"})

        await client.say("11", "2", "custom:1", "phx_leave")

        assert [await client.heard(), await client.heard()] == [
            client.reply("11", "2", "custom:1"),
            client.ended("11", "custom:1"),
        ]


@pytest.mark.anyio
@per_version
async def test_real_6_after_a_leave_and_a_join_at_once_the_close_is_the_old_ones(
    vsn: str,
) -> None:
    async with serving() as world:
        client = await world.client(vsn)
        await client.join("custom:1", response={"action": "ok"})

        await client.peer.send(
            client.spoken("11", "2", "custom:1", "phx_leave"),
            client.spoken("3", "3", "custom:1", "phx_join"),
        )

        assert [await client.heard() for _ in range(3)] == [
            client.reply("11", "2", "custom:1"),
            client.ended("11", "custom:1"),
            client.reply("3", "3", "custom:1", {"action": "ok"}),
        ]


@pytest.mark.anyio
@per_version
async def test_real_7_a_joiner_sees_its_own_presence_diff_after_the_state(vsn: str) -> None:
    async with serving(endpoint=make_hall()) as world:
        client = await world.client(vsn)
        await client.join("hall:1", {"user": "ann"})

        state, diff = await client.heard(), await client.heard()

        here = (state["payload"] if vsn == V1 else state[4])["ann"]
        assert state == client.pushed("11", "hall:1", "presence_state", {"ann": here})
        joins = {"joins": {"ann": here}, "leaves": {}}
        assert diff == client.broadcast("hall:1", "presence_diff", joins)


@pytest.mark.anyio
@per_version
async def test_real_8_an_empty_reply_is_an_object(vsn: str) -> None:
    async with serving() as world:
        client = await world.client(vsn)

        await client.say("1", "1", LOBBY, "phx_join")

        heard = await client.heard()
        payload = heard["payload"] if vsn == V1 else heard[4]
        assert payload == {"status": "ok", "response": {}}


def test_real_9_no_close_code_keeps_a_client_from_coming_back() -> None:
    the_peers_own, the_applications = Closed, Disconnected
    kinds: tuple[type[Exit], ...] = get_args(Exit)

    told = {
        kind: close_code(_made(kind))
        for kind in kinds
        if kind not in (the_peers_own, the_applications)
    }

    stays_away = (1000, 1008)  # phoenix.js on the first, others on the second
    assert [kind for kind, said in told.items() if said and said[0] in stays_away] == []


def _made(kind: type[Exit]) -> Exit:
    """An exit of this kind; what it carries of a code is not ours to choose."""
    fields = {"code": 1002, "error": RuntimeError("crashed"), "reason": "because"}
    given = {name: fields[name] for name in kind.__dataclass_fields__ if name in fields}
    return Stopped("because") if kind is Stopped else kind(**given)  # type: ignore[arg-type]

"""Who is here: what a channel tracks, and what clients are told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from channelkit import (
    Channel,
    Endpoint,
    Limits,
    LocalProtocolError,
    Open,
    Presence,
    channel,
    exits,
    on_join,
)
from channelkit.testing import Ended, connect
from channelkit.wire import Broadcast, Push, Reply

from .presences import (
    HALL,
    Do,
    Enter,
    Hall,
    Kick,
    Online,
    Said,
    diffs,
    entered,
    make_hall,
    metas,
    present,
    states,
)

if TYPE_CHECKING:
    from pydantic import JsonValue

pytestmark = pytest.mark.anyio


async def test_a_joiner_is_pushed_the_state_and_then_sees_its_own_diff() -> None:
    async with entered(make_hall(), "ann") as [(ann, room)]:
        [meta] = metas(states(ann)[0]["ann"])
        await present(room)

        assert re.fullmatch(r"[\w-]{16}", meta["phx_ref"])
        assert meta == {"status": "online", "phx_ref": meta["phx_ref"]}
        whole: JsonValue = {"ann": {"metas": [{**meta}]}}
        assert ann.received == [
            Reply(room.join_ref, room.join_ref, str(HALL), "ok", {}),
            Push(room.join_ref, None, str(HALL), "presence_state", whole),
            Broadcast(str(HALL), "presence_diff", {"joins": whole, "leaves": {}}),
        ]


async def test_everybody_sees_who_comes_and_who_is_here_already() -> None:
    async with entered(make_hall(), "ann", "bob") as [(ann, anns), (bob, bobs)]:
        both = {"ann": ["online"], "bob": ["online"]}

        assert await present(anns) == both
        assert await present(bobs) == both
        assert [[*diff["joins"]] for diff in diffs(ann)] == [["ann"], ["bob"]]
        assert [[*diff["joins"]] for diff in diffs(bob)] == [["bob"]]


async def test_a_member_that_is_not_tracked_is_not_here_and_still_sees_the_others() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann", silent=True) as [(_, room)], entered(endpoint, "bob"):
        with pytest.raises(AssertionError, match="presence_state did not come"):
            await room.presences(Hall.here)
        await room.call(Hall.do, Do(verb="state"))

        assert await present(room) == {"bob": ["online"]}


async def test_a_key_has_a_meta_for_each_member_that_tracks_it() -> None:
    async with entered(make_hall(), "ann", "ann") as [(_, phone), (_, laptop)]:
        await laptop.call(Hall.do, Do(verb="update", status="away"))

        assert await present(phone) == {"ann": ["online", "away"]}
        assert await laptop.call(Hall.do, Do(verb="metas")) == Said(text="ann=online,away")


async def test_a_member_may_be_here_under_several_keys() -> None:
    async with entered(make_hall(), "ann") as [(_, room)]:
        await room.call(Hall.do, Do(verb="track", key="host", status="talks"))

        assert await present(room) == {"ann": ["online"], "host": ["talks"]}


async def test_a_key_may_be_a_number_and_goes_out_as_text() -> None:
    async with entered(make_hall(), 42) as [(_, room)]:
        assert await room.call(Hall.do, Do(verb="metas", key="42")) == Said(text="42=online")
        assert await present(room) == {"42": ["online"]}


@pytest.mark.parametrize("key", ["__proto__", "constructor", "", "a b:c", "日本"])
async def test_any_text_is_a_key(key: str) -> None:
    async with entered(make_hall(), key) as [(_, room)]:
        assert await present(room) == {key: ["online"]}


async def test_an_update_is_a_join_and_a_leave_in_one_diff() -> None:
    async with entered(make_hall(), "ann", "bob") as [(ann, room), (_, bobs)]:
        [before] = metas(states(ann)[0]["ann"])
        seen = len(diffs(ann))
        updated = await room.call(Hall.do, Do(verb="update", status="away"))
        await present(bobs)

        [diff] = diffs(ann)[seen:]
        [meta] = metas(diff["joins"]["ann"])
        assert meta == {
            "status": "away",
            "phx_ref": meta["phx_ref"],
            "phx_ref_prev": before["phx_ref"],
        }
        assert updated == Said(text=meta["phx_ref"])
        assert diff["leaves"] == {"ann": {"metas": [before]}}
        assert await present(bobs) == {"ann": ["away"], "bob": ["online"]}


async def test_an_update_may_be_made_from_the_meta_before_which_stays_as_it_was() -> None:
    async with entered(make_hall(), "ann") as [(ann, room)]:
        await room.call(Hall.do, Do(verb="shout"))

        assert await present(room) == {"ann": ["ONLINE"]}
        assert [meta["status"] for meta in metas(diffs(ann)[-1]["leaves"]["ann"])] == ["online"]


async def test_who_is_untracked_is_not_here_and_stays_a_member() -> None:
    async with entered(make_hall(), "ann", "bob") as [(_, anns), (_, bobs)]:
        await anns.call(Hall.do, Do(verb="untrack"))

        assert await present(bobs) == {"bob": ["online"]}
        assert await anns.call(Hall.do, Do(verb="list")) == Said(text="bob=online")


async def test_untracking_a_key_that_is_not_tracked_is_fine() -> None:
    async with entered(make_hall(), "ann") as [(ann, room)]:
        before = len(diffs(ann))

        assert await room.call(Hall.do, Do(verb="untrack", key="eve")) == Said(text="")
        assert await present(room) == {"ann": ["online"]}
        assert len(diffs(ann)) == before


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (Do(verb="track"), "this member tracks the key 'ann' already; use update"),
        (Do(verb="update", key="bob"), "this member does not track the key 'bob'; use track"),
        (Do(verb="shout", key="bob"), "this member does not track the key 'bob'; use track"),
        (Do(verb="wrong", key="x"), "the presence has metas of Online, got a Said"),
    ],
)
async def test_a_mistake_is_told_and_changes_nothing(wrong: Do, told: str) -> None:
    async with entered(make_hall(), "ann", "bob") as [(_, anns), (_, bobs)]:
        assert await anns.call(Hall.do, wrong) == Said(text=told)
        assert await present(bobs) == {"ann": ["online"], "bob": ["online"]}


async def test_another_member_s_presence_cannot_be_touched() -> None:
    async with entered(make_hall(), "ann", "ann") as [(_, phone), (_, laptop)]:
        await phone.call(Hall.do, Do(verb="untrack"))

        assert await phone.call(Hall.do, Do(verb="update", status="away")) == Said(
            text="this member does not track the key 'ann'; use track"
        )
        assert await present(laptop) == {"ann": ["online"]}


async def test_nothing_is_tracked_before_the_join_is_done() -> None:
    async with connect(make_hall()) as socket:
        _, verdict = await socket.join(HALL, Hall.join, Enter(early=True))

        assert verdict == Said(
            text="track before the join is done; do it in the channel's @after_join"
        )


async def test_a_channel_without_a_presence_has_none_to_offer() -> None:
    class Bare(Channel[None]):
        @on_join
        async def join(self, params: Open) -> None:
            assert isinstance(self, Bare)
            self.__here__()

    endpoint = Endpoint("/socket", [channel("bare")(Bare)])
    async with connect(endpoint) as socket:
        push = socket.push("bare", "phx_join", {}, join_ref="1")
        reply = await socket.replied(push, lambda: "no reply")

    assert reply.response == {"reason": "join crashed"}


# Leaving.


async def left(endpoint: Endpoint[None], how: str) -> tuple[dict[str, list[str]], list[object]]:
    """What ann sees after bob has gone in some way, and what bob was told of it."""
    async with entered(endpoint, "ann", "bob") as [(_, anns), (bob, bobs)]:
        before = len(diffs(bob))
        match how:
            case "leave":
                await bobs.leave()
            case "drop":
                bob.drop()
            case "closes":
                bob.close()
            case "shutdown":
                assert bob.carrier.connection is not None
                bob.carrier.connection.close(exits.ShutDown())
            case _:
                await bobs.send(Hall.kick, Kick(how=how))
        after = await present(anns)
        return after, [*diffs(bob)[before:]]


@pytest.mark.parametrize(
    "how", ["leave", "drop", "closes", "shutdown", "stop", "error", "close", "crash"]
)
async def test_whoever_goes_is_not_here_any_more_at_once(how: str) -> None:
    after, told = await left(make_hall(), how)

    assert after == {"ann": ["online"]}
    assert told == []


async def test_a_second_join_takes_the_presence_of_the_first_away() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann", "bob") as [(_, anns), (bob, first)]:
        second, _ = await bob.join(HALL, Hall.join, Enter(user="bobby"))

        assert await first.expect_ended() == Ended("phx_close")
        assert await present(anns) == {"ann": ["online"], "bobby": ["online"]}
        assert await present(second) == {"ann": ["online"], "bobby": ["online"]}


@pytest.mark.trio_clock
async def test_presence_leaves_before_on_leave_which_may_hang() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann") as [(_, anns)], connect(endpoint, patience=60) as bob:
        bobs, _ = await bob.join(HALL, Hall.join, Enter(user="bob", hangs=True))
        assert await present(anns) == {"ann": ["online"], "bob": ["online"]}
        bob.push(str(HALL), "phx_leave", {}, join_ref=bobs.join_ref)
        await bob.patience.settled()
        endpoint.hub.tracker.hurried()
        await bob.patience.settled()

        assert bobs.ended is None
        assert anns.presence.present is not None
        assert [*anns.presence.present] == ["ann"]


async def test_who_has_left_the_topic_comes_back_with_a_new_ref() -> None:
    async with entered(make_hall(), "ann", "bob") as [(ann, anns), (bob, bobs)]:
        await bobs.leave()
        again, _ = await bob.join(HALL, Hall.join, Enter(user="bob"))

        assert await present(again) == {"ann": ["online"], "bob": ["online"]}
        assert await present(anns) == {"ann": ["online"], "bob": ["online"]}
        refs = [
            m["phx_ref"]
            for d in diffs(ann)
            if "bob" in d["joins"]
            for m in metas(d["joins"]["bob"])
        ]
        assert len(refs) == len({*refs}) == 2


# From outside.


async def test_the_program_lists_who_is_in_a_topic() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann", "bob", "ann"):
        assert endpoint.presences(HALL, Hall.here) == {
            "ann": [Online(), Online()],
            "bob": [Online()],
        }
        assert endpoint.presences(Hall.topic_for(name="two"), Hall.here) == {}

    assert endpoint.presences(HALL, Hall.here) == {}


async def test_what_is_listed_is_a_copy() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann"):
        endpoint.presences(HALL, Hall.here)["ann"][0].status = "spoiled"

        assert endpoint.presences(HALL, Hall.here) == {"ann": [Online()]}


async def test_asking_for_another_channel_s_presence_is_a_mistake() -> None:
    class Other(Hall):
        here = Presence(Online)

    class Bare(Channel[None]):
        @on_join
        async def join(self, params: Open) -> None: ...

    endpoint = Endpoint("/socket", [Hall, channel("bare")(Bare)])

    with pytest.raises(LocalProtocolError, match="'hall:one' is a topic of Hall: ask for its"):
        endpoint.presences(HALL, Other.here)
    with pytest.raises(LocalProtocolError, match="'bare' is a topic of Bare: ask for its"):
        endpoint.presences(Bare.topic_for(), Hall.here)
    with pytest.raises(LocalProtocolError, match="no channel of /socket has the topic"):
        make_hall().presences(Bare.topic_for(), Hall.here)


# Bounds and forms.


async def test_a_member_tracks_so_many_keys_and_no_more() -> None:
    async with entered(make_hall(Limits(presences=2)), "ann") as [(_, room)]:
        await room.call(Hall.do, Do(verb="track", key="second"))

        assert await room.call(Hall.do, Do(verb="track", key="third")) == Said(
            text="this member tracks 2 keys, which is Limits.presences"
        )
        await room.call(Hall.do, Do(verb="untrack", key="second"))
        await room.call(Hall.do, Do(verb="track", key="third"))
        assert [*await present(room)] == ["ann", "third"]


async def test_a_meta_is_at_most_as_big_as_a_message() -> None:
    async with entered(make_hall(Limits(message=100)), "ann") as [(_, room)]:
        fits, too_big = (Do(verb="update", status="x" * n) for n in (87, 88))

        assert await room.call(Hall.do, too_big) == Said(
            text="a meta of 101 bytes is above Limits.message"
        )
        assert await present(room) == {"ann": ["online"]}
        await room.call(Hall.do, fits)
        assert await present(room) == {"ann": ["x" * 87]}


async def test_only_the_declared_fields_of_a_meta_go_out() -> None:
    async with entered(make_hall(), "ann") as [(ann, room)]:
        await room.call(Hall.do, Do(verb="more", key="more"))

        assert await room.call(Hall.do, Do(verb="metas", key="more")) == Said(text="more=more")
        await present(room)
        [meta] = metas(diffs(ann)[-1]["joins"]["more"])
        assert [*meta] == ["status", "phx_ref"]


async def test_members_on_each_version_of_the_wire_are_told_the_same() -> None:
    endpoint = make_hall()
    async with connect(endpoint, vsn="1.0.0") as old, entered(endpoint, "bob") as [(_, bobs)]:
        anns, _ = await old.join(HALL, Hall.join, Enter(user="ann"))

        assert await present(anns) == {"bob": ["online"], "ann": ["online"]}
        assert await present(bobs) == {"bob": ["online"], "ann": ["online"]}

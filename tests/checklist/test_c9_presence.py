"""C9: who is here."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from channelkit.testing import connect

from ..app.presences import (
    HALL,
    Do,
    Enter,
    Hall,
    Online,
    Profiles,
    Said,
    diffs,
    entered,
    make_den,
    make_hall,
    metas,
    present,
    states,
)

pytestmark = pytest.mark.anyio

ONLINE = ["online"]


async def test_c9_1_a_presence_works_as_soon_as_its_endpoint_does() -> None:
    async with entered(make_hall(), "ann") as [(_, room)]:
        assert await present(room) == {"ann": ONLINE}


async def test_c9_2_without_a_fetch_presences_are_as_they_were_tracked() -> None:
    async with entered(make_hall(), "ann") as [(ann, _)]:
        [meta] = metas(states(ann)[0]["ann"])

        assert states(ann) == [{"ann": {"metas": [{**meta}]}}]
        assert meta == {"status": "online", "phx_ref": meta["phx_ref"]}


async def test_c9_3_a_program_lists_what_was_tracked_and_clients_are_told_more() -> None:
    profiles = Profiles()
    endpoint = make_den(profiles)
    [route] = endpoint.compile().routes
    async with connect(endpoint) as ann:
        ann.push("den", "phx_join", {"user": "ann"}, join_ref="1")
        await ann.patience.at_rest()

        assert endpoint.hub.tracker.models("den") == {"ann": [Online()]}
        assert states(ann)[0]["ann"]["name"] == "Ann"
        assert route.presence is not None


async def test_c9_4_a_key_that_is_a_number_is_listed_as_text() -> None:
    endpoint = make_hall()
    async with entered(endpoint, 1) as [(_, room)]:
        assert endpoint.presences(HALL, Hall.here) == {"1": [Online()]}
        assert await present(room) == {"1": ONLINE}


async def test_c9_5_the_metas_of_a_key_come_in_order_and_none_for_an_unknown_one() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann", "ann") as [(_, _), (_, laptop)]:
        await laptop.call(Hall.do, Do(verb="update", status="second"))

        assert await laptop.call(Hall.do, Do(verb="metas")) == Said(text="ann=online,second")
        assert await laptop.call(Hall.do, Do(verb="metas", key="eve")) == Said(text="eve=")
        assert endpoint.presences(Hall.topic_for(name="elsewhere"), Hall.here) == {}


@pytest.mark.parametrize("fetches", [False, True])
async def test_c9_6_a_diff_goes_out_for_a_track_and_for_a_member_that_is_gone(
    fetches: bool,
) -> None:
    endpoint = make_den(Profiles()) if fetches else make_hall()
    topic = "den" if fetches else str(HALL)
    async with connect(endpoint) as ann, connect(endpoint) as bob:
        for socket, user in ((ann, "ann"), (bob, "bob")):
            socket.push(topic, "phx_join", {"user": user}, join_ref="1")
            await socket.patience.at_rest()
        bob.drop()
        await ann.patience.at_rest()

        told = [([*diff["joins"]], [*diff["leaves"]]) for diff in diffs(ann)]
        assert told == [(["ann"], []), (["bob"], []), ([], ["bob"])]
        assert all(("name" in diff["joins"].get("bob", {})) <= fetches for diff in diffs(ann))


async def test_c9_8_a_member_can_be_untracked() -> None:
    async with entered(make_hall(), "ann", "bob") as [(_, anns), (_, bobs)]:
        await anns.call(Hall.do, Do(verb="untrack"))

        assert await present(bobs) == {"bob": ONLINE}


async def test_c9_9_to_untrack_who_was_never_tracked_is_fine() -> None:
    async with entered(make_hall(), "ann") as [(_, room)]:
        assert await room.call(Hall.do, Do(verb="untrack", key="eve")) == Said(text="")


async def test_c9_10_an_update_is_a_leave_and_a_join_in_one_diff() -> None:
    async with entered(make_hall(), "ann") as [(ann, room)]:
        await room.call(Hall.do, Do(verb="update", status="away"))
        await present(room)

        [joined], [left] = (metas(diffs(ann)[-1][half]["ann"]) for half in ("joins", "leaves"))
        assert (joined["status"], left["status"]) == ("away", "online")
        assert joined["phx_ref_prev"] == left["phx_ref"] != joined["phx_ref"]


async def test_c9_11_an_update_of_who_was_never_tracked_is_an_error() -> None:
    async with entered(make_hall(), "ann") as [(_, room)]:
        assert await room.call(Hall.do, Do(verb="update", key="eve")) == Said(
            text="this member does not track the key 'eve'; use track"
        )


async def test_c9_14_the_list_grows_by_a_topic_keys_and_metas() -> None:
    endpoint = make_hall()
    grown = [endpoint.presences(HALL, Hall.here)]
    async with AsyncExitStack() as stack:
        for user in ("ann", "bob", "ann"):
            socket = await stack.enter_async_context(connect(endpoint))
            await socket.join(HALL, Hall.join, Enter(user=user))
            await socket.patience.at_rest()
            grown.append(endpoint.presences(HALL, Hall.here))

    assert [{key: len(held) for key, held in listed.items()} for listed in grown] == [
        {},
        {"ann": 1},
        {"ann": 1, "bob": 1},
        {"ann": 2, "bob": 1},
    ]


async def test_c9_15_the_list_shrinks_by_metas_keys_and_a_topic() -> None:
    endpoint = make_hall()
    shrunk: list[dict[str, list[Online]]] = []
    async with entered(endpoint, "ann", "ann", "bob") as [(phone, _), (laptop, _), (bob, room)]:
        for socket in (phone, laptop):
            socket.drop()
            await bob.patience.at_rest()
            shrunk.append(endpoint.presences(HALL, Hall.here))
        await room.leave()
        shrunk.append(endpoint.presences(HALL, Hall.here))

    assert shrunk == [{"ann": [Online()], "bob": [Online()]}, {"bob": [Online()]}, {}]

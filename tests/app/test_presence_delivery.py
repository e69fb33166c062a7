"""How clients are told of presences: gathered, fetched for, in order, whatever comes between."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel
import pytest

from channelkit import Endpoint, Exit, Limits, channel, on_leave
from channelkit.testing import connect

from .presences import (
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

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from channelkit.testing import ClientSocket

pytestmark = pytest.mark.anyio

ONLINE = ["online"]


# Gathering.


@asynccontextmanager
async def crowd(endpoint: Endpoint[None], size: int) -> AsyncGenerator[list[ClientSocket]]:
    """So many who join at the same time, all at rest."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(connect(endpoint)) for _ in range(size)]
        for number, socket in enumerate(sockets):
            socket.push(str(HALL), "phx_join", {"user": f"user{number}"}, join_ref="1")
        for socket in sockets:
            await socket.patience.at_rest()
        yield sockets


async def test_a_burst_of_joins_is_few_diffs_that_name_everybody_once() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann") as [(ann, room)], crowd(endpoint, 30):
        users = [f"user{number}" for number in range(30)]
        told = [key for diff in diffs(ann)[1:] for key in diff["joins"]]

        assert sorted(told) == sorted(users)
        assert len(diffs(ann)) <= 4
        assert await present(room) == {"ann": ONLINE, **dict.fromkeys(users, ONLINE)}


async def test_each_of_a_crowd_has_the_whole_list() -> None:
    async with crowd(make_hall(), 10) as sockets:
        for socket in sockets:
            [state] = states(socket)
            joined = {key for diff in diffs(socket) for key in diff["joins"]}
            assert {*state} | joined == {f"user{number}" for number in range(10)}


async def test_a_burst_of_drops_is_few_diffs() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann") as [(ann, room)], crowd(endpoint, 30) as sockets:
        before = len(diffs(ann))
        for socket in sockets:
            socket.drop()

        assert await present(room) == {"ann": ONLINE}
        assert len(diffs(ann)) - before <= 4


async def test_who_comes_and_goes_within_one_window_is_told_as_both() -> None:
    async with entered(make_hall(), "ann", "bob") as [(_, anns), (bob, bobs)]:
        before = len(diffs(bob))
        await anns.call(Hall.do, Do(verb="pass", key="fly"))

        assert await present(bobs) == {"ann": ONLINE, "bob": ONLINE}
        [diff] = diffs(bob)[before:]
        assert diff["joins"] == diff["leaves"] != {}


async def test_who_saw_it_in_a_state_before_its_leave_is_told_is_right_too() -> None:
    endpoint = make_hall(Limits(presence_window=1000.0))
    async with entered(endpoint, "ann", "bob") as [(ann, anns), (_, bobs)]:
        await bobs.send(Hall.do, Do(verb="update", key="bob", status="opens one"))
        await ann.patience.passes()
        before = len(diffs(ann))
        for room, verb in ((bobs, "track"), (anns, "state"), (bobs, "untrack")):
            await room.send(Hall.do, Do(verb=verb, key="fly"))
            await ann.patience.passes()
        assert "fly" in states(ann)[-1]
        assert len(diffs(ann)) == before

        assert [*await present(anns)] == ["ann", "bob"]
        assert [*await present(bobs)] == ["ann", "bob"]
        assert len(diffs(ann)) == before + 1


async def test_updates_within_one_window_are_all_told_and_the_last_one_stays() -> None:
    async with entered(make_hall(), "ann", "bob") as [(_, anns), (_, bobs)]:
        for number in range(10):
            await anns.send(Hall.do, Do(verb="update", status=f"{number}"))

        assert await present(bobs) == {"ann": ["9"], "bob": ONLINE}


@pytest.mark.trio_clock
async def test_the_first_change_goes_out_at_once_and_more_when_the_window_ends() -> None:
    times: list[tuple[float, list[str]]] = []
    endpoint = make_hall(Limits(presence_window=0.5))
    async with entered(endpoint, "ann", silent=True) as [(ann, room)]:
        await anyio.sleep(10)
        start = anyio.current_time()
        for key, later in {"one": 0.1, "two": 0.2, "three": 0.5, "four": 0.0}.items():
            await room.send(Hall.do, Do(verb="track", key=key))
            await anyio.sleep(later)

        async def watch() -> None:
            seen = 0
            while True:
                now, told = anyio.current_time() - start, diffs(ann)
                times.extend((now, [*diff["joins"]]) for diff in told[seen:])
                seen = len(told)
                await anyio.sleep(0.05)

        with anyio.move_on_after(1.5):
            await watch()

    assert [keys for _, keys in times] == [["one"], ["two", "three"], ["four"]]
    assert times[2][0] == pytest.approx(1.0, abs=0.06)


async def test_very_many_changes_do_not_wait_for_the_window_s_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("channelkit.runtime.courier.MOST", 3)
    endpoint = make_hall(Limits(presence_window=1000.0))
    async with entered(endpoint, "ann", silent=True) as [(ann, room)]:
        for number in range(9):
            await room.call(Hall.do, Do(verb="track", key=f"{number}"))
            for _ in range(20):
                await anyio.lowlevel.checkpoint()

        assert [[*diff["joins"]] for diff in diffs(ann)][:3] == [
            ["0"],
            ["1", "2", "3"],
            ["4", "5", "6"],
        ]


async def test_nobody_is_told_where_nobody_is_left() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann") as [(ann, room)]:
        await room.leave()
        await ann.patience.at_rest()

        assert endpoint.hub.tracker.hurried()
        assert endpoint.presences(HALL, Hall.here) == {}
        assert len(diffs(ann)) == 1

        again, _ = await ann.join(HALL, Hall.join, Enter(user="ann"))
        assert await present(again) == {"ann": ONLINE}


async def test_a_client_that_does_not_read_holds_up_its_own_state_alone() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann", "bob") as [(ann, anns), (bob, bobs)]:
        await bobs.send(Hall.do, Do(verb="state"))
        await bobs.send(Hall.do, Do(verb="update", key="bob", status="behind it"))
        bob.carrier.block()  # before the server has handled either
        await anns.call(Hall.do, Do(verb="update", status="away"))
        endpoint.hub.tracker.hurried()
        await ann.patience.settled()
        assert len(diffs(ann)) == 3
        bob.carrier.unblock()

        assert await present(anns) == {"ann": ["away"], "bob": ["behind it"]}
        assert await present(bobs) == {"ann": ["away"], "bob": ["behind it"]}
        assert len(states(bob)) == 2


async def test_nothing_is_told_to_who_has_ended_or_of_them() -> None:
    members: list[Hall] = []

    @channel("hall:{name}")
    class Kept(Hall):
        @on_leave
        async def left(self, reason: Exit) -> None:
            members.append(self)

    endpoint = Endpoint("/socket", [Kept])
    async with connect(endpoint) as ann, connect(endpoint) as bob:
        anns, _ = await ann.join(HALL, Kept.join, Enter(user="ann"))
        bobs, _ = await bob.join(HALL, Kept.join, Enter(user="bob"))
        await bobs.leave()
        await members[0].here.push_state()
        members[0].here.track("ghost", Online())

        assert await anns.presences(Kept.here) == {"ann": [Online()]}
        assert len(states(bob)) == 1
        assert members[0].here.metas("ann") == [Online()]


async def test_a_mistake_of_ours_is_logged_and_the_next_change_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann") as [(ann, room)]:
        with monkeypatch.context() as broken:
            broken.setattr(endpoint.hub.pubsub, "publish", None)
            await room.call(Hall.do, Do(verb="update", status="lost"))
            await ann.patience.at_rest()
        await room.call(Hall.do, Do(verb="update", status="told"))

        await ann.patience.at_rest()
        assert [[*diff["joins"]] for diff in diffs(ann)] == [["ann"], ["ann"]]

    assert any("presence crashed topic=hall:one" in r.getMessage() for r in caplog.records)


async def test_other_pushes_of_a_channel_with_a_presence_are_heard_as_ever() -> None:
    endpoint = make_hall()
    async with entered(endpoint, "ann") as [(_, room)]:
        await endpoint.broadcast(HALL, Said(text="hi"))

        assert await room.expect(Said) == Said(text="hi")


# Fetching.


@asynccontextmanager
async def lair(
    endpoint: Endpoint[None], *users: str, silent: bool = False
) -> AsyncGenerator[list[ClientSocket]]:
    """Clients who have joined the den, at rest if nothing holds them."""
    async with AsyncExitStack() as stack:
        sockets: list[ClientSocket] = []
        for user in users:
            socket = await stack.enter_async_context(connect(endpoint))
            sockets.append(socket)
            socket.push("den", "phx_join", {"user": user, "silent": silent}, join_ref="1")
            await socket.patience.at_rest()
        yield sockets


async def test_a_fetch_adds_to_each_key_and_keeps_its_metas() -> None:
    async with lair(make_den(Profiles()), "ann") as [ann]:
        [state], [diff] = states(ann), diffs(ann)

        assert {key: [*held] for key, held in state.items()} == {"ann": ["name", "metas"]}
        assert state["ann"]["name"] == "Ann"
        assert state == diff["joins"]


async def test_a_fetch_is_asked_once_for_a_group() -> None:
    profiles = Profiles()
    async with lair(make_den(profiles), "ann", "bob") as [_, bob]:
        assert {"ann": ONLINE, "bob": ONLINE} in profiles.asked
        del profiles.asked[:]
        bob.push("den", "do", {"verb": "update", "status": "away"}, join_ref="1")
        await bob.patience.at_rest()

        assert profiles.asked == [{"bob": ["away"]}, {"bob": ["online"]}]


async def test_a_key_that_the_fetch_does_not_know_goes_out_with_its_metas() -> None:
    async with lair(make_den(Profiles(knows_nobody=True)), "ann") as [ann]:
        assert [*states(ann)[0]["ann"]] == ["metas"]


async def test_a_fetch_that_raises_is_logged_and_presences_go_out_without_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with lair(make_den(Profiles(raises=True)), "ann", "bob") as [ann, _]:
        assert [*states(ann)[0]["ann"]] == ["metas"]
        assert [[*diff["joins"]] for diff in diffs(ann)] == [["ann"], ["bob"]]

    lines = {record.getMessage().partition(" error=")[0] for record in caplog.records}
    assert "fetch crashed topic=den" in lines


@pytest.mark.trio_clock
async def test_a_fetch_that_hangs_is_cut_off_and_presences_go_out_without_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    profiles = Profiles(gates=[anyio.Event() for _ in range(9)])
    start = anyio.current_time()
    async with lair(make_den(profiles, Limits(presence_fetch=2.0)), "ann") as [ann]:
        await anyio.sleep(2.5)

        assert [*states(ann)[0]["ann"]] == ["metas"]
        assert [[*diff["joins"]] for diff in diffs(ann)] == [["ann"]]
        assert anyio.current_time() - start >= 2.0

    assert "fetch timed out topic=den" in [record.getMessage() for record in caplog.records]


async def test_diffs_stay_in_order_while_a_fetch_is_slow() -> None:
    profiles = Profiles()
    endpoint = make_den(profiles)
    async with lair(endpoint, "ann", "bob") as [ann, bob]:
        before = len(diffs(ann))
        gate = anyio.Event()
        profiles.gates.append(gate)
        for status in ("one", "two", "three"):
            bob.push("den", "do", {"verb": "update", "status": status}, join_ref="1")
            await bob.patience.passes()
            endpoint.hub.tracker.hurried()
        assert len(diffs(ann)) == before
        gate.set()
        await ann.patience.at_rest()

        told = [
            meta["status"]
            for diff in diffs(ann)[before:]
            for held in diff["joins"].values()
            for meta in metas(held)
        ]
        assert told == ["one", "two", "three"]


async def test_a_state_that_was_fetched_slowly_holds_what_was_told_meanwhile() -> None:
    profiles = Profiles()
    endpoint = make_den(profiles)
    async with lair(endpoint, "ann") as [ann], connect(endpoint) as eve:
        gate = anyio.Event()
        profiles.gates.append(gate)
        eve.push("den", "phx_join", {"user": "eve", "silent": True}, join_ref="1")
        await eve.patience.passes()
        ann.push("den", "do", {"verb": "update", "status": "away"}, join_ref="1")
        await ann.patience.passes()
        endpoint.hub.tracker.hurried()
        await ann.patience.passes()
        assert states(eve) == []
        assert len(diffs(eve)) == 1
        gate.set()
        await eve.patience.at_rest()

        [state] = states(eve)
        assert [meta["status"] for meta in metas(state["ann"])] == ["away"]
        assert state["ann"]["name"] == "Ann"
        assert endpoint.hub.tracker.hurried()


async def test_a_member_that_goes_while_its_state_is_fetched_is_pushed_nothing() -> None:
    profiles = Profiles()
    endpoint = make_den(profiles)
    async with lair(endpoint, "ann") as [ann], connect(endpoint) as eve:
        profiles.gates.append(anyio.Event())
        eve.push("den", "phx_join", {"user": "eve", "silent": True}, join_ref="1")
        await eve.patience.passes()
        eve.drop()
        await ann.patience.at_rest()

        assert states(eve) == []
        assert len(states(ann)) == 1


async def test_the_last_one_to_go_takes_a_fetch_with_it() -> None:
    profiles = Profiles()
    endpoint = make_den(profiles)
    async with lair(endpoint, "ann") as [ann]:
        profiles.gates.append(anyio.Event())
        ann.push("den", "do", {"verb": "update", "status": "away"}, join_ref="1")
        await ann.patience.passes()
        ann.drop()
        await ann.patience.passes()

        assert endpoint.hub.tracker.hurried()

"""What waits for the program: on no network, on all loops."""

from __future__ import annotations

import anyio
import pytest

from channelkit.client.changes import KEPT, Watched
from channelkit.client.inbox import Inbox
from channelkit.errors import Overrun, RoomClosed

pytestmark = pytest.mark.anyio


async def test_items_are_read_in_order_and_a_reader_waits() -> None:
    inbox, read = Inbox[int](9), list[int]()

    async def consume() -> None:
        read.append(await anext(inbox))
        read.append(await anext(inbox))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(consume)
        await anyio.wait_all_tasks_blocked()
        inbox.put(1)
        inbox.put(2)

    assert read == [1, 2]


async def test_what_was_taken_is_read_before_the_gap_is_told() -> None:
    inbox = Inbox[int](2)
    for number in range(5):
        inbox.put(number)

    assert [await anext(inbox), await anext(inbox)] == [0, 1]
    inbox.put(5)  # the reader does not know of the gap yet
    with pytest.raises(Overrun) as gap:
        await anext(inbox)
    assert gap.value.missed == 4
    inbox.put(6)
    assert await anext(inbox) == 6


async def test_an_end_comes_behind_what_is_there_and_nothing_behind_it() -> None:
    inbox = Inbox[int](2)
    inbox.put(1)
    inbox.end(RoomClosed("closed"))
    inbox.end()
    inbox.put(2)

    assert await anext(inbox) == 1
    for _ in range(2):
        with pytest.raises(RoomClosed):
            await anext(inbox)


async def test_a_dropped_inbox_is_empty() -> None:
    inbox = Inbox[int](1)
    inbox.put(1)
    inbox.put(2)
    inbox.drop()

    with pytest.raises(StopAsyncIteration):
        await anext(inbox)


async def test_a_cancelled_reader_takes_nothing() -> None:
    inbox = Inbox[int](2)
    inbox.put(1)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await anext(inbox)

    assert await anext(inbox) == 1


async def test_changes_are_followed_from_then_on_to_the_last() -> None:
    watched = Watched[str]()
    watched.tell("before", last=False)
    changes = watched.changes()
    watched.tell("one", last=False)
    watched.tell("two", last=True)

    assert [change async for change in changes] == ["one", "two"]
    assert [change async for change in watched.changes()] == []
    assert watched.last == "two"


async def test_a_follower_that_is_behind_misses_the_oldest() -> None:
    watched = Watched[int]()
    changes = watched.changes()
    for number in range(KEPT + 5):
        watched.tell(number, last=number == KEPT + 4)

    assert [change async for change in changes] == list(range(5, KEPT + 5))


async def test_a_follower_that_is_gone_is_forgotten() -> None:
    watched = Watched[int]()
    watched.changes()

    watched.tell(1, last=False)

    assert len(watched._followers) == 0  # pyright: ignore[reportPrivateUsage]

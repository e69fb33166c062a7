"""A crew: the block waits for its tasks, and what one of them raises ends it and comes out."""

from __future__ import annotations

import anyio
import anyio.lowlevel
import pytest

from channelkit.runtime.bell import current_loop

pytestmark = pytest.mark.anyio


async def test_the_block_ends_when_its_tasks_have() -> None:
    done: list[int] = []
    gate = anyio.Event()

    async def wait(number: int) -> None:
        await gate.wait()
        done.append(number)

    async def begin() -> None:
        crew.start_soon(lambda: wait(3))  # a task may start others

    async with current_loop().crew(lambda: None) as crew:
        crew.start_soon(lambda: wait(1))
        crew.start_soon(lambda: wait(2))
        crew.start_soon(begin)
        await anyio.lowlevel.checkpoint()
        gate.set()

    assert sorted(done) == [1, 2, 3]


async def test_a_block_without_tasks_ends_at_once() -> None:
    async with current_loop().crew(lambda: None):
        pass


async def test_what_a_task_raises_asks_for_the_end_and_comes_out_of_the_block() -> None:
    over = current_loop().bell()
    gate, finished = anyio.Event(), False

    async def other() -> None:
        nonlocal finished
        with anyio.CancelScope(shield=True):  # as everything that runs in a crew: it ends itself
            await gate.wait()
        finished = True

    async def broken() -> None:
        gate.set()
        raise RuntimeError("our own mistake")

    mistake = pytest.RaisesExc(RuntimeError, match="our own mistake")
    with pytest.RaisesGroup(mistake, allow_unwrapped=True):  # trio's are in a group
        async with current_loop().crew(over.ring) as crew:
            crew.start_soon(other)
            crew.start_soon(broken)
            await over.wait()

    assert finished


async def test_a_cancelled_block_still_waits_for_its_tasks() -> None:
    gate, done = anyio.Event(), False

    async def slow() -> None:
        nonlocal done
        with anyio.CancelScope(shield=True):
            await gate.wait()
        done = True

    async def cancel() -> None:
        scope.cancel()
        await anyio.wait_all_tasks_blocked()
        gate.set()

    async with anyio.create_task_group() as others:
        with anyio.CancelScope() as scope:
            async with current_loop().crew(lambda: None) as crew:
                crew.start_soon(slow)
                await anyio.lowlevel.checkpoint()
                others.start_soon(cancel)
                await anyio.sleep_forever()

    assert done

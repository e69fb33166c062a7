"""What every link promises, on each event loop."""

from __future__ import annotations

import asyncio
import importlib
import socket
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, cast

import anyio
import anyio.lowlevel
import pytest

from channelkit import Limits
from channelkit.transports import asyncio_link
from channelkit.transports.link import READ_SIZE, TURN, hang_up

from .app import read_meanwhile

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from channelkit.transports.link import Link

pytestmark = pytest.mark.anyio

LIMITS = Limits(high_water=10_000)
MUCH = b"x" * 10_000_000


class Listener:
    """A receiver that writes everything down."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.bytes = bytearray()
        self.happened = anyio.Event()

    def data(self, data: bytes) -> None:
        self.bytes += data
        self._tell("data")

    def eof(self) -> None:
        self._tell("eof")

    def lost(self) -> None:
        self._tell("lost")

    def writing_paused(self) -> None:
        self._tell("paused")

    def writing_resumed(self) -> None:
        self._tell("resumed")

    def _tell(self, what: str) -> None:
        self.told.append(what)
        self.happened.set()
        self.happened = anyio.Event()

    async def until(self, what: str) -> None:
        while what not in self.told:
            await self.happened.wait()


@asynccontextmanager
async def linked(limits: Limits = LIMITS) -> AsyncGenerator[tuple[Link, socket.socket]]:
    """A link, and the socket at its other end."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    async with anyio.create_task_group() as tasks:
        try:
            asyncio.get_running_loop()
            link: Link = await asyncio_link.open_link(ours, None, limits, None, tasks)
        except RuntimeError:
            links = importlib.import_module("channelkit.transports.trio_link")
            link = cast("Link", await links.open_link(ours, None, limits, None, tasks))
        try:
            with theirs:
                yield link, theirs
        finally:
            link.abort()
            await read_meanwhile()
            tasks.cancel_scope.cancel()


@asynccontextmanager
async def attended(link: Link) -> AsyncGenerator[None]:
    """Its owner waits on it, as a connection does."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_attend, link)
        yield
        tasks.cancel_scope.cancel()


async def _attend(link: Link) -> None:
    while True:
        await link.wait()


def on_asyncio() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def read_all(theirs: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        await anyio.wait_readable(theirs)
        data += theirs.recv(1 << 20)
    return bytes(data)


async def test_who_asks_gets_bytes_until_the_end() -> None:
    async with linked() as (link, theirs):
        theirs.send(b"hello")

        assert await link.receive() == b"hello"

        theirs.close()

        assert await link.receive() == b""
        assert await link.receive() == b""


async def test_what_nobody_asks_for_is_read_ahead_only_so_far() -> None:
    async with linked() as (link, theirs):
        sent = 0
        for _ in range(100):
            await read_meanwhile()
            try:
                sent += theirs.send(MUCH)
            except BlockingIOError:
                break
        await read_meanwhile()
        got = 0
        while got < sent:
            data = await link.receive()
            got += len(data)
            assert len(data) <= 5 * READ_SIZE


async def test_a_receiver_is_told_what_was_read_before_it_came() -> None:
    listener = Listener()
    async with linked() as (link, theirs):
        theirs.send(b"early")
        await read_meanwhile()
        link.attach(listener)
        async with attended(link):
            theirs.send(b" and late")
            while bytes(listener.bytes) != b"early and late":
                await listener.happened.wait()


async def test_a_receiver_is_told_of_an_end_that_was_before_it_came() -> None:
    listener = Listener()
    async with linked() as (link, theirs):
        theirs.shutdown(socket.SHUT_WR)
        assert await link.receive() == b""
        link.attach(listener)

        assert listener.told == ["eof"]


async def test_a_receiver_is_told_of_a_loss_that_was_before_it_came() -> None:
    listener = Listener()
    async with linked() as (link, _):
        link.abort()
        await read_meanwhile()
        link.attach(listener)

        assert link.closed
        assert listener.told == ["lost"]


async def test_a_receiver_is_told_of_a_pause_that_was_before_it_came() -> None:
    listener = Listener()
    async with linked() as (link, theirs):
        link.write(MUCH)
        await read_meanwhile()
        link.attach(listener)
        assert listener.told == ["paused"]
        assert link.buffered() > 10_000

        async with attended(link):
            assert await read_all(theirs, len(MUCH)) == MUCH
            await listener.until("resumed")


async def test_who_writes_much_may_wait_until_it_is_written() -> None:
    async with linked() as (link, theirs):
        link.write(MUCH)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read_all, theirs, len(MUCH))
            await link.drain()

            assert link.buffered() <= 10_000


async def test_who_waits_for_writing_does_not_wait_for_a_lost_peer() -> None:
    async with linked() as (link, _):
        link.write(MUCH)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(link.drain)
            await anyio.wait_all_tasks_blocked()
            link.abort()


async def test_what_is_written_arrives_in_order() -> None:
    async with linked() as (link, theirs):
        for n in range(300):
            link.write(b"%5d" % n * 1000)
        expected = b"".join(b"%5d" % n * 1000 for n in range(300))

        assert await read_all(theirs, len(expected)) == expected


async def test_nothing_is_told_while_reading_is_paused() -> None:
    listener = Listener()
    async with linked() as (link, theirs):
        link.attach(listener)
        async with attended(link):
            link.pause_reading()
            link.pause_reading()
            theirs.send(b"hello")
            await anyio.wait_all_tasks_blocked()
            assert listener.told == []

            link.resume_reading()
            link.resume_reading()
            await listener.until("data")


class Passing(Listener):
    """Counts the most that it was told before the loop had a pass for others."""

    def __init__(self) -> None:
        super().__init__()
        self.most = self.now = 0

    def data(self, data: bytes) -> None:
        super().data(data)
        self.now += len(data)
        self.most = max(self.most, self.now)


@pytest.mark.parametrize("early", [True, False], ids=["before it came", "afterwards"])
async def test_a_peer_that_sends_much_takes_turns_with_the_others(*, early: bool) -> None:
    listener = Passing()
    turn = TURN if on_asyncio() else READ_SIZE
    sent = bytes(range(256)) * 600
    async with linked() as (link, theirs), anyio.create_task_group() as tasks:

        async def others() -> None:
            while True:
                await anyio.lowlevel.checkpoint()
                listener.now = 0

        tasks.start_soon(others)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        assert theirs.send(sent) > READ_SIZE
        theirs.shutdown(socket.SHUT_WR)
        if early:
            await read_meanwhile()
        link.attach(listener)
        async with attended(link):
            await listener.until("eof")
        tasks.cancel_scope.cancel()

    assert sent.startswith(listener.bytes)
    assert len(listener.bytes) > READ_SIZE
    assert listener.most <= 2 * turn  # a pass of ours may see the end of one and the next


async def test_who_pauses_in_the_middle_is_told_the_rest_afterwards() -> None:
    class Pausing(Listener):
        paused = False

        def data(self, data: bytes) -> None:
            assert not self.paused
            self.paused = True
            super().data(data)
            link.pause_reading()

    listener = Pausing()
    sent = bytes(range(256)) * 600
    async with linked() as (link, theirs):
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        size = theirs.send(sent)
        theirs.shutdown(socket.SHUT_WR)
        link.attach(listener)
        async with attended(link):
            while "eof" not in listener.told:
                await read_meanwhile()
                if listener.paused:
                    listener.paused = False
                    link.resume_reading()

    assert listener.bytes == sent[:size]
    assert len(listener.told) > size // READ_SIZE


async def test_what_waits_for_its_turn_is_dropped_with_the_link() -> None:
    listener = Listener()
    async with linked() as (link, theirs):
        link.attach(listener)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        async with attended(link):
            theirs.send(bytes(4 * READ_SIZE))
            await listener.until("data")
            link.close()
            told = len(listener.bytes)
            await anyio.wait_all_tasks_blocked()

    assert len(listener.bytes) == told


async def test_the_end_is_told_and_our_half_stays_open() -> None:
    listener = Listener()
    async with linked() as (link, theirs):
        link.attach(listener)
        async with attended(link):
            theirs.shutdown(socket.SHUT_WR)
            await listener.until("eof")
            link.pause_reading()
            link.resume_reading()

            link.write(b"bye")

            assert await read_all(theirs, 3) == b"bye"


async def test_an_end_does_not_wake_who_waits_for_a_ring() -> None:
    listener = Listener()
    async with linked() as (link, theirs), anyio.create_task_group() as tasks:
        link.attach(listener)
        tasks.start_soon(link.wait)
        await anyio.wait_all_tasks_blocked()
        theirs.shutdown(socket.SHUT_WR)
        await listener.until("eof")
        await anyio.wait_all_tasks_blocked()

        assert link.waiting
        tasks.cancel_scope.cancel()


class Mistaken(Listener):
    """A receiver that breaks its promise."""

    def writing_resumed(self) -> None:
        raise RuntimeError("our own")


@pytest.mark.parametrize("anyio_backend", ["trio"], indirect=True)
async def test_a_mistake_in_a_receiver_costs_one_link(caplog: pytest.LogCaptureFixture) -> None:
    mistaken = Mistaken()
    async with linked() as (link, theirs):
        link.attach(mistaken)
        async with attended(link):
            link.write(MUCH)
            theirs.setblocking(False)
            while not link.closed:
                await anyio.lowlevel.checkpoint()
                with suppress(BlockingIOError):
                    theirs.recv(1 << 20)

    assert mistaken.told == ["paused", "lost"]
    (record,) = caplog.records
    assert record.getMessage().startswith("transport crashed peer=unix")


async def test_a_peer_that_is_gone_is_noticed_by_writing_though_reading_is_paused() -> None:
    listener = Listener()
    async with linked() as (link, theirs):
        link.attach(listener)
        link.pause_reading()
        async with attended(link):
            await anyio.wait_all_tasks_blocked()
            theirs.close()
            while "lost" not in listener.told and "eof" not in listener.told:
                link.write(b"hello")
                await anyio.lowlevel.checkpoint()


async def test_a_peer_that_is_gone_in_the_middle_of_much_is_lost() -> None:
    listener = Listener()
    async with linked() as (link, theirs):
        link.attach(listener)
        async with attended(link):
            link.write(MUCH)
            await read_meanwhile()
            theirs.close()
            await listener.until("lost")

    assert link.closed
    assert link.buffered() == 0
    link.write(b"nobody")
    link.close()
    link.abort()


async def test_closing_writes_what_is_left_and_waits_for_the_peer() -> None:
    async with linked() as (link, theirs):
        link.write(MUCH)
        link.close()
        link.write(b"too late")
        link.close()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(hang_up, link, 5)
            assert await read_all(theirs, len(MUCH)) == MUCH
            theirs.send(b"ignored")
            await anyio.wait_readable(theirs)
            assert theirs.recv(1) == b""
            assert not link.closed
            theirs.close()
    assert link.closed


async def test_closing_after_the_peer_ends_at_once() -> None:
    listener = Listener()
    async with linked() as (link, theirs):
        link.attach(listener)
        async with attended(link):
            theirs.shutdown(socket.SHUT_WR)
            await listener.until("eof")
        link.write(MUCH)
        link.close()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(hang_up, link, 5)
            assert await read_all(theirs, len(MUCH)) == MUCH
    assert link.closed


async def test_hanging_up_does_not_wait_for_ever() -> None:
    async with linked() as (link, _):
        await hang_up(link, 0.01)
        await read_meanwhile()

        assert link.closed


async def test_hanging_up_is_not_cut_short_by_cancellation() -> None:
    async with linked() as (link, theirs):
        with anyio.CancelScope() as scope:
            scope.cancel()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_shielded_end, theirs)
                await hang_up(link, 5)
        await read_meanwhile()

        assert link.closed


async def _shielded_end(theirs: socket.socket) -> None:
    with anyio.CancelScope(shield=True):
        await anyio.wait_readable(theirs)
        assert theirs.recv(1) == b""
        theirs.close()


async def test_a_ring_ends_the_wait_and_one_that_nobody_hears_is_lost() -> None:
    async with linked() as (link, _):
        link.ring()
        assert not link.waiting
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(link.wait)
            await anyio.wait_all_tasks_blocked()
            assert link.waiting
            link.ring()
        assert not link.waiting

"""How a server ends: drained, cancelled, told by a signal, told twice."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import anyio
import pytest

from channelkit import HttpRequest, HttpResponse, Limits, Server
from channelkit.exits import Drained, ShutDown

from .app import Journal, make_endpoint, serving
from .client import Closed, Peer, close, head, push, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anyio.abc import TaskStatus

    from channelkit.server import LoopName
    from channelkit.transports.listener import Address, Listening

pytestmark = pytest.mark.anyio

RESTART = Closed(1012, "shutting down")
HEALTH = head("GET /healthz HTTP/1.1", "Host: a")


async def serve(server: Server, *, task_status: TaskStatus[tuple[Address, ...]]) -> None:
    await server.serve(task_status=task_status)


async def test_a_drain_closes_every_socket_and_returns() -> None:
    journal = Journal()
    server = Server(make_endpoint(journal), port=0)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(serve, server)
        async with await Peer.connect(address) as ann, await Peer.connect(address) as bob:
            for peer in (ann, bob):
                await peer.open()
                await peer.join()

            server.drain()

            assert [await ann.closed(), await bob.closed()] == [RESTART, RESTART]
    assert journal.exits == [Drained(), Drained()]


async def test_a_drain_lets_farewells_finish() -> None:
    journal = Journal(slow_farewell=True)
    server = Server(make_endpoint(journal), port=0)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(serve, server)
        async with await Peer.connect(address) as peer:
            await peer.open()
            await peer.join()
            server.drain()
            await anyio.wait_all_tasks_blocked()

            assert journal.exits == []

            journal.gate.set()

            assert await peer.closed() == RESTART
            assert await journal.exit() == Drained()


async def test_a_drain_does_not_wait_for_ever_for_farewells() -> None:
    journal = Journal(slow_farewell=True)
    server = Server(make_endpoint(journal, Limits(leave=0.1, closing=0.1)), port=0)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(serve, server)
        async with await Peer.connect(address) as peer:
            await peer.open()
            await peer.join()
            server.drain()

            assert await peer.closed() == RESTART
    assert journal.exits == []


async def test_a_drain_cuts_off_what_does_not_end_in_its_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    journal = Journal(slow_farewell=True)
    endpoint = make_endpoint(journal, Limits(leave=0.2))
    server = Server(endpoint, port=0, drain_timeout=0.05)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(serve, server)
        async with await Peer.connect(address) as peer:
            await peer.open()
            await peer.join()
            server.drain()

            assert await peer.closed() == RESTART
    assert "drain timed out seconds=0.05 sockets=1" in caplog.messages


async def test_a_drain_goes_in_batches() -> None:
    server = Server(make_endpoint(Journal()), port=0, drain_batch=2, drain_interval=0.01)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(serve, server)
        peers = [await Peer.connect(address) for _ in range(5)]
        for peer in peers:
            await peer.open()

        server.drain()

        assert [await peer.closed() for peer in peers] == [RESTART] * 5
        for peer in peers:
            await peer.stream.aclose()


async def test_nobody_comes_in_while_draining_and_health_says_so() -> None:
    journal = Journal(slow_farewell=True)
    server = Server(make_endpoint(journal), port=0)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(serve, server)
        async with (
            await Peer.connect(address) as member,
            await Peer.connect(address) as watcher,
            await Peer.connect(address) as late,
        ):
            await member.open()
            await member.join()
            assert (await watcher.ask(HEALTH)).status == 200
            assert (await late.ask(HEALTH)).status == 200
            server.drain()
            await anyio.wait_all_tasks_blocked()

            response = await watcher.ask(HEALTH)
            assert (response.status, response.body) == (503, b"draining\n")
            assert response.headers["connection"] == "close"
            response = await late.ask(upgrade())
            assert (response.status, response.body) == (503, b"shutting down\n")
            with pytest.raises(OSError):  # noqa: PT011  (which one is the system's to choose)
                await Peer.connect(address)

            journal.gate.set()
            assert await member.closed() == RESTART


async def test_a_request_that_is_being_answered_is_answered() -> None:
    journal = Journal()

    async def slow(request: HttpRequest) -> HttpResponse:
        await journal.gate.wait()
        return HttpResponse.text("done")

    server = Server(make_endpoint(journal), http={"/": slow}, port=0)
    async with anyio.create_task_group() as tasks:
        (address,) = await tasks.start(serve, server)
        async with await Peer.connect(address) as peer:
            await peer.send(head("GET / HTTP/1.1", "Host: a"))
            await anyio.wait_all_tasks_blocked()
            server.drain()
            await anyio.wait_all_tasks_blocked()
            journal.gate.set()

            response = await peer.response()
            assert (response.body, response.headers["connection"]) == (b"done", "close")


async def test_cancelling_a_server_says_goodbye_too() -> None:
    async with anyio.create_task_group() as tasks:
        journal = Journal()
        server = Server(make_endpoint(journal), port=0)
        (address,) = await tasks.start(serve, server)
        async with await Peer.connect(address) as peer:
            await peer.open()
            await peer.join()
            tasks.cancel_scope.cancel()
            with anyio.CancelScope(shield=True):
                assert await peer.closed() == RESTART
                assert await journal.exit() == ShutDown()


async def test_a_peer_that_does_not_answer_the_close_does_not_hold_the_drain_up() -> None:
    async with serving(Limits(closing=0.05)) as served, await served.member() as peer:
        served.server.drain()

        assert await peer.closed() == RESTART


async def test_a_handler_may_close_the_socket_after_its_reply() -> None:
    async with serving() as served, await served.member() as peer:
        await peer.send(push("close"))

        assert (await peer.message())[1] == "2"
        assert await peer.closed() == Closed(4001, "enough")


async def test_a_server_may_serve_again() -> None:
    server = Server(make_endpoint(Journal()), port=0)
    for _ in range(2):
        async with anyio.create_task_group() as tasks:
            (address,) = await tasks.start(serve, server)
            async with await Peer.connect(address) as peer:
                await peer.open()
                await peer.send(close(1000))
                assert await peer.closed() == Closed(1000)
            server.drain()


def test_draining_a_server_that_does_not_run_is_nothing() -> None:
    Server(make_endpoint(Journal())).drain()


@pytest.mark.parametrize("loop", ["auto", "asyncio", "uvloop", "trio"])
def test_run_returns_when_a_signal_has_drained_it_and_leaves_no_handlers(loop: LoopName) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    seen: list[str] = []

    def ready(listening: Sequence[Listening]) -> None:
        seen.extend(str(one.address) for one in listening)
        signal.raise_signal(signal.SIGTERM)

    Server(make_endpoint(Journal()), port=0).run(loop, ready=ready)

    assert seen[0].startswith("http://127.0.0.1:")
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


@pytest.mark.parametrize(("chosen", "serving"), [(700, 10_000), (2_000, 10_000), (1_234, 1_234)])
def test_run_looks_for_garbage_less_often_unless_the_program_has_chosen(
    chosen: int, serving: int
) -> None:
    before, seen = gc.get_threshold(), list[int]()

    def ready(_: Sequence[Listening]) -> None:
        seen.extend((gc.get_threshold()[0], gc.get_freeze_count()))
        signal.raise_signal(signal.SIGTERM)

    gc.set_threshold(chosen, *before[1:])
    try:
        Server(make_endpoint(Journal()), port=0).run("asyncio", ready=ready)
        after = gc.get_threshold()[0], gc.get_freeze_count()
    finally:
        gc.set_threshold(*before)

    threshold, frozen = seen
    assert threshold == serving
    assert frozen > 1_000
    assert after == (chosen, 0)


PROGRAM = """
import sys
import anyio
from channelkit import Channel, Endpoint, Limits, Open, Server, channel, on_join, on_leave, Exit

@channel("room:{name}")
class Room(Channel[None]):
    name: str
    @on_join
    async def join(self, params: Open) -> None:
        pass
    @on_leave
    async def left(self, reason: Exit) -> None:
        print("leaving", flush=True)
        await anyio.sleep(float(sys.argv[2]))
        print("left", type(reason).__name__, flush=True)

def ready(listening):
    print(listening[0].address.port, flush=True)

endpoint = Endpoint("/socket", [Room], limits=Limits(leave=100, closing=0.1))
Server(endpoint, port=0, drain_timeout=100).run(sys.argv[1], ready=ready)
print("done", flush=True)
"""


@pytest.fixture
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A server in a process of its own, on the loop and with the farewell that the test names."""
    loop, seconds = request.param
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    arguments = [sys.executable, str(path), loop, str(seconds)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


def line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "sign"),
    [
        (("auto", 0.1), signal.SIGTERM),
        (("asyncio", 0.1), signal.SIGINT),
        (("uvloop", 0.1), signal.SIGINT),
        (("trio", 0.1), signal.SIGTERM),
        (("trio", 0.1), signal.SIGINT),
    ],
    indirect=["program"],
)
def test_a_signal_drains_and_the_program_goes_on_behind_it(
    program: subprocess.Popen[str], sign: signal.Signals
) -> None:
    anyio.run(partial(_join, int(line(program))))

    program.send_signal(sign)

    assert [line(program) for _ in range(3)] == ["leaving", "left Drained", "done"]
    assert program.wait() == 0


@pytest.mark.slow
@pytest.mark.parametrize("program", [("asyncio", 60), ("uvloop", 60), ("trio", 60)], indirect=True)
def test_a_second_signal_ends_the_process_at_once(program: subprocess.Popen[str]) -> None:
    anyio.run(partial(_join, int(line(program))))
    program.send_signal(signal.SIGTERM)
    assert line(program) == "leaving"

    program.send_signal(signal.SIGTERM)

    assert program.wait() == -signal.SIGTERM


async def _join(port: int) -> None:
    """Join, and stay."""
    stream = await anyio.connect_tcp("127.0.0.1", port)
    peer = Peer(stream)
    await peer.open()
    await peer.join()
    _KEPT.append(stream.extra(anyio.abc.SocketAttribute.raw_socket).dup())
    await stream.aclose()


_KEPT: list[object] = []
"""Sockets that stay open until the tests are over."""

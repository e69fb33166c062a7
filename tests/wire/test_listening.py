"""Where a server listens, and how fast it takes connections."""

from __future__ import annotations

import errno
import os
import socket
import stat
from functools import partial
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel
import pytest

from channelkit import HttpRequest, HttpResponse, Limits, Server, static
from channelkit.runtime.hub import Hub
from channelkit.transports.listener import Address, Listening, accept_from, listen, listen_unix
from channelkit.transports.pace import Pace
from channelkit.transports.sweeper import period, sweep

from .app import Journal, make_endpoint, serving
from .client import Closed, Peer, close, head

if TYPE_CHECKING:
    from pathlib import Path

GET = head("GET /healthz HTTP/1.1", "Host: a")


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


@pytest.mark.anyio
async def test_an_ipv4_address_is_reported_with_its_port() -> None:
    async with serving() as served:
        assert served.address.host == "127.0.0.1"
        assert str(served.address) == f"http://127.0.0.1:{served.address.port}"


@needs_ipv6
@pytest.mark.anyio
async def test_an_ipv6_address_is_listened_on() -> None:
    async with serving(host="::1") as served, await served.member() as peer:
        assert str(served.address) == f"http://[::1]:{served.address.port}"
        (connection,) = served.endpoint.hub.connections
        assert connection.peer.startswith("[::1]:")
        await peer.send(close(1000))
        assert await peer.closed() == Closed(1000)


@needs_ipv6
@pytest.mark.anyio
async def test_every_address_of_a_host_has_the_same_port() -> None:
    listening = listen("", 0, secure=False)

    assert {one.address.host for one in listening} == {"0.0.0.0", "::"}
    assert len({one.address.port for one in listening}) == 1
    for one in listening:
        one.close()


@pytest.mark.anyio
async def test_a_unix_socket_is_listened_on(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    async with serving(uds=str(path)) as served, await served.member() as peer:
        assert str(served.address) == f"unix:{path}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        (connection,) = served.endpoint.hub.connections
        assert connection.peer == "unix"
        assert served.journal.infos[0].peer is None
        await peer.send(close(1000))
        assert await peer.closed() == Closed(1000)
    assert not path.exists()


def test_a_unix_socket_has_the_permissions_that_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    listening = listen_unix(str(path), 0o666, secure=False)

    assert stat.S_IMODE(path.stat().st_mode) == 0o666
    listening.close()


def test_what_a_dead_server_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))

    listening = listen_unix(str(path), 0o600, secure=False)

    assert path.exists()
    listening.close()


def test_a_living_server_is_not_replaced(tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    listening = listen_unix(path, 0o600, secure=False)

    with pytest.raises(OSError, match="somebody listens there") as raised:
        listen_unix(path, 0o600, secure=False)

    assert raised.value.errno == errno.EADDRINUSE
    listening.close()


def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")

    with pytest.raises(FileExistsError, match="no socket"):
        listen_unix(str(path), 0o600, secure=False)

    assert path.read_text() == "mine"


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        listen_unix(str(tmp_path / "no" / "socket"), 0o600, secure=False)


def test_somebody_else_s_file_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    listening = listen_unix(str(path), 0o600, secure=False)
    path.unlink()
    other = listen_unix(str(path), 0o600, secure=False)

    listening.close()

    assert path.exists()
    other.keep = True
    other.close()
    assert path.exists()


def test_a_port_that_is_taken_is_an_error() -> None:
    (listening,) = listen("127.0.0.1", 0, secure=False)

    with pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", listening.address.port, secure=False)

    listening.close()


def test_an_address_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(OSError, match="assign"):
        listen("192.0.2.1", 0, secure=False)


@needs_ipv6
def test_one_address_taken_is_an_error_though_the_other_is_free() -> None:
    with socket.socket(socket.AF_INET6) as sock:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(("::", 0))
        sock.listen()

        with pytest.raises(OSError, match="in use"):
            listen("", sock.getsockname()[1], secure=False)


def test_an_address_says_whether_it_is_secure() -> None:
    assert str(Address(host="::1", port=1, secure=True)) == "https://[::1]:1"


@pytest.mark.anyio
async def test_sockets_that_listen_already_are_taken_over() -> None:
    seen: list[Listening] = []
    with socket.create_server(("127.0.0.1", 0)) as sock:
        server = Server(make_endpoint(Journal()))
        address = Address(host="127.0.0.1", port=sock.getsockname()[1])
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(server.serve, sockets=[sock], ready=seen.extend))
            async with await Peer.connect(address) as peer:
                assert (await peer.ask(GET)).status == 200
            server.drain()
    assert [one.address for one in seen] == [address]


def test_a_port_that_is_taken_ends_run_with_the_error_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        server = Server(make_endpoint(Journal()), port=sock.getsockname()[1])

        with pytest.raises(OSError, match="in use"):
            server.run("asyncio")


@pytest.mark.parametrize(
    "options",
    [
        {"http": {"x": static(os.devnull)}},
        {"http": {"/a*": static(os.devnull)}},
        {"http": {"/*/a": static(os.devnull)}},
    ],
)
def test_a_path_that_is_none_is_a_mistake(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a path starts with /"):
        Server(**options)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_two_endpoints_at_one_path_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="same path"):
        Server(make_endpoint(Journal()), make_endpoint(Journal()))


def test_an_origin_that_is_none_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not an origin"):
        Server(make_endpoint(Journal(), origins=["example.com"]))


@pytest.mark.anyio
async def test_a_server_needs_no_endpoint() -> None:
    async def home(request: HttpRequest) -> HttpResponse:
        return HttpResponse.text("home")

    server = Server(http={"/": home}, port=0)
    async with anyio.create_task_group() as tasks:
        seen: list[Listening] = []
        tasks.start_soon(partial(server.serve, ready=seen.extend))
        await anyio.wait_all_tasks_blocked()
        async with await Peer.connect(seen[0].address) as peer:
            assert (await peer.ask(head("GET / HTTP/1.1", "Host: a"))).body == b"home"
        server.drain()


# How fast.


@pytest.mark.anyio
async def test_at_the_limit_of_sockets_the_next_one_waits() -> None:
    async with serving(Limits(sockets=1, closing=0.05)) as served:
        first = await served.peer()
        assert (await first.ask(GET)).status == 200
        assert not served.server.stats().accepting
        async with await served.peer() as second:
            await second.send(GET)
            with anyio.move_on_after(0.05) as waiting:
                await second.response()
            assert waiting.cancelled_caught

            await first.stream.aclose()

            assert (await second.response()).status == 200


def pace(**limits: float) -> Pace:
    return Pace(Limits(**limits))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_a_late_loop_stops_accepting_until_it_keeps_up() -> None:
    watched = pace(lag=0.1)

    watched.measured(0.11)
    assert (watched.may_accept, watched.lagging) == (False, True)

    watched.measured(0.1)
    assert (watched.may_accept, watched.lagging) == (True, False)


@pytest.mark.anyio
async def test_whoever_waits_to_accept_is_told_when_the_loop_keeps_up() -> None:
    watched = pace(lag=0.1, sockets=1)
    watched.measured(1)
    watched.opened()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watched.wait)
        await anyio.wait_all_tasks_blocked()
        watched.measured(0)
        await anyio.wait_all_tasks_blocked()
        assert not watched.may_accept
        watched.closed()


class Exhausted(socket.socket):
    """A listening socket whose system is out of descriptors, for a while."""

    failures: list[OSError]

    def accept(self) -> tuple[socket.socket, object]:
        if self.failures:
            raise self.failures.pop()
        return super().accept()


@pytest.mark.anyio
async def test_a_system_without_descriptors_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    taken: list[socket.socket] = []
    with Exhausted() as listening, socket.socket() as peer:
        listening.failures = [OSError(errno.EMFILE, "too many"), ConnectionAbortedError()]
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)
        peer.connect(listening.getsockname())
        async with anyio.create_task_group() as tasks:

            def start(sock: socket.socket) -> None:
                taken.append(sock)
                tasks.cancel_scope.cancel()

            tasks.start_soon(accept_from, listening, pace(), start)
    (sock,) = taken
    sock.close()
    assert caplog.messages == ["accepting failed error=EMFILE retry=0.5"]


@pytest.mark.anyio
async def test_a_listening_socket_that_is_broken_is_an_error() -> None:
    with Exhausted() as listening, socket.socket() as peer:
        listening.failures = [OSError(errno.EINVAL, "not listening")]
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)
        peer.connect(listening.getsockname())

        with pytest.raises(OSError, match="not listening"):
            await accept_from(listening, pace(), socket.socket.close)


@pytest.mark.anyio
async def test_no_more_are_taken_at_once_than_there_is_room_for() -> None:
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        peers = [socket.create_connection(listening.getsockname()) for _ in range(5)]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(accept_from, listening, pace(sockets=3), taken.append)
            while not taken:
                await anyio.lowlevel.checkpoint()
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
    assert len(taken) == 3
    for sock in [*taken, *peers]:
        sock.close()


@pytest.mark.anyio
async def test_many_that_come_at_once_are_taken_in_batches() -> None:
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        listening.setblocking(False)
        peers = [socket.create_connection(listening.getsockname()) for _ in range(70)]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(accept_from, listening, pace(), taken.append)
            while len(taken) < 70:
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
    for sock in [*taken, *peers]:
        sock.close()


# The sweeper.


class Ticked:
    """A connection that writes down when it was looked at."""

    def __init__(self) -> None:
        self.at: list[float] = []

    def tick(self, now: float) -> None:
        self.at.append(now)


def hub(**limits: float) -> Hub:
    made = make_endpoint(Journal(), Limits(**limits))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    return made.hub


def test_the_period_follows_the_shortest_time() -> None:
    assert period([]) == 0.25
    assert period([hub()]) == 1.0
    assert period([hub(), hub(idle=2)]) == 0.5
    assert period([hub(stall_timeout=0.1)]) == 0.05
    assert period([hub(too_slow_after=0.8)]) == 0.2


@pytest.mark.anyio
@pytest.mark.trio_clock
async def test_every_connection_is_looked_at_once_a_period() -> None:
    watched, connections = hub(idle=2), [Ticked() for _ in range(2500)]
    for connection in connections:
        watched.connections.add(connection)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    began = anyio.current_time()

    with anyio.move_on_after(1.6):
        await sweep([watched], pace())

    expected = [pytest.approx(began + 0.5 * n) for n in (1, 2, 3)]
    assert all(connection.at == expected for connection in connections)


@pytest.mark.anyio
async def test_a_loop_that_is_held_up_is_noticed_and_looked_at_more_often() -> None:
    watched = pace(lag=0.01)
    with anyio.move_on_after(0.5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sweep, [hub(idle=0.2)], watched)
            while not watched.lagging:
                await anyio.lowlevel.checkpoint()
                _hold_up()
            while watched.lagging:
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()

    assert not watched.lagging


def _hold_up() -> None:
    end = anyio.current_time() + 0.05
    while anyio.current_time() < end:
        pass

"""What docs/deploying.md shows works: behind its proxies, in its unit, in its container."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from configparser import ConfigParser
from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner
from websockets.exceptions import ConnectionClosed, InvalidStatus

from channelkit import ConnectInfo, Peer, Server
from channelkit.cli import app

from ..cli.program import PATIENCE, Program, fetch
from .page import block, blocks
from .proxies import Front, caddy, checked, needs_caddy, needs_nginx, nginx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from websockets.sync.client import ClientConnection

pytestmark = pytest.mark.slow


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """The page's app, served."""
    (tmp_path / "chat.py").write_text(block("python"))
    with Program(tmp_path, "run", "chat:server", "--port", "0") as served:
        yield served


@pytest.fixture
def upstream(program: Program) -> str:
    """Where it listens."""
    return program.wait_ready().removeprefix("http://")


@pytest.fixture(
    params=[pytest.param(nginx, marks=needs_nginx), pytest.param(caddy, marks=needs_caddy)]
)
def front(request: pytest.FixtureRequest, tmp_path: Path, upstream: str) -> Iterator[Front]:
    """Each proxy before the app."""
    with request.param(tmp_path, upstream) as proxy:
        yield proxy


def joined(socket: ClientConnection) -> Any:
    """The response to a join of the lobby."""
    socket.send(json.dumps(["1", "1", "lobby", "phx_join", {}]))
    return json.loads(socket.recv(timeout=PATIENCE))[4]


def heard_out(socket: ClientConnection) -> None:
    """Receive until it is closed."""
    while True:
        socket.recv(timeout=PATIENCE)


def test_a_page_joins_through_the_proxy_and_is_told_its_own_address(front: Front) -> None:
    with front.open() as socket:
        answer = joined(socket)

    assert answer == {"status": "ok", "response": {"address": "127.0.0.1"}}


def test_nobody_is_believed_who_writes_an_address_of_his_own(front: Front) -> None:
    with front.open({"X-Forwarded-For": "6.6.6.6"}) as socket:
        answer = joined(socket)

    assert answer["response"] == {"address": "127.0.0.1"}


def test_a_drain_reaches_the_clients_of_the_proxy(front: Front, program: Program) -> None:
    with front.open() as socket:
        joined(socket)
        program.process.send_signal(signal.SIGTERM)

        with pytest.raises(ConnectionClosed) as caught:
            heard_out(socket)

    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 1012
    assert program.wait_end() == 0


def test_health_and_long_poll_pass_through_the_proxy(front: Front) -> None:
    health = front.get("/healthz")
    status, body = front.get("/socket/longpoll?vsn=2.0.0")

    assert health == (200, "ok\n")
    assert status == 200
    assert json.loads(body)["status"] == 410  # a new session


@needs_nginx
def test_without_the_host_header_every_page_is_refused(tmp_path: Path, upstream: str) -> None:
    changes = {"        proxy_set_header Host $http_host;\n": ""}

    with (
        nginx(tmp_path, upstream, changes) as front,
        pytest.raises(InvalidStatus) as caught,
        front.open(),
    ):
        pass

    assert caught.value.response.status_code == 403


@needs_nginx
def test_nginx_takes_every_configuration_of_the_page(tmp_path: Path) -> None:
    for text in blocks("nginx")[1:]:
        done = checked(tmp_path, text)

        assert done.returncode == 0, done.stderr


def options_of(command: list[str]) -> None:
    """Fails if `channelkit` has no such command, or that no such option."""
    name, _, *rest = command
    usage = CliRunner().invoke(app, [name, "--help"]).stdout
    for word in rest:
        assert not word.startswith("--") or f"{word} " in usage


def test_the_unit_starts_the_server_and_gives_it_the_time_to_drain() -> None:
    unit = ConfigParser()
    unit.optionxform = str  # type: ignore[assignment,method-assign] # systemd heeds the case
    unit.read_string(block("ini"))
    program, *command = shlex.split(unit["Service"]["ExecStart"])

    assert program.startswith(unit["Service"]["WorkingDirectory"])
    assert program.endswith("/channelkit")
    options_of(command)
    drain: float = signature(Server).parameters["drain_timeout"].default
    assert float(unit["Service"]["TimeoutStopSec"]) > drain


def instructions() -> list[tuple[str, str]]:
    """Those of the Dockerfile."""
    lines = [line.partition(" ") for line in block("dockerfile").splitlines()]
    return [(name, rest) for name, _, rest in lines]


def test_the_container_runs_the_server_and_asks_for_its_health(tmp_path: Path) -> None:
    given = dict(instructions())
    (tmp_path / "chat.py").write_text(block("python"))
    channelkit, *command = json.loads(given["CMD"])
    python, *asking = json.loads(given["HEALTHCHECK"].partition("CMD ")[2])

    with Program(tmp_path, *command, "--port", "0") as program:
        address = program.wait_ready()
        port = address.rpartition(":")[2]
        here = [word.replace(":4000/", f":{port}/") for word in asking]
        well = subprocess.run([sys.executable, *here], check=False, timeout=PATIENCE)
        nowhere = [word.replace("/healthz", "/nothing") for word in here]
        ill = subprocess.run(
            [sys.executable, *nowhere], check=False, timeout=PATIENCE, stderr=subprocess.DEVNULL
        )

    assert (channelkit, python) == ("channelkit", "python")
    assert (well.returncode, bool(ill.returncode)) == (0, True)


def test_the_dockerfile_has_only_instructions_and_copies_what_it_names() -> None:
    names = [name for name, _ in instructions()]
    copied = [rest.split()[0] for name, rest in instructions() if name == "COPY"]
    known = {"FROM", "RUN", "WORKDIR", "COPY", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}

    assert names[0] == "FROM"
    assert set(names) <= known
    assert copied == ["requirements.txt", "chat.py"]
    assert dict(instructions())["EXPOSE"] == str(signature(Server).parameters["port"].default)


def test_traefik_is_told_where_the_health_is(upstream: str) -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed; pip install -e '.[site]'")
    http = yaml.safe_load(block("yaml"))["http"]
    check = http["services"]["chat"]["loadBalancer"]["healthCheck"]

    assert http["routers"]["chat"]["service"] in http["services"]
    assert fetch(f"http://{upstream}{check['path']}") == "ok\n"


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9", "6.6.6.6", "203.0.113.9"),
        ("127.0.0.1", None, "127.0.0.1"),
        (None, "203.0.113.9", "203.0.113.9"),
        (None, None, "unknown"),
    ],
)
def test_only_our_own_proxy_says_who_connects(
    peer: str | None, forwarded: str | None, address: str
) -> None:
    chat: dict[str, Any] = {"__name__": "chat"}
    exec(compile(block("python"), "chat.py", "exec", dont_inherit=True), chat)
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    info = ConnectInfo(peer=None if peer is None else Peer(peer, 1), headers=headers)

    assert chat["address_of"](info) == address

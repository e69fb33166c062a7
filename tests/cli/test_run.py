"""`channelkit run`: what it prints, what it logs, how it ends."""

from __future__ import annotations

import importlib.metadata
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from channelkit.cli import main

from .program import CHAT, PATIENCE, Program, fetch

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

ROOT = Path(__file__).parents[2]
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3} "
PEER = r"127\.0\.0\.1:\d+"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `chat_app.py` in it."""
    (tmp_path / "chat_app.py").write_text(CHAT)
    return tmp_path


def talk(socket: ClientConnection, *envelope: object) -> Any:
    """Send a push, and return the reply."""
    socket.send(json.dumps(envelope))
    return json.loads(socket.recv(timeout=PATIENCE))


def opened(address: str, origin: Origin | None = None) -> ClientConnection:
    path = "/socket/websocket?vsn=2.0.0&token=hunter2"
    return connect(f"ws{address.removeprefix('http')}{path}", origin=origin, proxy=None)


@pytest.mark.slow
@pytest.mark.parametrize("loop", ["asyncio", "uvloop", "trio"])
def test_it_says_where_it_is_serves_and_drains(folder: Path, loop: str) -> None:
    with Program(folder, "run", "chat_app:endpoint", "--port", "0", "--loop", loop) as program:
        address = program.wait_ready()

        health = fetch(f"{address}/healthz")
        program.process.send_signal(signal.SIGTERM)

        assert health == "ok\n"
        assert program.wait_end() == 0
    assert f" on {loop}\n" in program.output
    assert re.search(
        r"^  socket +ws://127\.0\.0\.1:\d+/socket/websocket$", program.output, re.MULTILINE
    )
    assert re.search(r"^  channels +room:\{room_id\}  Room  1 event$", program.output, re.MULTILINE)


@pytest.mark.slow
def test_the_chat_example_runs_and_says_that_it_is_well() -> None:
    with Program(ROOT, "run", "examples.chat:server", "--port", "0") as program:
        address = program.wait_ready()

        assert "<title>" in fetch(address)
        assert fetch(f"{address}/healthz") == "ok\n"


@pytest.mark.slow
def test_ctrl_c_drains_too(folder: Path) -> None:
    with Program(folder, "run", "chat_app:server") as program:
        program.wait_ready()

        program.process.send_signal(signal.SIGINT)

        assert program.wait_end() == 0


@pytest.mark.slow
def test_each_thing_that_happens_is_one_line_with_secrets_masked(folder: Path) -> None:
    with Program(folder, "run", "chat_app:server") as program:
        with opened(program.wait_ready()) as client:
            talk(client, "1", "1", "room:1", "phx_join", {"token": "hunter2"})
            talk(client, "2", "2", "room:0", "phx_join", {"token": "hunter2"})
            talk(client, "1", "3", "room:1", "new_msg", {"body": "crash"})
        program.wait_line(
            TIME + rf"INFO connected peer={PEER} path=/socket/websocket transport=websocket "
            r'vsn=2\.0\.0 params=".*\[FILTERED\].*"$'
        )
        program.wait_line(
            TIME + rf'INFO joined topic=room:1 peer={PEER} params=".*\[FILTERED\].*"$'
        )
        program.wait_line(
            TIME + rf"INFO join refused topic=room:0 peer={PEER} reason=closed "
            r'params=".*\[FILTERED\].*"$'
        )
        program.wait_line(
            TIME + rf"ERROR crashed topic=room:1 peer={PEER} "
            r"""error="LookupError\('nobody is here'\)" at=\S+chat_app\.py:\d+$"""
        )
        program.wait_line(r"^  Traceback \(most recent call last\):$")
        program.wait_line(r'^    File "\S+/chat_app\.py", line \d+, in new_msg$')
        program.wait_line(r"^  LookupError: nobody is here$")
        program.wait_line(TIME + rf"INFO left topic=room:1 peer={PEER} exit=Crashed$")
        program.wait_line(TIME + rf"INFO disconnected peer={PEER} exit=Closed\(1000\)$")
    assert "hunter2" not in program.output


@pytest.mark.slow
def test_a_handler_that_takes_too_long_is_logged(folder: Path) -> None:
    source = CHAT.replace("[Room])", "[Room], limits=Limits(slow_handler=1e-9))")
    (folder / "chat_app.py").write_text(source.replace("Message,", "Limits, Message,", 1))
    with Program(folder, "run", "chat_app:server") as program:
        with opened(program.wait_ready()) as client:
            talk(client, "1", "1", "room:1", "phx_join", {"token": "x"})
            talk(client, "1", "2", "room:1", "new_msg", {"body": "slow"})

        program.wait_line(
            TIME + rf"WARNING slow handler topic=room:1 peer={PEER} event=new_msg seconds=\S+$"
        )


@pytest.mark.slow
def test_a_refused_connection_is_one_line(folder: Path) -> None:
    with Program(folder, "run", "chat_app:server") as program:
        address = program.wait_ready()
        with pytest.raises(InvalidStatus, match="403"):
            opened(address, origin=Origin("https://elsewhere.example"))

        program.wait_line(
            TIME + rf"WARNING refused peer={PEER} path=\S+ status=403 "
            r'reason="origin not allowed" sent=https://elsewhere.example remedy=.+$'
        )


@pytest.mark.slow
def test_the_least_level_that_is_logged_can_be_chosen(folder: Path) -> None:
    with Program(folder, "run", "chat_app:server", "--log-level", "error") as program:
        with opened(program.wait_ready()) as client:
            talk(client, "1", "1", "room:1", "phx_join", {"token": "x"})
            talk(client, "1", "2", "room:1", "new_msg", {"body": "crash"})
        program.process.send_signal(signal.SIGTERM)
        program.wait_end()

    assert " INFO " not in program.output
    assert " ERROR crashed " in program.output


@pytest.mark.slow
def test_an_author_who_configures_the_root_logger_gets_no_line_twice(folder: Path) -> None:
    source = "import logging\nlogging.basicConfig(level='INFO')\n" + CHAT
    (folder / "chat_app.py").write_text(source)
    with Program(folder, "run", "chat_app:server") as program:
        program.wait_ready()
        program.process.send_signal(signal.SIGTERM)
        program.wait_end()

    assert program.output.count(" listening ") == 1


@pytest.mark.slow
def test_a_unix_socket_stands_instead_of_a_port(folder: Path) -> None:
    with Program(folder, "run", "chat_app:server", "--uds", "chat.sock") as program:
        assert program.wait_ready() == "unix:chat.sock"

        with socket.socket(socket.AF_UNIX) as raw:
            raw.settimeout(PATIENCE)
            raw.connect(str(folder / "chat.sock"))
            raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.slow
@pytest.mark.parametrize("files", [1, 2], ids=["one file", "a file each"])
def test_it_speaks_tls(folder: Path, files: int) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(folder / "both.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    issued.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    options = [["--tls-cert", "both.pem"], ["--tls-cert", "cert.pem", "--tls-key", "key.pem"]]
    trusting = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())

    with Program(folder, "run", "chat_app:server", *options[files - 1]) as program:
        address = program.wait_ready()

        assert address.startswith("https://127.0.0.1:")
        assert fetch(f"{address}/healthz", trusting) == "ok\n"


@pytest.mark.slow
def test_options_come_before_what_the_server_says_itself(folder: Path) -> None:
    source = CHAT.replace("port=0", "uds='/nowhere/chat.sock'")
    (folder / "chat_app.py").write_text(source)
    with Program(folder, "run", "chat_app:server", "--host", "::1", "--port", "0") as program:
        assert program.wait_ready().startswith("http://[::1]:")


@pytest.mark.slow
def test_problems_are_told_as_check_tells_them_and_nothing_is_served(folder: Path) -> None:
    (folder / "chat_app.py").write_text(CHAT.replace("message: NewMsg", "message"))
    with Program(folder, "check", "chat_app:server") as checked:
        checked.wait_end()
    with Program(folder, "run", "chat_app:server") as program:
        assert program.wait_end() == 1

    assert program.output == checked.output
    assert program.output.startswith("1 problem in the declarations\n")


@pytest.mark.slow
def test_a_taken_port_is_one_line(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with Program(folder, "run", "chat_app:server", "--port", port) as program:
            assert program.wait_end() == 1

    assert program.output == (
        f"channelkit: cannot listen on 127.0.0.1:{port}: address already in use; "
        "stop what listens there, or choose another address\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["-m", "channelkit"], ["-c", "from channelkit import cli; cli.main()"]]
)
def test_the_command_is_the_same_by_either_name(folder: Path, command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *command, "run", "chat_app:sever"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "channelkit: chat_app has no attribute 'sever' (did you mean server?)\n"


def test_the_entry_point_is_main() -> None:
    (entry,) = importlib.metadata.entry_points(group="console_scripts", name="channelkit")

    assert entry.load() is main

"""`channelkit run --reload`: a changed file restarts the server, whatever its sockets do."""

from __future__ import annotations

import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from channelkit.running.reload import roots

from .program import CHAT, PATIENCE, Program, fetch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

pytestmark = pytest.mark.slow

PAGE = """

import os

from channelkit import HttpRequest, HttpResponse

VERSION = "1"


async def page(request: HttpRequest) -> HttpResponse:
    if request.path == "/block":
        time.sleep(3600)
    return HttpResponse.text(f"{VERSION} {os.getpid()}")


server = Server(endpoint, port=0, http={"/": page, "/block": page})
"""
SOURCE = CHAT + PAGE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `chat_app.py` in it, whose page is its version and process id."""
    (tmp_path / "chat_app.py").write_text(SOURCE)
    return tmp_path


@pytest.fixture
def program(folder: Path) -> Iterator[Program]:
    """That app, reloading."""
    with Program(folder, "run", "chat_app:server", "--reload", own_group=True) as made:
        yield made


def change(folder: Path, old: str = 'VERSION = "1"', new: str = 'VERSION = "2"') -> None:
    (folder / "chat_app.py").write_text(SOURCE.replace(old, new))


def opened(address: str) -> ClientConnection:
    return connect(f"ws{address.removeprefix('http')}/socket/websocket", proxy=None)


def raw(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)))


def version(address: str) -> str:
    return fetch(address).split()[0]


def test_a_changed_file_restarts_the_server_at_the_same_address(
    program: Program, folder: Path
) -> None:
    address = program.wait_ready()
    assert version(address) == "1"

    change(folder)

    program.wait_line("INFO reloading changed=chat_app.py$")
    program.wait_line("INFO reloaded channels=1$")
    assert version(address) == "2"


def test_edits_of_the_same_size_within_one_second_are_all_seen(
    program: Program, folder: Path
) -> None:
    address = program.wait_ready()

    for number in "2345":
        change(folder, new=f'VERSION = "{number}"')
        program.wait_line("INFO reloaded")
        assert version(address) == number


def test_open_sockets_are_closed_with_1012(program: Program, folder: Path) -> None:
    with opened(program.wait_ready()) as client:
        change(folder)
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=PATIENCE)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    program.wait_line("INFO reloaded")


def test_a_peer_that_never_answers_the_close_hangs_nothing(program: Program, folder: Path) -> None:
    address = program.wait_ready()
    with raw(address) as silent:
        silent.sendall(
            b"GET /socket/websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
            b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        assert silent.recv(12) == b"HTTP/1.1 101"
        change(folder)

        program.wait_line("INFO reloaded")
        assert version(address) == "2"


def test_a_handler_that_blocks_the_event_loop_hangs_nothing(program: Program, folder: Path) -> None:
    address = program.wait_ready()
    with raw(address) as blocking:
        blocking.sendall(b"GET /block HTTP/1.1\r\nHost: x\r\n\r\n")
        change(folder)

        program.wait_line("INFO reloaded")
        assert version(address) == "2"


def test_a_syntax_error_is_shown_and_the_next_change_tried(program: Program, folder: Path) -> None:
    address = program.wait_ready()
    change(folder, new='VERSION = "2')

    program.wait_line("^channelkit: importing chat_app failed$")
    program.wait_line("^SyntaxError: unterminated string literal")
    program.wait_line('WARNING server ended exit_code=2 next="waiting for a change"$')
    with ThreadPoolExecutor() as pool:
        early = pool.submit(version, address)
        change(folder)

        assert early.result(PATIENCE) == "2"  # it waited instead of being refused


def test_a_problem_in_the_channels_is_shown_and_the_next_change_tried(
    program: Program, folder: Path
) -> None:
    address = program.wait_ready()
    change(folder, "message: NewMsg", "message")

    program.wait_line("^1 problem in the declarations$")
    program.wait_line("WARNING server ended exit_code=1 ")
    change(folder)

    program.wait_line("INFO reloaded")
    assert version(address) == "2"


def test_what_is_broken_from_the_start_can_be_mended(folder: Path) -> None:
    change(folder, new="VERSION = ")
    with Program(folder, "run", "chat_app:server", "--reload") as program:
        program.wait_line("WARNING server ended")

        change(folder)

        assert version(program.wait_ready()) == "2"


def test_another_address_in_the_file_is_taken(program: Program, folder: Path) -> None:
    program.wait_ready()

    change(folder, "port=0, http", "host='::1', port=0, http")

    address = program.wait_line(r"INFO listening on=(http://\[::1\]:\d+)$")[1]
    program.wait_line("INFO reloaded")
    assert version(address) == "1"


def test_a_unix_socket_is_there_again_after_a_restart(folder: Path) -> None:
    with Program(folder, "run", "chat_app:server", "--reload", "--uds", "chat.sock") as program:
        program.wait_ready()
        change(folder)
        program.wait_line("INFO reloaded")

        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(PATIENCE)
            peer.connect(str(folder / "chat.sock"))
            peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b"\r\n\r\n2 " in b"".join(iter(lambda: peer.recv(1000), b""))


def test_new_files_count_and_others_than_python_do_not(program: Program, folder: Path) -> None:
    program.wait_ready()

    (folder / "notes.txt").write_text("x")
    (folder / "package").mkdir()
    (folder / "rooms.py").write_text("x = 1\n")

    program.wait_line("INFO reloading changed=rooms.py$")
    program.wait_line("INFO reloaded")


def test_what_the_waiting_process_has_imported_already_is_imported_anew(
    folder: Path,
) -> None:
    # Python runs sitecustomize at its start, so in the process that waits for its turn too.
    started = "print('python starts', flush=True)\n"
    (folder / "sitecustomize.py").write_text(started + "NUMBER = 1\n")
    source = SOURCE.replace('VERSION = "1"', "import sitecustomize\nVERSION = sitecustomize.NUMBER")
    (folder / "chat_app.py").write_text(source)
    environment = {"PYTHONPATH": str(folder)}
    with Program(folder, "run", "chat_app:server", "--reload", environment=environment) as program:
        address = program.wait_ready()
        program.wait_line("^python starts$")  # the one that waits

        (folder / "sitecustomize.py").write_text(started + "NUMBER = 2\n")
        program.wait_line("INFO reloaded")
        assert version(address) == "2"


def test_ctrl_c_ends_both(program: Program) -> None:
    with opened(program.wait_ready()) as client:
        os.killpg(program.process.pid, signal.SIGINT)  # as a terminal does
        with pytest.raises(ConnectionClosed) as closed:
            client.recv(timeout=PATIENCE)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    assert program.wait_end() == 0  # nobody holds its output any more


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_reloader_alone_ends_both(program: Program, sign: signal.Signals) -> None:
    program.wait_ready()

    program.process.send_signal(sign)

    assert program.wait_end() == 0


def test_a_killed_reloader_leaves_no_server(program: Program) -> None:
    program.wait_ready()

    program.process.kill()

    assert program.wait_end() == -signal.SIGKILL


def test_a_server_that_is_killed_is_told_and_started_at_the_next_change(
    program: Program, folder: Path
) -> None:
    address = program.wait_ready()

    os.kill(int(fetch(address).split()[1]), signal.SIGKILL)

    program.wait_line("WARNING server ended exit_code=-9 ")
    change(folder)
    program.wait_line("INFO reloaded")
    assert version(address) == "2"


def test_without_watchfiles_it_says_what_to_install(folder: Path) -> None:
    (folder / "watchfiles.py").write_text("raise ImportError")
    with Program(folder, "run", "chat_app:server", "--reload") as program:
        assert program.wait_end() == 1

    assert program.output == (
        "channelkit: --reload needs watchfiles, which is not installed; "
        "pip install 'channelkit[server]'\n"
    )


def test_a_package_elsewhere_is_watched_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for path in (here / "inside_a", there / "elsewhere_a"):
        path.mkdir(parents=True)
        (path / "__init__.py").touch()
    (there / "elsewhere_b.py").touch()
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "path", [str(here), str(there), *sys.path])

    assert roots("inside_a:app") == [here]
    assert roots("elsewhere_a.chat:app") == [here, there / "elsewhere_a"]
    assert roots("elsewhere_b:app") == [here, there]
    assert roots("nowhere_a:app") == [here]
    assert roots("not a name") == [here]

"""`channelkit client`: what it is made of, where it goes, and what has none."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from channelkit.cli import app

from .program import CHAT

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    Run = Callable[..., Result]

OTHERS = """
several = Server(endpoint, Endpoint("/other", [Room]), port=0)
"""
TYPESCRIPT = ("--language", "typescript")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command with these arguments, beside a `chat_app.py`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])

    def command(*arguments: str, source: str = CHAT + OTHERS) -> Result:
        (tmp_path / "chat_app.py").write_text(source)
        return CliRunner().invoke(app, arguments)

    yield command
    sys.modules.pop("chat_app", None)


def test_the_client_goes_to_the_terminal(run: Run) -> None:
    result = run("client", "chat_app:server", *TYPESCRIPT, source="print('hello')\n" + CHAT)

    assert (result.exit_code, result.stderr) == (0, "hello\n")
    assert result.stdout.startswith("// Typed channels")
    assert "export function joinRoom(" in result.stdout


def test_a_python_module_has_the_channels(run: Run) -> None:
    result = run("client", "chat_app:server", "--language", "python")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "class Room(Channel[Any" in result.stdout


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_a_contract_has_the_same_client_as_its_app(run: Run, language: str) -> None:
    run("contract", "chat_app:server", "-o", "chat.json")

    result = run("client", "chat.json", "--language", language)

    assert result.stdout == run("client", "chat_app:server", "--language", language).stdout


def test_it_goes_into_a_file(run: Run, tmp_path: Path) -> None:
    result = run("client", "chat_app:server", *TYPESCRIPT, "-o", "chat.ts")

    assert (result.exit_code, result.stdout) == (0, "")
    assert "joinRoom" in (tmp_path / "chat.ts").read_text()


def test_of_several_endpoints_one_is_chosen(run: Run) -> None:
    result = run("client", "chat_app:several", *TYPESCRIPT, "--endpoint", "/other")

    assert result.exit_code == 0
    assert 'PATH = "/other"' in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("chat_app:sever",), 2, "chat_app has no attribute 'sever' (did you mean server?)"),
        (("none.json",), 2, "cannot read none.json: No such file or directory"),
        (
            ("chat_app:several",),
            2,
            "chat_app:several has several endpoints: choose one of /socket, /other (--endpoint)",
        ),
        (
            ("chat_app:several", "--endpoint", "/othr"),
            2,
            "chat_app:several has no endpoint at '/othr' (did you mean /other?)",
        ),
        (
            ("chat_app:server", "--endpoint", "/xyz"),
            2,
            "chat_app:server has no endpoint at '/xyz'; there is /socket",
        ),
        (
            ("chat_app:server", "-o", "no/such/folder"),
            1,
            "cannot write no/such/folder: No such file or directory",
        ),
    ],
)
def test_what_cannot_be_made_or_written_is_told_in_one_line(
    run: Run, arguments: tuple[str, ...], code: int, told: str
) -> None:
    result = run("client", *arguments, *TYPESCRIPT)

    assert (result.exit_code, result.stderr) == (code, f"channelkit: {told}\n")


def test_without_channels_there_is_no_client(run: Run, tmp_path: Path) -> None:
    run("contract", "chat_app:server", "-o", "chat.json")
    contract = json.loads((tmp_path / "chat.json").read_text())
    (tmp_path / "none.json").write_text(json.dumps({**contract, "endpoints": []}))

    result = run("client", "none.json", *TYPESCRIPT, "-o", "chat.ts")

    assert (result.exit_code, result.stderr) == (
        2,
        "channelkit: none.json has no endpoint with channels\n",
    )
    assert not (tmp_path / "chat.ts").exists()


def test_a_contract_of_another_version_has_no_client(run: Run, tmp_path: Path) -> None:
    (tmp_path / "chat.json").write_text('{"contract": 2}')

    result = run("client", "chat.json", *TYPESCRIPT)

    assert (result.exit_code, result.stderr) == (
        2,
        "channelkit: chat.json: this is a contract of version 2; read here is 1\n",
    )


def test_a_language_that_is_not_there_is_no_language(run: Run) -> None:
    result = run("client", "chat_app:server", "--language", "cobol")

    assert result.exit_code == 2
    assert "cobol" in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    @on_join\n", "", "[CK0"),
        ("    body: str\n", "    body: object_of_mine\n", "importing chat_app failed"),
        ("    token: str\n", "    token: Callable[[], int]\n", "Callable"),
    ],
)
def test_channels_that_cannot_work_have_no_client_and_nothing_is_written(
    run: Run, tmp_path: Path, old: str, new: str, told: str
) -> None:
    source = "from collections.abc import Callable\n" + CHAT.replace(old, new)

    result = run("client", "chat_app:server", *TYPESCRIPT, "-o", "chat.ts", source=source)

    assert result.exit_code in {1, 2}
    assert told in result.stderr
    assert not (tmp_path / "chat.ts").exists()

"""`channelkit authz`: where its matrix comes from, where it goes, and what has none."""

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

MATRIX = """\
/socket

channel         what           who                rate  refuses
                connect        everybody
room:{room_id}  join           whom join lets in        closed
room:{room_id}  event new_msg  every member

1 of 1 events may be sent by every member:

- room:{room_id} new_msg
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command with these arguments, beside a `chat_app.py`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])

    def command(*arguments: str, source: str = CHAT) -> Result:
        (tmp_path / "chat_app.py").write_text(source)
        return CliRunner().invoke(app, arguments)

    yield command
    sys.modules.pop("chat_app", None)


def test_the_matrix_goes_to_the_terminal(run: Run) -> None:
    result = run("authz", "chat_app:server", source="print('hello')\n" + CHAT)

    assert (result.exit_code, result.stdout, result.stderr) == (0, MATRIX, "hello\n")


def test_a_contract_has_the_same_matrix_as_its_app(run: Run) -> None:
    run("contract", "chat_app:server", "-o", "chat.json")

    assert run("authz", "chat.json").stdout == MATRIX


def test_it_goes_into_a_file(run: Run, tmp_path: Path) -> None:
    result = run("authz", "chat_app:server", "--format", "json", "-o", "authz.json")

    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads((tmp_path / "authz.json").read_text())["authz"] == 1


def test_markdown_is_for_a_code_host(run: Run) -> None:
    result = run("authz", "chat_app:server", "--format", "markdown")

    assert result.stdout.startswith("# Who may do what\n")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("chat_app:sever",), 2, "chat_app has no attribute 'sever' (did you mean server?)"),
        (("none.json",), 2, "cannot read none.json: No such file or directory"),
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
    result = run("authz", *arguments)

    assert (result.exit_code, result.stderr) == (code, f"channelkit: {told}\n")


def test_channels_that_cannot_work_have_no_matrix(run: Run) -> None:
    result = run("authz", "chat_app:server", source=CHAT.replace("    @on_join\n", ""))

    assert result.exit_code == 1
    assert "[CK0" in result.stderr

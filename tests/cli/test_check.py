"""`channelkit check`: the tree, the problems, the exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from channelkit.cli import app

from .program import CHAT, Program

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    Check = Callable[..., Result]

NO_JOIN = CHAT.replace("    @on_join\n", "")
NO_TYPE = CHAT.replace("message: NewMsg", "message")


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Check]:
    """Write `chat_app.py` and check it, as `channelkit check chat_app:endpoint` does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])

    def checked(source: str, *arguments: str, target: str = "chat_app:endpoint") -> Result:
        (tmp_path / "chat_app.py").write_text(source)
        return CliRunner().invoke(app, ["check", target, *arguments])

    yield checked
    sys.modules.pop("chat_app", None)


@pytest.mark.parametrize("target", ["chat_app:endpoint", "chat_app:server"])
def test_channels_that_compile_are_shown_as_a_tree(check: Check, target: str) -> None:
    result = check(CHAT, target=target)

    assert result.exit_code == 0
    assert result.stdout == (
        "/socket\n"
        "\n"
        "room:{room_id}  Room  chat_app.py:19\n"
        "│  A room.\n"
        "├─ room_id: int\n"
        "├─ join  accepts JoinRoom · answers {} · refuses Closed\n"
        "└─ event new_msg  accepts NewMsg · answers Ok\n"
    )
    assert result.stderr == ""


def test_an_endpoint_that_is_polled_says_so(check: Check) -> None:
    polled = CHAT.replace("[Room])", "[Room], longpoll=True)")

    text = check(polled).stdout
    data = json.loads(check(polled, "--format", "json").stdout)

    assert text.startswith("/socket · long-poll\n\nroom:")
    assert [endpoint["longpoll"] for endpoint in data["endpoints"]] == [True]


def test_every_problem_is_told_at_once(check: Check) -> None:
    result = check(NO_JOIN.replace("message: NewMsg", "message"))

    assert result.exit_code == 1
    assert result.stdout.startswith("2 problems in the declarations\n\n1. chat_app.py:")
    assert "\n2. chat_app.py:" in result.stdout
    assert result.stderr == ""


def test_the_problems_of_all_endpoints_of_a_server_are_told(check: Check) -> None:
    second = (
        "\n\n@channel('lobby')\nclass Lobby(Channel[None]):\n    pass\n\n"
        "server = Server(endpoint, Endpoint('/lobby', [Lobby, Room]))\n"
    )

    result = check(NO_TYPE + second, target="chat_app:server")

    assert result.stdout.startswith("2 problems")  # Room is served twice and wrong once


def test_programs_get_json(check: Check) -> None:
    result = check(CHAT, "--format", "json")

    data = json.loads(result.stdout)
    assert data["problems"] == []
    (endpoint,) = data["endpoints"]
    assert endpoint["path"] == "/socket"
    assert [room["pattern"] for room in endpoint["channels"]] == ["room:{room_id}"]


def test_programs_get_problems_as_json_too(check: Check) -> None:
    result = check(NO_JOIN, "--format", "json")

    data = json.loads(result.stdout)
    assert result.exit_code == 1
    assert data["endpoints"] == []
    assert [problem["places"][0]["file"] for problem in data["problems"]] == ["chat_app.py"]


def test_github_gets_annotations(check: Check) -> None:
    result = check(NO_TYPE, "--format", "github")

    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert line.startswith("::error file=chat_app.py,line=29,title=CK012::Room.new_msg")


def test_github_gets_the_tree_where_nothing_is_wrong(check: Check) -> None:
    assert check(CHAT, "--format", "github").stdout == check(CHAT).stdout


def test_what_the_module_prints_is_no_part_of_the_answer(check: Check) -> None:
    result = check(CHAT + "print('hello')\n", "--format", "json")

    assert json.loads(result.stdout)["problems"] == []
    assert result.stderr == "hello\n"


def test_nothing_to_check_is_a_usage_error(check: Check) -> None:
    result = check(CHAT, target="chat_app:sever")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        "channelkit: chat_app has no attribute 'sever' (did you mean server?)\n"
    )


def test_an_unknown_format_is_a_usage_error(check: Check) -> None:
    assert check(CHAT, "--format", "yaml").exit_code == 2


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(app, ["--version"])

    assert (result.exit_code, result.stdout.split()[0]) == (0, "channelkit")


def test_no_command_at_all_gets_the_help() -> None:
    result = CliRunner().invoke(app, [])

    assert "check" in result.output
    assert "run" in result.output


def test_a_terminal_without_the_lines_of_the_tree_gets_question_marks(tmp_path: Path) -> None:
    (tmp_path / "chat_app.py").write_text(CHAT)

    with Program(
        tmp_path, "check", "chat_app:endpoint", environment={"PYTHONIOENCODING": "latin-1"}
    ) as program:
        assert program.wait_end() == 0

    assert "?? join  accepts JoinRoom" in program.output

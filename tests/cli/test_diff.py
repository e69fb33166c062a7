"""`channelkit diff`: where the contracts come from, what is said, how it ends."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from channelkit.cli import app
from channelkit.contract import contract_of, dump

from ..contract.app import endpoint, lobby

if TYPE_CHECKING:
    from typer.testing import Result

    Run = Callable[..., Result]

OLD = dump(contract_of([endpoint, lobby]))
BROKEN = OLD.replace('"event": "draw"', '"event": "paint"')
RISKY = OLD.replace('"permission": "may_draw"', '"permission": "is_painter"')


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `channelkit diff` with these arguments, beside `old.json` and a few others."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"old": OLD, "broken": BROKEN, "risky": RISKY, "none": "{}"}.items():
        Path(f"{name}.json").write_text(text)
    return lambda *arguments: CliRunner().invoke(app, ["diff", *arguments])


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def test_a_contract_does_not_differ_from_itself(run: Run) -> None:
    result = run("old.json", "old.json", "--fail-on", "safe")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "No change that a client can notice.\n"


def test_changes_are_told_and_harm_nobody_unless_asked_to(run: Run) -> None:
    result = run("old.json", "broken.json")

    assert result.exit_code == 0
    assert result.stdout.startswith("breaking  /draw > canvas:{canvas}:{layer*} > event > draw: ")
    assert result.stdout.endswith("\n1 breaking, 1 safe\n")


@pytest.mark.parametrize(
    ("new", "fail_on", "code"),
    [
        ("broken.json", "breaking", 1),
        ("broken.json", "risky", 1),
        ("risky.json", "breaking", 0),
        ("risky.json", "risky", 1),
        ("risky.json", "safe", 1),
    ],
)
def test_a_change_as_bad_as_asked_for_fails(run: Run, new: str, fail_on: str, code: int) -> None:
    assert run("old.json", new, "--fail-on", fail_on).exit_code == code


def test_programs_github_and_changelogs_have_forms_of_their_own(run: Run) -> None:
    as_json = run("old.json", "broken.json", "--format", "json").stdout

    assert len(json.loads(as_json)["changes"]) == 2
    assert run("old.json", "broken.json", "--format", "github").stdout.startswith("::error title=")
    assert run("old.json", "broken.json", "--format", "markdown").stdout.startswith("### Breaking")
    assert run("old.json", "old.json", "--format", "github").stdout == ""


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
def test_a_contract_may_be_in_git(run: Run) -> None:
    Path("folder").mkdir()
    shutil.copy("old.json", "folder/chat.json")
    git("init", "--quiet")
    git("add", "folder")
    git("commit", "--quiet", "--message", "old")
    shutil.copy("broken.json", "folder/chat.json")

    result = run("HEAD:folder/chat.json", "folder/chat.json")

    assert result.stdout.endswith("\n1 breaking, 1 safe\n")


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
def test_what_git_does_not_have_is_told_in_its_words(run: Run) -> None:
    git("init", "--quiet")

    result = run("main:old.json", "old.json")

    assert result.exit_code == 2
    assert result.stderr.startswith("channelkit: cannot read main:old.json: ")
    assert result.stderr.count("\n") == 1


def test_without_git_there_are_no_revisions(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    result = run("main:old.json", "old.json")

    assert result.exit_code == 2
    assert result.stderr == "channelkit: cannot read main:old.json: there is no git here\n"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("missing.json", "cannot read missing.json: No such file or directory"),
        ("none.json", "none.json: this is JSON, but no contract"),
    ],
)
def test_what_is_no_contract_is_told_in_one_line(run: Run, name: str, told: str) -> None:
    result = run(name, "old.json")

    assert (result.exit_code, result.stderr) == (2, f"channelkit: {told}\n")

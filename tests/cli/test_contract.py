"""`channelkit contract`: the data, where it goes, and what cannot be written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from channelkit.cli import app
from channelkit.contract import SCHEMA, load

from .program import CHAT

if TYPE_CHECKING:
    from typer.testing import Result

    Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run `channelkit contract` with these arguments, beside a `chat_app.py`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])

    def contract(*arguments: str, source: str = CHAT) -> Result:
        (tmp_path / "chat_app.py").write_text(source)
        return CliRunner().invoke(app, ["contract", *arguments])

    yield contract
    sys.modules.pop("chat_app", None)


def test_the_contract_goes_to_the_terminal(run: Run) -> None:
    result = run("chat_app:server")

    assert (result.exit_code, result.stderr) == (0, "")
    (endpoint,) = load(result.stdout).endpoints
    assert [channel.pattern for channel in endpoint.channels] == ["room:{room_id}"]


def test_what_the_module_prints_is_no_part_of_it(run: Run) -> None:
    result = run("chat_app:server", source="print('hello')\n" + CHAT)

    load(result.stdout)
    assert result.stderr == "hello\n"


def test_it_goes_into_a_file(run: Run, tmp_path: Path) -> None:
    result = run("chat_app:server", "-o", "chat.json")

    assert (result.exit_code, result.stdout) == (0, "")
    load((tmp_path / "chat.json").read_bytes())
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "chat.json",
        "chat_app.py",
    ]


def test_a_file_that_stands_there_keeps_its_permissions(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "chat.json"
    old.write_text("old")
    old.chmod(0o640)

    run("chat_app:server", "-o", "chat.json")

    assert old.stat().st_mode & 0o777 == 0o640
    load(old.read_bytes())


def test_a_new_file_has_the_permissions_of_every_new_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").touch()

    run("chat_app:server", "-o", "chat.json")

    assert (tmp_path / "chat.json").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_cannot_be_written_is_told_in_one_line(run: Run) -> None:
    result = run("chat_app:server", "-o", os.path.join("no", "such", "folder"))

    assert result.exit_code == 1
    assert result.stderr == "channelkit: cannot write no/such/folder: No such file or directory\n"


def test_nothing_half_written_stays(run: Run, tmp_path: Path) -> None:
    (tmp_path / "chat.json").mkdir()

    result = run("chat_app:server", "-o", "chat.json")

    assert result.exit_code == 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_link_stays_and_leads_to_what_is_new(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_text("old")
    link = tmp_path / "chat.json"
    link.symlink_to("kept.json")

    run("chat_app:server", "-o", "chat.json")

    assert link.is_symlink()
    load((tmp_path / "kept.json").read_bytes())


def test_what_is_no_file_is_written_to_and_stays_what_it_is(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        assert run("chat_app:server", "-o", "pipe").exit_code == 0
        load(os.read(end, 1_000_000))
    finally:
        os.close(end)

    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    ("options", "where"), [("-o /dev/full", " /dev/full"), ("> /dev/full", "")]
)
def test_a_full_disk_is_told_in_one_line(tmp_path: Path, options: str, where: str) -> None:
    (tmp_path / "chat_app.py").write_text(CHAT)
    command = f"{sys.executable} -m channelkit contract chat_app:server {options}"

    result = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )

    assert result.returncode == 1
    assert result.stderr == f"channelkit: cannot write{where}: No space left on device\n"


def test_the_schema_of_contracts_needs_no_app(run: Run) -> None:
    result = run("--schema")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == json.loads(SCHEMA.read_text())


@pytest.mark.parametrize("arguments", [(), ("chat_app:server", "--schema")])
def test_it_is_one_or_the_other(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert result.stderr == "channelkit: contract takes either module:app or --schema\n"


def test_channels_that_cannot_work_have_no_contract(run: Run, tmp_path: Path) -> None:
    result = run("chat_app:server", "-o", "chat.json", source=CHAT.replace("    @on_join\n", ""))

    assert result.exit_code == 1
    assert "[CK0" in result.stderr
    assert not (tmp_path / "chat.json").exists()


def test_an_app_that_is_not_there_is_told_as_check_tells_it(run: Run) -> None:
    result = run("chat_app:sever")

    assert result.exit_code == 2
    assert "did you mean server?" in result.stderr

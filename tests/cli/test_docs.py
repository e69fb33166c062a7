"""`channelkit docs`: which document, where it goes, and what cannot be written."""

from __future__ import annotations

import builtins
import json
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.testing import CliRunner

from channelkit.cli import app

from .program import CHAT

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    Run = Callable[..., Result]

ASYNCAPI = ("--format", "asyncapi")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run `channelkit docs` with these arguments, beside a `chat_app.py`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])

    def docs(*arguments: str, source: str = CHAT) -> Result:
        (tmp_path / "chat_app.py").write_text(source)
        return CliRunner().invoke(app, ["docs", *arguments])

    yield docs
    sys.modules.pop("chat_app", None)


def test_asyncapi_is_json_on_the_terminal(run: Run) -> None:
    result = run("chat_app:server", *ASYNCAPI)

    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert document["info"]["title"] == "chat_app"
    assert document["servers"]["socket.websocket"]["host"] == "localhost:4000"


@pytest.mark.parametrize("name", ["chat.yaml", "chat.yml", "chat.YAML"])
def test_a_file_that_is_called_yaml_is_yaml(run: Run, tmp_path: Path, name: str) -> None:
    result = run("chat_app:server", *ASYNCAPI, "-o", name)

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    text = (tmp_path / name).read_text()
    assert text.startswith("asyncapi: 3.1.0\n")
    assert yaml.safe_load(text) == json.loads(run("chat_app:server", *ASYNCAPI).stdout)


def test_yaml_can_be_asked_for(run: Run) -> None:
    result = run("chat_app:server", *ASYNCAPI, "--yaml")

    assert result.stdout.startswith("asyncapi: 3.1.0\n")


def test_the_program_is_introduced_as_asked(run: Run) -> None:
    asked = ("--title", "Chat", "--api-version", "7", "--url", "wss://chat.example")

    document = json.loads(run("chat_app:server", *ASYNCAPI, *asked).stdout)

    assert (document["info"]["title"], document["info"]["version"]) == ("Chat", "7")
    assert document["servers"]["socket.websocket"]["protocol"] == "wss"


def test_a_contract_is_enough(run: Run, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["contract", "chat_app:server", "-o", "chat_app.json"])
    run("chat_app:server", *ASYNCAPI)
    CliRunner().invoke(app, ["contract", "chat_app:server", "-o", "chat_app.json"])

    result = run("chat_app.json", *ASYNCAPI)

    assert result.stdout == run("chat_app:server", *ASYNCAPI).stdout


def test_a_contract_of_another_version_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text('{"contract": 2}')

    result = run("old.json", *ASYNCAPI)

    assert result.exit_code == 2
    assert result.stderr == (
        "channelkit: old.json: this is a contract of version 2; read here is 1\n"
    )


def test_what_the_module_prints_is_no_part_of_it(run: Run) -> None:
    result = run("chat_app:server", *ASYNCAPI, source="print('hello')\n" + CHAT)

    json.loads(result.stdout)
    assert result.stderr == "hello\n"


def test_html_is_one_page_that_is_the_same_each_time(run: Run, tmp_path: Path) -> None:
    asked = ("--format", "html", "--title", "Chat <3", "--url", "wss://chat.example")

    result = run("chat_app:server", *asked, "-o", "chat.html")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    page = (tmp_path / "chat.html").read_text()
    assert page.startswith("<!doctype html>\n")
    assert "<title>Chat &lt;3</title>" in page
    assert "wss://chat.example/socket/websocket" in page
    assert run("chat_app:server", *asked).stdout == page


def test_in_a_package_python_imports_the_whole_name_and_typescript_the_file_beside_it(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "talk.py").write_text(CHAT)

    text = run("shop.talk:server", "--format", "markdown").stdout

    assert "from shop.talk import " in text
    assert ' from "./talk.js";' in text


def test_markdown_takes_the_module_for_that_of_its_snippets(run: Run) -> None:
    asked = ("--format", "markdown", "--title", "Chat *3*", "--url", "wss://chat.example")

    result = run("chat_app:server", *asked)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("# Chat \\*3\\*\n")
    assert "from chat_app import NewMsg, Room" in result.stdout
    assert 'new Socket("wss://chat.example/socket")' in result.stdout


def test_a_page_is_not_written_as_yaml(run: Run) -> None:
    result = run("chat_app:server", "--format", "html", "--yaml")

    assert result.exit_code == 2
    assert result.stderr == "channelkit: --yaml is for asyncapi; html is no data\n"


def test_a_url_that_is_none_is_told(run: Run) -> None:
    result = run("chat_app:server", *ASYNCAPI, "--url", "chat.example")

    assert result.exit_code == 2
    assert result.stderr == (
        "channelkit: --url: expected a URL like wss://chat.example, got 'chat.example'\n"
    )


def test_without_pyyaml_it_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "yaml":
            raise ModuleNotFoundError("No module named 'yaml'", name="yaml")
        return usual(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)

    result = run("chat_app:server", *ASYNCAPI, "--yaml")

    assert result.exit_code == 1
    remedy = "pip install 'channelkit[docs]' brings it; JSON needs nothing"
    assert result.stderr == f"channelkit: YAML needs yaml: {remedy}\n"


def test_what_cannot_be_written_is_told_in_one_line(run: Run) -> None:
    result = run("chat_app:server", *ASYNCAPI, "-o", "no/folder.json")

    assert result.exit_code == 1
    assert result.stderr == "channelkit: cannot write no/folder.json: No such file or directory\n"


def test_channels_that_cannot_work_have_no_documents(run: Run, tmp_path: Path) -> None:
    source = CHAT.replace("    @on_join\n", "")

    result = run("chat_app:server", *ASYNCAPI, "-o", "chat.json", source=source)

    assert result.exit_code == 1
    assert "[CK0" in result.stderr
    assert not (tmp_path / "chat.json").exists()


@pytest.mark.parametrize(
    ("target", "told"),
    [("chat_app:sever", "did you mean server?"), ("chat:server", "no module named 'chat'")],
)
def test_an_app_that_is_not_there_is_told(run: Run, target: str, told: str) -> None:
    result = run(target, *ASYNCAPI)

    assert result.exit_code == 2
    assert told in result.stderr

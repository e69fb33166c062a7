"""docs/cli.md says what the command line does: its examples, its options, its log lines."""

from __future__ import annotations

import ast
import re
import shlex
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from typer.testing import CliRunner

from channelkit import LogLevels
from channelkit.cli import app

from ..cli.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cli.md").read_text()
CONSOLE = re.findall(r"^```console\n\$ (.+)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)
EXAMPLE = re.findall(r"^\d{4}-\S+ ([A-Z]+) (.*)$", PAGE, re.MULTILINE)
ROW = re.compile(r"^\| ([A-Z]+) \| `(.+?)` \| (.+?) \| .+ \|$", re.MULTILINE)

LEVELS: Final = {"info": "INFO", "warning": "WARNING", "crashed": "ERROR", "_log_crash": "ERROR"}
MEMBER: Final = ("topic", "peer", "id")
RAISED: Final = ("error", "at")

Line = tuple[str, str, tuple[str, ...]]
"""Level, event and fields."""


def documented() -> list[Line]:
    """The lines of the page's table."""
    return [
        (level, event, tuple(re.findall("`(.+?)`", fields)))
        for level, event, fields in ROW.findall(PAGE)
    ]


def logged() -> Iterator[Line]:
    """Every line that the package can log, read from its calls."""
    for file in (ROOT / "channelkit").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(
                    func=ast.Name(id="partial"),
                    args=[ast.Attribute(attr=name), ast.Constant(value=str(event))],
                ) if name in LEVELS:
                    yield LEVELS[name], event, tuple(fields(name, []))
                case ast.Call(
                    func=ast.Name(id="at"),
                    args=[ast.Attribute(attr=kind), ast.Constant(value=str(event))],
                    keywords=keywords,
                ):  # at the level that an endpoint's option asks for
                    level: str = getattr(LogLevels(), kind)
                    yield level.upper(), event, tuple(fields("info", keywords))
                case ast.Call(
                    func=ast.Name(id=name) | ast.Attribute(attr=name),
                    args=[ast.Constant(value=str(event)), *_],
                    keywords=keywords,
                ) if name in LEVELS and "%" not in event:
                    yield LEVELS[name], event, tuple(fields(name, keywords))
                case _:
                    pass


def fields(name: str, keywords: list[ast.keyword]) -> Iterator[str]:
    """The fields that a call logs; crashes add theirs, and a member its names."""
    if name == "_log_crash":
        yield from MEMBER
    for keyword in keywords:
        if keyword.arg is None:
            assert ast.unparse(keyword.value) in ("self.names()", "names", "_member(event)")
            yield from MEMBER
        else:
            yield keyword.arg
    if LEVELS[name] == "ERROR":
        yield from RAISED


def test_every_line_that_can_be_logged_is_in_the_table_and_no_other() -> None:
    assert sorted(documented()) == sorted(set(logged()))


def test_the_lines_of_the_example_are_such_lines() -> None:
    rows = {event: (level, names) for level, event, names in documented()}

    for level, text in EXAMPLE:
        event = max((name for name in rows if text.startswith(f"{name} ")), key=len)
        names = re.findall(r'(\w+)=(?:"(?:[^"\\]|\\.)*"|\S+)', text.removeprefix(event))
        assert rows[event][0] == level
        assert [name for name in rows[event][1] if name in names] == names


@pytest.mark.parametrize("name", ["check", "contract", "diff", "authz", "explain", "run"])
def test_every_option_is_in_the_page(name: str) -> None:
    told = PAGE.partition(f"## `channelkit {name}`")[2].partition("\n## ")[0]

    usage = CliRunner().invoke(app, [name, "--help"]).stdout

    options = set(re.findall(r"^  (?:-\w, )?(--[\w-]+)", usage, re.MULTILINE)) - {"--help"}
    assert options == set(re.findall(r"`(--[\w-]+)`", told))


@pytest.mark.slow
@pytest.mark.parametrize(("command", "output"), CONSOLE, ids=[command for command, _ in CONSOLE])
def test_what_a_command_prints_is_what_the_page_shows(
    command: str, output: str, tmp_path: Path
) -> None:
    source = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[0]
    (tmp_path / "chat.py").write_text(source)
    _, *arguments = shlex.split(command)
    serves = arguments[0] == "run"
    free_port = ["--port", "0", "--log-level", "error"] if serves else []

    with Program(tmp_path, *arguments, *free_port) as program:
        if serves:
            address = program.wait_ready()
            output = output.replace("http://127.0.0.1:4000", address)
            output = output.replace("ws://127.0.0.1:4000", address.replace("http", "ws"))
            output = output.replace("0.1.0", version("channelkit"))
        else:
            program.wait_end()

    assert program.output == output

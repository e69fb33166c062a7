"""docs/cli.md has every option and every log line; its examples are run as all pages' are."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from typer.testing import CliRunner

from channelkit import LogLevels
from channelkit.cli import app

from .log_lines import documented

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .log_lines import Line

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cli.md").read_text()

LEVELS: Final = {"info": "INFO", "warning": "WARNING", "crashed": "ERROR", "_log_crash": "ERROR"}
MEMBER: Final = ("topic", "peer", "id")
RAISED: Final = ("error", "at")


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


@pytest.mark.parametrize(
    "name", ["check", "contract", "diff", "docs", "authz", "client", "explain", "run"]
)
def test_every_option_is_in_the_page(name: str) -> None:
    told = PAGE.partition(f"## `channelkit {name}`")[2].partition("\n## ")[0]

    usage = CliRunner().invoke(app, [name, "--help"]).stdout

    options = set(re.findall(r"^  (?:-\w, )?(--[\w-]+)", usage, re.MULTILINE)) - {"--help"}
    assert options == set(re.findall(r"`(--[\w-]+)`", told))

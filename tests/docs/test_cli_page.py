"""docs/cli.md says what the command line does: its options, its log lines, its examples."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import typer.main

from channelkit.cli import app

from ..cli.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "channelkit"
PAGE = (ROOT / "docs" / "cli.md").read_text()

LEVELS: Final = {"info": "INFO", "warning": "WARNING", "crashed": "ERROR", "_log_crash": "ERROR"}
RAISED: Final = ("error", "at")
MEMBER: Final = ("topic", "peer", "id")


def logged() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Event, level and fields of every line that the package can log."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(
                    func=ast.Name(id=name) | ast.Attribute(attr=name),
                    args=[ast.Constant(value=str(event)), *_],
                    keywords=keywords,
                ) if name in LEVELS:
                    yield event, LEVELS[name], tuple(fields(name, keywords))
                case _:
                    pass


def fields(name: str, keywords: list[ast.keyword]) -> Iterator[str]:
    if name == "_log_crash":
        yield from MEMBER
    for keyword in keywords:
        if keyword.arg is None:
            assert ast.unparse(keyword.value) == "self._names()"
            yield from MEMBER
        else:
            yield keyword.arg
    if LEVELS[name] == "ERROR":
        yield from RAISED
if __name__ == "__main__":
    for x in sorted(logged()): print(x)

"""The lines that the program logs, as the table in docs/cli.md has them."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from .blocks import ROOT

__all__ = ["Line", "documented", "unknown"]

Line: TypeAlias = "tuple[str, str, tuple[str, ...]]"
"""Level, event and fields."""

_ROW: Final = re.compile(r"^\| ([A-Z]+) \| `(.+?)` \| (.+?) \| .+ \|$", re.MULTILINE)
_SHOWN: Final = re.compile(r"(?:\d{4}-\S+ (?P<level>[A-Z]+) )?(?P<text>.*)")
_FIELD: Final = re.compile(r' (\w+)=(?:"(?:[^"\\]|\\.)*"|\S+)')


def documented() -> list[Line]:
    """The lines of the page's table."""
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    return [
        (level, event, tuple(re.findall("`(.+?)`", fields)))
        for level, event, fields in _ROW.findall(page)
    ]


def unknown(log: str) -> list[str]:
    """The lines of a log that cannot be such: time and level may be left out."""
    rows = documented()
    return [line for line in log.splitlines() if not any(_fits(line, row) for row in rows)]


def _fits(line: str, row: Line) -> bool:
    level, event, fields = row
    shown = _SHOWN.fullmatch(line)
    if shown is None or not f"{shown['text']} ".startswith(f"{event} "):
        return False
    rest = shown["text"].removeprefix(event)
    names = _FIELD.findall(rest)
    if _FIELD.sub("", rest):
        return False
    return shown["level"] in (level, None) and [f for f in fields if f in names] == names

"""The fenced blocks of README and docs, as they stand in their pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["PAGES", "ROOT", "Block", "blocks", "code_of"]

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]

_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)$")
_TITLE = re.compile(r'\s*title="(?P<title>[^"]+)"\s*$')
CONTINUED: Final = " (continued)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block.

    Attributes:
        language: The first word behind the fence, "" where there is none.
        title: The file that it is, where it has a ``title="…"``.
        continued: Whether it goes on with that file instead of being all of it.
        options: What else stands behind the fence: nothing that the runner knows.
        line: The page's line, counted from 1, on which its code begins.
    """

    page: Path
    line: int
    language: str
    title: str | None
    continued: bool
    options: str
    code: str

    @property
    def place(self) -> str:
        """Page and line, for people."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """All fenced blocks of a page, in order; a fence that is never closed is an error."""
    return blocks_in(page.read_text(encoding="utf-8"), page)


def blocks_in(text: str, page: Path) -> list[Block]:
    """The same of a text."""
    found: list[Block] = []
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        opening = _FENCE.match(lines[number])
        number += 1
        if opening is None:
            continue
        end = next((n for n in range(number, len(lines)) if _closes(lines[n], opening)), None)
        if end is None:
            raise AssertionError(f"{page}:{number}: this fence is never closed")
        found.append(_block(page, opening, number + 1, lines[number:end]))
        number = end + 1
    return found


def code_of(page: Path, chosen: list[Block]) -> str:
    """The code of some blocks, every other line blank: line numbers are the page's."""
    lines = [""] * len(page.read_text(encoding="utf-8").splitlines())
    for block in chosen:
        for number, line in enumerate(block.code.splitlines(), block.line - 1):
            lines[number] = line
    return "\n".join(lines) + "\n"


def _closes(line: str, opening: re.Match[str]) -> bool:
    text, fence = line.strip(), opening["fence"]
    return len(text) >= len(fence) and not text.strip(fence[0])


def _block(page: Path, opening: re.Match[str], line: int, lines: list[str]) -> Block:
    language, _, rest = opening["info"].strip().partition(" ")
    titled = _TITLE.match(rest)
    title = titled["title"] if titled else None
    indent = opening["indent"]
    return Block(
        page=page,
        line=line,
        language=language,
        title=title.removesuffix(CONTINUED) if title else None,
        continued=title is not None and title.endswith(CONTINUED),
        options="" if titled else rest,
        code="".join(f"{line.removeprefix(indent)}\n" for line in lines),
    )

"""Docstrings → HTML: paragraphs, lists, code and links of what is plain text for Python. Pure.

It reads what people write in docstrings anyway, and leaves the rest as it
stands: whatever is no known sign is text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .elements import joined, tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .elements import Children, Html

__all__ = ["inline", "prose", "summary"]

BLOCK: Final = re.compile(r"^```[^\n]*\n(?P<code>.*?)(?:^```[ ]*$|\Z)", re.DOTALL | re.MULTILINE)
ITEM: Final = re.compile(r"(?:[-*•]|\d+[.)])[ ]+")
SIGN: Final = re.compile(
    r"``(?P<double>.+?)``"
    r"|`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<target>https?://[^\s()<>\"]+)\)"
    r"|(?P<url>https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?)\]])"
)


def prose(text: str) -> Html:
    """A docstring as blocks; nothing of an empty one."""
    return joined(_blocks(text))


def summary(text: str) -> Html:
    """A docstring's first paragraph, to stand in a line."""
    return inline(" ".join(text.strip().partition("\n\n")[0].split()))


def inline(text: str) -> Html:
    """A line of a docstring: its code, its strong words and its links."""
    return joined(_signs(text))


def _blocks(text: str) -> Iterator[Html]:
    last = 0
    for found in BLOCK.finditer(text):
        yield from _paragraphs(text[last : found.start()])
        yield tag("pre", tag("code", found["code"].rstrip("\n")), tabindex=0)
        last = found.end()
    yield from _paragraphs(text[last:])


def _paragraphs(text: str) -> Iterator[Html]:
    for block in re.split(r"\n[ ]*\n", text):
        lines = block.strip("\n").splitlines()
        if not any(line.strip() for line in lines):
            continue
        if all(line.startswith("    ") for line in lines):
            yield tag("pre", tag("code", "\n".join(line[4:] for line in lines)), tabindex=0)
        elif ITEM.match(lines[0].lstrip()):
            yield _list(lines)
        else:
            yield tag("p", inline(" ".join(map(str.strip, lines))), dir="auto")


def _list(lines: Sequence[str]) -> Html:
    """A list; a line without a sign before it goes on with the item above."""
    items: list[str] = []
    for line in map(str.strip, lines):
        if found := ITEM.match(line):
            items.append(line[found.end() :])
        else:
            items[-1] += f" {line}"
    kind = "ol" if lines[0].lstrip()[0].isdigit() else "ul"
    return tag(kind, (tag("li", inline(item)) for item in items), dir="auto")


def _signs(text: str) -> Iterator[Children]:
    last = 0
    for found in SIGN.finditer(text):
        yield text[last : found.start()]
        yield _sign(found)
        last = found.end()
    yield text[last:]


def _sign(found: re.Match[str]) -> Html:
    match found.lastgroup:
        case "double" | "code":
            return tag("code", found[found.lastgroup])
        case "strong":
            return tag("strong", found["strong"])
        case "target":
            return _link(found["target"], found["label"])
        case _:
            return _link(found[0], found[0])


def _link(target: str, label: str) -> Html:
    return tag("a", label, href=target, rel="noopener noreferrer")

"""Text of others as Markdown: it stays text, whatever signs are in it. Pure.

CommonMark with tables, as code hosts read it. Docstrings keep their paragraphs,
lists, code and links; all else in them means itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["cell", "code", "fenced", "inline", "prose", "summary", "table", "text"]

SPECIAL: Final = re.compile(r"[\\`*_\[\]<>~$&]")
SIGN: Final = re.compile(
    r"``(?P<double>.+?)``"
    r"|`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<target>https?://[^\s()<>\"\\]+)\)"
    r"|(?P<url>https?://[^\s<>\"'`\\]*[^\s<>\"'`\\.,;:!?)\]])"
)
FENCE: Final = re.compile(
    r"^```(?P<language>\w*)[^\n]*\n(?P<code>.*?)(?:^```[ ]*$|\Z)", re.DOTALL | re.MULTILINE
)
ITEM: Final = re.compile(r"(?:[-*•]|(?P<number>\d{1,9})[.)])[ ]+")
BEGINS: Final = re.compile(r"(?:[#>+=-]|\d+(?=[.)]))")
BLANK: Final = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")


def text(words: str) -> str:
    """Words that mean themselves, on one line."""
    return SPECIAL.sub(_escaped, BLANK.sub(" ", words))


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    if sign == "_" and before.isalnum() and after.isalnum():
        return sign  # snake_case is no emphasis
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(sign, f"\\{sign}")


def code(words: str) -> str:
    """Words as code, on one line; in a table, too."""
    line = BLANK.sub(" ", words)
    if not line.strip():
        return "` `"
    longest = max(map(len, re.findall("`+", line)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def cell(markdown: str) -> str:
    """What stands in a table: no line may end there, and no bar may end it."""
    return markdown.replace("\n", " ").replace("|", "\\|")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown. A column that says nothing is left out."""
    body = [[cell(one) for one in row] for row in rows]
    told = [place for place in range(len(heads)) if any(row[place] for row in body)]
    lines = [heads, ["---"] * len(heads), *body]
    return "\n".join(
        "".join(f"| {line[place]} " if line[place] else "| " for place in told) + "|"
        for line in lines
    )


def fenced(source: str, language: str) -> str:
    """A block of code."""
    longest = max(map(len, re.findall("`+", source)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{language}\n{source.rstrip()}\n{ticks}"


def summary(docstring: str) -> str:
    """A docstring's first paragraph, on one line."""
    return inline(docstring.strip().partition("\n\n")[0])


def inline(words: str) -> str:
    """A line of a docstring: code and links in it are code and links."""
    return "".join(_signs(BLANK.sub(" ", words.strip())))


def prose(docstring: str) -> str:
    """A docstring as blocks of Markdown; empty if it is."""
    return "\n\n".join(_blocks(docstring))


def _signs(words: str) -> Iterator[str]:
    last = 0
    for found in SIGN.finditer(words):
        yield text(words[last : found.start()])
        if found["target"] is not None:
            yield f"[{text(found['label'])}](<{found['target']}>)"
        elif found["strong"] is not None:
            yield _strong(found["strong"])
        elif found["url"] is not None:
            yield f"<{found['url']}>"
        else:
            yield code((found["double"] or found["code"]).strip())
        last = found.end()
    yield text(words[last:])


def _strong(words: str) -> str:
    """Strong words; where their signs would mean something else, they are no signs."""
    if words[:1].isalnum() and words[-1:].isalnum():
        return f"**{text(words)}**"
    return text(f"**{words}**")


def _blocks(docstring: str) -> Iterator[str]:
    last = 0
    for found in FENCE.finditer(docstring):
        yield from _paragraphs(docstring[last : found.start()])
        yield fenced(found["code"], found["language"])
        last = found.end()
    yield from _paragraphs(docstring[last:])


def _paragraphs(words: str) -> Iterator[str]:
    for block in re.split(r"\n[ ]*\n", words):
        lines = [line for line in block.strip("\n").split("\n") if line.strip()]
        if not lines:
            continue
        if all(line.startswith("    ") for line in lines):
            yield fenced("\n".join(line[4:] for line in lines), "")
        elif ITEM.match(lines[0].lstrip()):
            yield "\n".join(_items(lines))
        else:
            yield _begun(inline(" ".join(lines)))


def _items(lines: Iterable[str]) -> Iterator[str]:
    """The items of a list; a line without a sign goes on with the item above."""
    items: list[tuple[str, str]] = []
    for line in map(str.strip, lines):
        if found := ITEM.match(line):
            sign = "-" if found["number"] is None else f"{found['number']}."
            items.append((sign, line[found.end() :]))
        else:
            sign, before = items[-1]
            items[-1] = sign, f"{before} {line}"
    for sign, item in items:
        yield f"{sign} {_begun(inline(item))}"


def _begun(line: str) -> str:
    """A line that does not begin with a sign of a heading, quote, list or rule."""
    found = BEGINS.match(line)
    if found is None:
        return line
    number = found[0].rstrip()
    return f"{number}\\{line[found.end() :]}" if number.isdigit() else f"\\{line}"

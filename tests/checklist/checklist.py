"""The rows, the tests that look at them, and the tables of `docs/conformance.md`.

``python -m tests.checklist.checklist`` writes the tables anew.
"""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

__all__ = ["PAGE", "Row", "Section", "Tests", "exists", "named_tests", "sections", "with_tables"]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "conformance.md"

Tests: TypeAlias = dict[str, list[tuple[Path, str]]]
"""Row, as ``c1_27``, → the tests named after it."""

SHOWN = {
    "same": "same",
    "different": "**different**",
    "absent": "nothing here",
    "later": "later",
}


class Row(BaseModel):
    """One thing that Phoenix's tests look at. README.md here explains the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    here: Literal["same", "different", "absent", "later"]
    why: str = ""
    also: tuple[str, ...] = ()


class Section(BaseModel):
    """The rows of one file of `rows/`.

    Attributes:
        title: The heading's second part.
        source: The files of Phoenix's that the rows come from.
        evidence: What stands under `also` is enough; no test has to be named after a row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    source: str = ""
    evidence: bool = False
    rows: dict[str, Row]


@cache
def sections() -> dict[str, Section]:
    """All of them, by name: ``c1``, ``c2``, …, in their order."""
    paths = sorted(HERE.glob("rows/*.toml"), key=_place)
    return {path.stem: _section(path) for path in paths}


def _section(path: Path) -> Section:
    return Section.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def _place(path: Path) -> tuple[str, int]:
    letters = path.stem.rstrip("0123456789")
    return letters, int(path.stem.removeprefix(letters) or 0)


def named_tests() -> Tests:
    """The tests of this folder that are named after a row."""
    found: Tests = {}
    for path in sorted(HERE.glob("test_*.py")):
        for name in names_in(path):
            match = re.match(r"test_([a-z]+\d*_\d+)_", name)
            if match is not None:
                found.setdefault(match[1], []).append((path, name))
    return found


@cache
def names_in(path: Path) -> tuple[str, ...]:
    """The test functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = [node.name for node in ast.walk(tree) if isinstance(node, functions)]
    return tuple(name for name in names if name.startswith("test_"))


def exists(evidence: str) -> bool:
    """Whether something that stands under `also` is there."""
    kind, _, name = evidence.rpartition(":")
    if kind == "conversation":
        return _conversation(name) is not None
    path, _, test = evidence.partition("::")
    return (ROOT / path).is_file() and (not test or test in names_in(ROOT / path))


def _conversation(name: str) -> Path | None:
    found = (ROOT / f"tests/transcripts/{kind}/{name}.json" for kind in ("recorded", "written"))
    return next((path for path in found if path.is_file()), None)


# The page.


def table(name: str, section: Section, tests: Tests) -> str:
    """The rows of a section as the page shows them."""
    head = ["| | behaviour | here | looked at by |", "|---|---|---|---|"]
    rows = [
        " | ".join([f"| {number}", row.what, _verdict(row), f"{_links(row, named)} |"])
        for number, row in section.rows.items()
        for named in [tests.get(f"{name}_{number}", [])]
    ]
    return "\n".join([*head, *rows, ""])


def _verdict(row: Row) -> str:
    return f"{SHOWN[row.here]}: {row.why}" if row.why else SHOWN[row.here]


def _links(row: Row, named: list[tuple[Path, str]]) -> str:
    paths = dict.fromkeys(path for path, _ in named)
    links = [_link(path.stem.removeprefix("test_"), path) for path in paths]
    return ", ".join([*links, *(_told(evidence) for evidence in row.also)])


def _told(evidence: str) -> str:
    kind, _, name = evidence.rpartition(":")
    if kind == "conversation":
        return f"`{name}`"
    path = ROOT / evidence.partition("::")[0]
    return _link(path.stem.removeprefix("test_"), path)


def _link(text: str, path: Path) -> str:
    return f"[{text}](../{path.relative_to(ROOT)})"


def with_tables(page: str) -> str:
    """The page with its tables written anew."""
    tests = named_tests()
    parts = [
        f"### {name.upper()}: {section.title}\n\n{_source(section)}{table(name, section, tests)}"
        for name, section in sections().items()
    ]
    pattern = r"(?<=<!-- checklist -->\n).*?(?=<!-- /checklist -->)"
    return re.sub(pattern, lambda _: "\n".join(parts), page, flags=re.DOTALL)


def _source(section: Section) -> str:
    return f"{section.source}\n\n" if section.source else ""


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

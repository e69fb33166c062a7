"""Every Python block of README and docs runs, page by page, and its tests pass."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import json
import linecache
import re
import sys
import types
from typing import TYPE_CHECKING

import pytest

from channelkit import Limits

from .blocks import PAGES, ROOT, blocks, code_of
from .fates import in_module
from .log_lines import documented
from .stories import Story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")
MODULES = {page: [block for block in blocks(page) if in_module(block)] for page in PAGES}
WITH_CODE = [page for page, found in MODULES.items() if found]


@pytest.fixture
def module(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[types.ModuleType]:
    """The page as a module, its source known to `inspect`; it may import the page's files."""
    page: Path = request.param
    before = set(sys.modules)
    with Story(tmp_path, blocks(page)) as story:
        story.write()
    monkeypatch.setattr(sys, "path", [str(story.folder), *sys.path])
    source = code_of(page, MODULES[page])
    made = types.ModuleType(f"page_{page.stem.lower().replace('-', '_')}")
    made.__file__ = str(page)
    linecache.cache[str(page)] = (len(source), None, source.splitlines(keepends=True), str(page))
    sys.modules[made.__name__] = made
    exec(compile(source, str(page), "exec"), made.__dict__)
    yield made
    del linecache.cache[str(page)]
    own = {file.name.removesuffix(".py") for file in story.folder.iterdir()} | {made.__name__}
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in own:
            del sys.modules[name]


@pytest.mark.anyio
@pytest.mark.parametrize("module", WITH_CODE, indirect=True, ids=[page.stem for page in WITH_CODE])
async def test_the_code_of_a_page_runs(module: types.ModuleType) -> None:
    for name, function in vars(module).copy().items():
        if name.startswith("test_") and inspect.iscoroutinefunction(function):
            await function()
    for name in ("server", "endpoint"):
        subject = getattr(module, name, None)
        for endpoint in getattr(subject, "endpoints", [subject] if subject else []):
            endpoint.compile()


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    targets = [page.parent / link for link in LINK.findall(page.read_text())]

    assert [target for target in targets if not target.exists()] == []


def test_the_table_of_limits_is_up_to_date() -> None:
    page = (ROOT / "docs" / "limits.md").read_text()

    assert f"<!-- limits -->\n{limits_table()}<!-- /limits -->" in page


def test_every_limit_says_how_it_is_seen() -> None:
    told = {name: seen for name, _, seen in limits()}

    assert list(told) == [field.name for field in dataclasses.fields(Limits)]
    assert [name for name, seen in told.items() if not seen] == []


def test_the_lines_by_which_a_limit_is_seen_are_lines_of_the_log() -> None:
    lines = {event for _, event, _ in documented()}
    named = [
        line
        for _, _, seen in limits()
        for logs in re.findall(r"logs? ((?:`[^`]+`(?:, )?)+)", seen)
        for line in re.findall("`([^`]+)`", logs)
    ]

    assert named
    assert [line for line in named if line not in lines] == []


def limits() -> list[tuple[str, str, str]]:
    """The fields of `Limits`: name, what happens at it, how that is seen."""
    (made,) = ast.parse(inspect.getsource(Limits)).body
    assert isinstance(made, ast.ClassDef)
    told: list[tuple[str, str, str]] = []
    for field, text in itertools.pairwise(made.body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            assert isinstance(text, ast.Expr)
            assert isinstance(text.value, ast.Constant)
            what, _, seen = inspect.cleandoc(str(text.value.value)).partition("\n\nSeen: ")
            told.append((field.target.id, what, seen.replace("\n", " ")))
    return told


def limits_table() -> str:
    """The fields of `Limits` with their defaults and what their docstrings say."""
    rows = [
        f"| `{name}` | {json.dumps(getattr(Limits(), name))} | {what} | {seen.removesuffix('.')} |"
        for name, what, seen in limits()
    ]
    head = ["| limit | default | what, and what happens at it | seen |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, ""])


if __name__ == "__main__":  # python -m tests.docs.test_documents: write the table anew
    path = ROOT / "docs" / "limits.md"
    text = re.sub(
        r"<!-- limits -->\n.*?<!-- /limits -->",
        lambda _: f"<!-- limits -->\n{limits_table()}<!-- /limits -->",
        path.read_text(),
        flags=re.DOTALL,
    )
    path.write_text(text)

"""Every Python block of README and docs runs, page by page, and its tests pass."""

from __future__ import annotations

import inspect
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


def limits_table() -> str:
    """The fields of `Limits` with their defaults and the docstrings behind them."""
    source = inspect.getsource(Limits)
    field = re.compile(r'^    (\w+): \w+ = (.+)\n    """(.+?)"""$', re.MULTILINE)
    rows = [
        f"| `{name}` | {json.dumps(getattr(Limits(), name))} | {text} |"
        for name, _, text in field.findall(source)
    ]
    return "\n".join(
        ["| limit | default | what, and what happens at it |", "|---|---|---|", *rows, ""]
    )


if __name__ == "__main__":  # python -m tests.docs.test_documents: write the table anew
    path = ROOT / "docs" / "limits.md"
    text = re.sub(
        r"<!-- limits -->\n.*?<!-- /limits -->",
        lambda _: f"<!-- limits -->\n{limits_table()}<!-- /limits -->",
        path.read_text(),
        flags=re.DOTALL,
    )
    path.write_text(text)

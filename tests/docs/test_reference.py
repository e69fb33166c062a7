"""What a page imports has a place in the site's reference; tests/site looks at what is built."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .blocks import PAGES, blocks
from .test_nav import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator


def imported() -> Iterator[str]:
    """Every name of channelkit that a page's Python imports, with its module."""
    for block in (block for page in PAGES for block in blocks(page)):
        if block.language != "python" or "channelkit" not in block.code:
            continue
        for node in ast.walk(ast.parse(block.code)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("channelkit"):
                yield from (f"{node.module}.{name.name}" for name in node.names)


def listed() -> list[str]:
    """The names in `.ci/site/reference/`."""
    pages = (page.read_text(encoding="utf-8") for page in (SITE / "reference").glob("*.md"))
    return re.findall(r"^::: (\S+)$", "\n".join(pages), re.MULTILINE)


def test_what_the_pages_import_is_in_the_reference() -> None:
    shown = set(listed()) | {re.sub(r"\.\w+(\.\w+)$", r"\1", name) for name in listed()}
    modules = {"channelkit.exits", "channelkit.*"}

    missing = sorted(set(imported()) - shown - modules)

    assert missing == [], "write ::: with each name on a page in .ci/site/reference/"


def test_no_name_is_in_the_reference_twice() -> None:
    assert len(listed()) == len(set(listed()))

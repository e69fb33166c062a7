"""What becomes of each fenced block: `python -m tests.docs.fates [page]` lists it.

A block without a fate, or with one that another test has to keep and does not, fails.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

from .blocks import PAGES, ROOT, blocks
from .formats import FORMATS
from .stories import COMMANDS, SCRIPTS, is_form, prints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .blocks import Block

__all__ = ["ELSEWHERE", "MODULE", "fates", "in_module", "is_elsewhere", "is_typed"]

ELSEWHERE: Final = {
    ("clients.md", "js"): "tests/clients/test_page.py",
    ("clients.md", "py"): "tests/clients/test_page.py",
    ("design.md", "mermaid"): "tests/session_table.py",
    ("problems.md", "python"): "tests/compiler/test_documents.py",
    ("types.md", "py"): "tests/typing/test_typing.py",
    ("typescript.md", "ts"): "tests/codegen/test_page.py",
}
"""Blocks that a test of their own runs, by page and language; the test has to name the page."""

MODULE: Final = "runs, as part of the page's module"


def in_module(block: Block) -> bool:
    """Whether a block is part of its page's module."""
    return block.language == "python" and block.title is None


def is_typed(block: Block) -> bool:
    """Whether the TypeScript compiler reads a block."""
    return block.language in SCRIPTS and not is_elsewhere(block)


def is_elsewhere(block: Block) -> bool:
    """Whether a test of its own has a block."""
    return (block.page.name, block.language) in ELSEWHERE


def fates(page: Sequence[Block]) -> list[tuple[Block, list[str]]]:
    """What becomes of the blocks of one page, in words; of a block that nothing reads, nothing."""
    after_commands, has_files = False, any(block.title for block in page)
    found: list[tuple[Block, list[str]]] = []
    for block in page:
        found.append((block, _fates_of(block, after_commands=after_commands)))
        if block.language in COMMANDS:
            after_commands = block.language == "sh" and has_files
        elif block.language == "text":
            after_commands = False
    return found


def _fates_of(block: Block, *, after_commands: bool) -> list[str]:
    told: list[str] = []
    test = ELSEWHERE.get((block.page.name, block.language))
    if block.options:
        return []  # a fence that says what nobody reads
    if block.language == "diff":
        return [f"changes {block.title}"] if block.title else []
    if test is not None and block.page.name in (ROOT / test).read_text(encoding="utf-8"):
        return [f"in {test}"]
    if block.title is not None:
        told.append(f"is the file {block.title}")
    elif in_module(block):
        told.append(MODULE)
    if block.language in COMMANDS:
        told.append("its commands, one by one")
    if block.language in FORMATS:
        told.append(f"parses as {block.language}")
    if is_typed(block):
        told.append("type-checks")
        told += ["runs, and prints what it says"] if prints(block) else []
    if block.language == "log":
        told.append("its lines are in the table of docs/cli.md")
    if block.language == "text" and is_form(block):
        told.append("shows a form")
    elif block.language == "text" and after_commands:
        told.append("is what the commands above print")
    return told


def main(names: Sequence[str]) -> None:
    """Print it for some pages, or for all, and a summary."""
    count: Counter[str] = Counter()
    for page in PAGES:
        if names and page.name not in names:
            continue
        for block, told in fates(blocks(page)):
            text = "; ".join(told) or "NOTHING READS IT"
            count[text] += 1
            print(f"{block.place}: {block.language or '(none)'}: {text}")
    for text, number in count.most_common():
        print(f"{number:5} {text}")


if __name__ == "__main__":
    main(sys.argv[1:])

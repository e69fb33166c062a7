"""Every fenced block of README and docs is run or checked, whatever its language.

`python -m tests.docs.fates` lists what becomes of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..npm import needs, needs_node
from .blocks import PAGES, Block, blocks
from .commands import fate, lines
from .fates import fates, is_elsewhere, is_typed
from .formats import FORMATS, started
from .log_lines import unknown
from .scripts import complaints
from .stories import Story, is_played, prints

if TYPE_CHECKING:
    from pathlib import Path

BLOCKS = {page: blocks(page) for page in PAGES}
ALL = [block for page in BLOCKS.values() for block in page]
STORIES = [page for page, found in BLOCKS.items() if any(map(is_played, found))]
TYPED = [page for page, found in BLOCKS.items() if any(map(is_typed, found))]
DATA = [block for block in ALL if block.language in FORMATS and not is_elsewhere(block)]
LOGS = [block for block in ALL if block.language == "log"]


def name(value: Path | Block) -> str:
    return value.place if isinstance(value, Block) else value.stem


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_something_becomes_of_every_block(page: Path) -> None:
    told = fates(BLOCKS[page])

    assert [block.place for block, what in told if not what] == []


@pytest.mark.slow
@pytest.mark.parametrize("page", STORIES, ids=name)
def test_the_files_and_commands_of_a_page_work_in_its_order(page: Path, tmp_path: Path) -> None:
    needs_packages(BLOCKS[page])

    with Story(tmp_path, BLOCKS[page]) as story:
        story.play()


@pytest.mark.slow
@pytest.mark.node
@needs_node
@needs("phoenix", "typescript", "@types/phoenix", folder="docs")
@pytest.mark.parametrize("page", TYPED, ids=name)
def test_the_scripts_of_a_page_fit_their_types(page: Path, tmp_path: Path) -> None:
    with Story(tmp_path, BLOCKS[page]) as story:
        story.write()

    assert complaints(story.folder, [b for b in BLOCKS[page] if is_typed(b)]) == []


@pytest.mark.parametrize("block", DATA, ids=name)
def test_a_block_is_well_formed(block: Block) -> None:
    FORMATS[block.language](block.code)

    for command in started(block.language, block.code):
        for line in lines(command):
            fate(line, has_files=True)


@pytest.mark.parametrize("block", LOGS, ids=name)
def test_the_lines_of_a_log_are_such_as_can_be_logged(block: Block) -> None:
    assert unknown(block.code) == []


def needs_packages(page: list[Block]) -> None:
    """Skip where a page's scripts run, and there is nothing to run them with."""
    if any(prints(block) for block in page if is_typed(block)):
        for mark in (needs_node, needs("phoenix", "ws", folder="docs")):
            if mark.args[0]:
                pytest.skip(mark.kwargs["reason"])

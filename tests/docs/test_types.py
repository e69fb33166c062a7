"""The Python of every page is typed: mypy has nothing to say of it, even if it is strict."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .blocks import PAGES, blocks, code_of
from .fates import in_module
from .stories import Story

if TYPE_CHECKING:
    from pathlib import Path

WRONG = "problems.md"
"""The page that shows what is wrong."""

BLOCKS = {page: blocks(page) for page in PAGES if page.name != WRONG}
TYPED = [page for page, found in BLOCKS.items() if any(b.language == "python" for b in found)]
OPTIONS = ["--strict", "--config-file=", "--no-error-summary"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy learns of the packages, once for all pages."""
    return tmp_path_factory.mktemp("mypy")


@pytest.mark.slow
@pytest.mark.parametrize("page", TYPED, ids=lambda page: page.stem)
def test_the_python_of_a_page_is_typed(page: Path, cache: Path, tmp_path: Path) -> None:
    with Story(tmp_path, BLOCKS[page]) as story:
        story.write()
    module = [block for block in BLOCKS[page] if in_module(block)]
    (story.folder / "the_page.py").write_text(code_of(page, module))

    done = subprocess.run(
        [sys.executable, "-m", "mypy", *OPTIONS, f"--cache-dir={cache}", "."],
        cwd=story.folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")

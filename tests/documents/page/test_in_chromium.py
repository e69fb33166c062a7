"""The page in Chromium: found through, switched, printed, read without scripts, attacked."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from channelkit.contract import contract_of
from channelkit.documents.page import render
from examples.chat import endpoint
from tests.browser.driving import MARKS
from tests.npm import CHROMIUM, MODULES, NODE

from .big import big_contract
from .hostile import hostile_page

pytestmark = MARKS

HERE: Final = Path(__file__).parent
VISITS = [(scheme, size) for scheme in ("light", "dark") for size in ("desktop", "phone")]


def visit(folder: Path, scenario: str, html: str, *arguments: str) -> None:
    """Play a scenario with a page that stands in a file."""
    file = folder / "page.html"
    file.write_text(html, "utf-8")
    done = subprocess.run(
        [NODE, HERE / "page.mjs", scenario, file, *arguments],
        env={**os.environ, "CHANNELKIT_NODE_MODULES": str(MODULES), "CHROMIUM": CHROMIUM},
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def chat() -> str:
    """The page of the example chat."""
    return render(contract_of([endpoint]))


@pytest.mark.parametrize(("scheme", "size"), VISITS)
def test_a_reader_finds_the_way_and_axe_finds_nothing(
    tmp_path: Path, chat: str, scheme: str, size: str
) -> None:
    visit(tmp_path, "reader", chat, scheme, size)


def test_tabs_follow_the_keyboard_and_what_they_show_can_be_copied(
    tmp_path: Path, chat: str
) -> None:
    visit(tmp_path, "tabs", chat)


def test_the_language_is_chosen_for_the_whole_page_and_remembered(
    tmp_path: Path, chat: str
) -> None:
    visit(tmp_path, "languages", chat)


def test_a_link_leads_to_its_place_and_the_contents_show_it(tmp_path: Path, chat: str) -> None:
    visit(tmp_path, "linked", chat)


def test_nothing_has_to_be_scrolled_sideways_on_the_smallest_phone(
    tmp_path: Path, chat: str
) -> None:
    visit(tmp_path, "narrow", chat)


def test_everything_can_be_read_without_scripts(tmp_path: Path, chat: str) -> None:
    visit(tmp_path, "scriptless", chat)


def test_it_prints_black_on_white_without_what_is_for_screens(tmp_path: Path, chat: str) -> None:
    visit(tmp_path, "paper", chat)


def test_nothing_that_an_author_wrote_runs(tmp_path: Path) -> None:
    visit(tmp_path, "hostile", hostile_page())


def test_a_page_of_two_hundred_channels_can_be_searched(tmp_path: Path) -> None:
    visit(tmp_path, "big", render(big_contract(200)))

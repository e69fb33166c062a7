"""Whoever adds a page lists it in the site's navigation."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = ROOT / ".ci" / "site"
CONFIG = (SITE / "mkdocs.yml").read_text(encoding="utf-8")
NAV = re.search(r"^nav:\n((?:  .*\n)+)", CONFIG, re.MULTILINE)


def listed() -> list[str]:
    """The pages under `nav` in `.ci/site/mkdocs.yml`."""
    assert NAV is not None
    return re.findall(r"([\w/-]+\.md)$", NAV[1], re.MULTILINE)


def pages() -> list[str]:
    """Those of docs/, those of the reference, and those that a build writes of the examples."""
    docs = [page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")]
    reference = [page.relative_to(SITE) for page in (SITE / "reference").glob("*.md")]
    return [page.as_posix() for page in docs + reference]


def test_every_page_is_in_the_navigation() -> None:
    missing = sorted(set(pages()) - set(listed()))

    assert missing == [], "list each under nav in .ci/site/mkdocs.yml, where a reader looks for it"


def test_the_navigation_leads_to_pages_that_exist_each_once() -> None:
    written = [page for page in listed() if not page.startswith("examples/")]

    assert sorted(written) == sorted(pages())


def test_every_page_of_docs_begins_with_its_title() -> None:
    titles = {page: page.read_text().partition("\n")[0] for page in (ROOT / "docs").glob("*.md")}

    assert [page.name for page, title in titles.items() if not title.startswith("# ")] == []

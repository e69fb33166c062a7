"""Reads the HTML of a built site: its links, its anchors, and what a page is made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Page", "Site"]

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
FETCHED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src"}


@dataclass
class Page:
    """What stands in one page."""

    path: Path
    links: list[str] = field(default_factory=list[str])
    """Where its anchors lead."""
    fetched: list[str] = field(default_factory=list[str])
    """What a browser fetches with it."""
    ids: list[str] = field(default_factory=list[str])
    headings: list[str] = field(default_factory=list[str])
    """Ids of the headings that the reference makes of objects."""
    article: Counter[str] = field(default_factory=Counter[str])
    """How many of each tag its article has."""
    text: str = ""
    """What its article says, code as well."""


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self._depth = 0
        """Of the element that is open, counted from the article."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.page.ids.append(values["id"])
        if tag == "a" and "href" in values:
            self.page.links.append(values["href"])
        if tag in FETCHED and FETCHED[tag] in values:
            self.page.fetched.append(values[FETCHED[tag]])
        if tag == "link" and values.get("rel") not in {"canonical", "next", "prev"}:
            self.page.fetched.append(values["href"])
        if "doc-heading" in values.get("class", "").split():
            self.page.headings.append(values["id"])
        inside = tag == "article" and "md-content__inner" in values.get("class", "")
        if self._depth:
            self.page.article[tag] += 1
        if (self._depth or inside) and tag not in VOID:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if self._depth and tag not in VOID:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.page.text += data


@dataclass
class Site:
    """A built site."""

    root: Path

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Every page, by its path below the root."""
        found: dict[str, Page] = {}
        for path in sorted(self.root.rglob("*.html")):
            page = Page(path)
            _Reader(page).feed(path.read_text(encoding="utf-8"))
            found[path.relative_to(self.root).as_posix()] = page
        return found

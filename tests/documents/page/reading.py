"""What a person reads of a piece of the page."""

from __future__ import annotations

import re
from html import unescape

__all__ = ["part", "text"]


def text(html: str) -> str:
    """The words, one space between any two."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def part(html: str, mark: str) -> str:
    """The article with a mark, as text; a section without one up to its next article."""
    found = re.search(
        rf"<(article|section)[^>]* {re.escape(mark)}(?=[ >]).*?</\1>", html, re.DOTALL
    )
    assert found, mark
    return text(found[0])

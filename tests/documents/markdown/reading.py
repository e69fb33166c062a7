"""Markdown as a code host reads it: what is a link, what an anchor, what is text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

__all__ = ["anchors", "cells", "html", "links", "said"]

READER: Final = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ANCHOR: Final = re.compile(r'<a id="([\w-]+)">')


def _tokens(text: str) -> Iterator[Token]:
    for token in READER.parse(text):
        yield token
        yield from token.children or ()


def links(text: str) -> list[str]:
    """Where the links lead."""
    return [str(one.attrs["href"]) for one in _tokens(text) if one.type == "link_open"]


def html(text: str) -> list[str]:
    """Everything that is HTML."""
    kinds = ("html_block", "html_inline")
    found = [one.content.strip() for one in _tokens(text) if one.type in kinds]
    return [line for block in found for line in block.splitlines()]


def anchors(text: str) -> list[str]:
    """The addresses that can be linked to."""
    return [name for line in html(text) for name in ANCHOR.findall(line)]


def said(text: str) -> str:
    """What a reader sees: text and code, without any sign of Markdown."""
    return "".join(_said(READER.parse(text)))


def _said(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline", "fence", "code_block"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        yield from _said(token.children or ())


def cells(text: str) -> list[list[str]]:
    """The first table: what a reader sees in its rows, the heads too."""
    rows: list[list[str]] = []
    for token in READER.parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append("".join(_said(token.children or ())))
    return rows

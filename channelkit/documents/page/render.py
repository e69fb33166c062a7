"""Contract → one HTML page that needs nothing else. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from .assets import PAGE, Assets, policy
from .channels import channel_page
from .elements import document, joined, raw, tag
from .outline import outline
from .payloads import payloads, refusals
from .prose import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contract.form import Contract
    from .elements import Html
    from .outline import EndpointPart, Outline

__all__ = ["render"]

CONSOLE: Final = Assets(connects=("'self'", "http:", "https:", "ws:", "wss:"))
"""What the console adds."""

# JSON in a script: what HTML would read as something else, JSON can write otherwise.
HARMLESS: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render(contract: Contract, *, console: bool = False) -> str:
    """The manual of a contract: one page without any request, the same bytes each time.

    It works from a file as from a server, with scripts and without.

    Args:
        console: Whether it is to be a console too, with which to join and push.
    """
    book, assets = outline(contract), PAGE + CONSOLE if console else PAGE
    return document(tag("html", _head(assets), _body(book, assets, console=console), lang="en"))


def _head(assets: Assets) -> Html:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy(assets)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", "Real-time protocol"),
        assets.head(),
    )


def _body(book: Outline, assets: Assets, *, console: bool) -> Html:
    return tag(
        "body",
        tag("a", "Skip to the content", href="#content", class_="skip"),
        tag("header", tag("a", "Real-time protocol", href="#top"), id="top"),
        tag("nav", tag("ul", _links(book)), aria_label="Contents"),
        tag("main", _content(book, console=console), id="content", tabindex=-1),
        tag("div", id="console") if console else None,
        raw("script", _data(book.contract), type="application/json", id="contract"),
        assets.foot(),
    )


def _content(book: Outline, *, console: bool) -> Iterator[Html]:
    schemas = book.contract.schemas
    yield tag("h1", "Real-time protocol")
    for part in book.endpoints:
        yield _connect(part, book, console=console)
        for channel in part.channels:
            yield channel_page(channel, schemas, console=console)


def _connect(part: EndpointPart, book: Outline, *, console: bool) -> Html:
    endpoint, schemas = part.endpoint, book.contract.schemas
    connect = endpoint.connect
    return tag(
        "section",
        tag("h2", "Connect to ", tag("code", endpoint.path)),
        tag(
            "article",
            None
            if connect is None
            else joined(
                prose(connect.description),
                tag("h3", "Parameters"),
                payloads(connect.params, schemas),
                refusals(connect.refuses, schemas) if connect.refuses else None,
            ),
            tag("div", data_console_slot=True) if console else None,
            data_connect=True,
        ),
        id=part.address,
        class_="endpoint",
        data_endpoint=endpoint.path,
    )


def _links(book: Outline) -> Iterator[Html]:
    for part in book.endpoints:
        yield tag("li", tag("a", f"Connect to {part.endpoint.path}", href=f"#{part.address}"))
        for channel in part.channels:
            yield tag(
                "li", tag("a", tag("code", channel.channel.pattern), href=f"#{channel.address}")
            )


def _data(contract: Contract) -> str:
    data = contract.model_dump(mode="json")
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(HARMLESS)

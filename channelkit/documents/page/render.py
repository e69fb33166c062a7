"""Contract → one HTML page that needs nothing else. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from ..about import About
from ..console import SCRIPT, STYLE, samples_of
from ..samples import Samples
from ..snippets import Snippets
from .articles import Book, heading
from .assets import PAGE, Assets, policy
from .channels import channel_page, pattern_code
from .elements import document, joined, raw, tag
from .endpoints import connect_page
from .errors import errors_page
from .navigation import bar, contents, many, search
from .outline import outline
from .panels import panel, sample
from .payloads import Payloads
from .prose import prose, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from ...contract.form import Contract
    from .elements import Html
    from .outline import ChannelPart

__all__ = ["CONSOLE", "render"]

CONSOLE: Final = Assets(
    styles=(STYLE,),
    modules=(SCRIPT,),
    connects=("'self'", "http:", "https:", "ws:", "wss:"),
)
"""What the console adds."""

DATA: Final = "application/json"

# JSON in a script: what HTML would read as something else, JSON can write otherwise.
HARMLESS: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render(
    contract: Contract,
    about: About | None = None,
    *,
    console: bool = False,
    mount: str | None = None,
) -> str:
    """The manual of a contract: one page without any request, the same bytes each time.

    It works from a file as from a server, with scripts and without.

    Args:
        about: What the program is called, and where it is served.
        console: Whether it is to be a console too, with which to join and push.
        mount: The path at which the endpoints' own server serves it, without a slash at the
            end; a console has no other way to know what stands before their paths. None
            where it is not served by them: it asks for the server then.
    """
    about = about or About()
    parts, assets = outline(contract), PAGE + CONSOLE if console else PAGE
    book = Book(
        outline=parts,
        sent=Payloads(parts, written=False),
        received=Payloads(parts, written=True),
        samples=Samples(contract.schemas),
        snippets=Snippets(contract, about),
        about=about,
        console=console,
    )
    title = book.about.title
    size = "many" if many(parts) else None
    return document(
        tag("html", _head(title, assets), _body(title, book, assets, mount), lang="en", class_=size)
    )


def _head(title: str, assets: Assets) -> Html:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy(assets)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        assets.head(),
    )


def _body(title: str, book: Book, assets: Assets, mount: str | None) -> Html:
    contract = book.outline.contract
    return tag(
        "body",
        tag("a", "Skip to the content", href="#content", class_="skip"),
        bar(title),
        contents(book.outline),
        tag("main", _content(title, book), id="content", tabindex=-1),
        search(),
        tag("div", id="console", data_mount=mount) if book.console else None,
        raw("script", _json(contract.model_dump(mode="json")), type=DATA, id="contract"),
        raw("script", _json(samples_of(contract)), type=DATA, id="samples")
        if book.console
        else None,
        assets.foot(),
        id="top",
    )


def _content(title: str, book: Book) -> Iterator[Html]:
    yield _cover(title, book)
    for part in book.outline.endpoints:
        yield connect_page(part, book)
        yield from (channel_page(channel, book) for channel in part.channels)
    if book.outline.types:
        yield _types(book)
    yield errors_page(book.outline)


def _cover(title: str, book: Book) -> Html:
    contract = book.outline.contract
    parts = [channel for part in book.outline.endpoints for channel in part.channels]
    count = "One channel" if len(parts) == 1 else f"{len(parts)} channels"
    intro = (
        f"{count} of typed messages. It speaks Phoenix Channels, so any client of those will do."
        " This page is made of what the server itself declares."
    )
    return tag(
        "header",
        tag("h1", title),
        tag("p", intro, class_="lead"),
        tag("ul", map(_card, parts), class_="cards"),
        tag("p", "Version ", tag("code", book.about.version_of(contract)), class_="version"),
        class_="cover",
    )


def _card(part: ChannelPart) -> Html:
    channel = part.channel
    counted = [
        f"{len(things)} {name}{'' if len(things) == 1 else end}"
        for things, name, end in ((channel.events, "event", "s"), (channel.pushes, "push", "es"))
        if things
    ]
    return tag(
        "li",
        tag("a", pattern_code(channel.pattern), href=f"#{part.address}"),
        tag("p", summary(channel.description)) if channel.description else None,
        tag("p", " · ".join([*counted, *(["presence"] if part.presence else [])]), class_="note"),
    )


def _types(book: Book) -> Html:
    address = book.outline.types_address
    return tag(
        "section",
        tag("div", heading(2, address, "Types"), class_="words"),
        (_type(name, to, book) for name, to in book.outline.types.items()),
        id=address,
        class_="chapter",
        aria_label="Types",
    )


def _type(name: str, address: str, book: Book) -> Html:
    schema = book.outline.contract.schemas[name]
    value = book.samples.value(schema, optional=True)
    return tag(
        "article",
        tag(
            "div",
            joined(
                heading(3, address, tag("code", name)),
                prose(str(schema.get("description", ""))),
                book.sent.named(name),
            ),
            class_="words",
        ),
        tag("div", panel(f"A sample of {name}", [sample(name, value)]), class_="code"),
        id=address,
        data_type=name,
    )


def _json(data: JsonValue) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(HARMLESS)

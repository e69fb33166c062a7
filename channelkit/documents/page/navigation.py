"""The ways through the page: the bar on top, the contents at the side, the search. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .channels import pattern_code
from .elements import joined, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .elements import Html
    from .outline import ChannelPart, Outline

__all__ = ["bar", "contents", "many", "search"]


def bar(title: str) -> Html:
    """The bar; what needs scripts is hidden until they run."""
    return tag(
        "header",
        tag(
            "button",
            _icon("menu"),
            aria_label="Contents",
            aria_expanded="false",
            aria_controls="sidebar",
            class_="icon only-scripts",
            type="button",
            id="menu",
        ),
        tag("a", _icon("mark"), tag("span", title), href="#top", class_="brand"),
        tag(
            "button",
            _icon("search"),
            tag("span", "Search"),
            tag("kbd", "/", aria_hidden="true"),
            aria_label="Search",
            class_="find only-scripts",
            type="button",
            id="find",
        ),
        tag(
            "button",
            _icon("theme"),
            class_="icon only-scripts",
            type="button",
            id="theme",
            aria_label="Theme: as the system",
        ),
        class_="bar",
    )


def contents(book: Outline) -> Html:
    """Every part of the page as a link, as deep as its events."""
    return tag(
        "nav",
        tag("ul", _items(book), class_="chapters"),
        id="sidebar",
        aria_label="Contents",
    )


def search() -> Html:
    """The dialog of the search, which scripts fill."""
    field = tag(
        "input",
        type="text",
        id="query",
        role="combobox",
        placeholder="Channels, events, fields…",
        aria_label="Search",
        aria_expanded="false",
        aria_controls="found",
        aria_autocomplete="list",
        autocomplete="off",
        spellcheck="false",
    )
    return tag(
        "dialog",
        tag("div", _icon("search"), field, tag("kbd", "Esc", aria_hidden="true"), class_="query"),
        tag("ul", id="found", role="listbox", aria_label="Found"),
        tag("p", id="count", role="status"),
        id="search",
        aria_label="Search",
    )


def many(book: Outline) -> bool:
    """Whether there is more than a reader looks through."""
    channels = [part.channel for endpoint in book.endpoints for part in endpoint.channels]
    return sum(3 + len(channel.events) + len(channel.pushes) for channel in channels) > MANY


def _items(book: Outline) -> Iterator[Html]:
    for part in book.endpoints:
        connect = joined("Connect to ", tag("code", part.endpoint.path))
        yield tag("li", tag("a", connect, href=f"#{part.address}"), class_="endpoint")
        yield from map(_channel, part.channels)
    if book.types:
        yield tag("li", tag("a", "Types", href=f"#{book.types_address}"))
    yield tag("li", tag("a", "Errors", href=f"#{book.errors}"))


def _channel(part: ChannelPart) -> Html:
    return tag(
        "li",
        tag("a", pattern_code(part.channel.pattern), href=f"#{part.address}"),
        tag("ul", _parts(part)),
        class_="channel",
    )


def _parts(part: ChannelPart) -> Iterator[Html]:
    yield _link(part.join, "Join")
    for event, address in zip(part.channel.events, part.events, strict=True):
        yield _link(address, event.event, "send")
    for push, address in zip(part.channel.pushes, part.pushes, strict=True):
        yield _link(address, push.event, "receive")
    if part.presence is not None:
        yield _link(part.presence, "Presence")


def _link(address: str, name: str, kind: str | None = None) -> Html:
    text = name if kind is None else (tag("code", name), " ", tag("small", kind))
    return tag("li", tag("a", text, href=f"#{address}"))


ICONS: Final = {
    "menu": ("M3 5h14M3 10h14M3 15h14",),
    "search": ("M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z", "M13.2 13.2 17 17"),
    "theme": ("M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z", "M10 3v14a7 7 0 0 0 0-14z"),
    "mark": ("M3 6.5h13l-3.5-3.5", "M17 13.5H4l3.5 3.5"),
}

MANY: Final = 60
"""From so many links on the contents show those of the channel that is read, and no other's."""


def _icon(name: str) -> Html:
    paths = (tag("path", d=path) for path in ICONS[name])
    return tag("svg", paths, viewBox="0 0 20 20", aria_hidden="true", class_=f"i-{name}")

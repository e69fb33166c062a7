"""How to connect to an endpoint: its address, its parameters, its limits. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..about import LOCAL
from .articles import article, facts, heading, said, samples_of
from .elements import tag
from .panels import snippets
from .prose import prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ...contract.form import EndpointContract
    from ..about import About
    from .articles import Book
    from .elements import Children, Html
    from .outline import EndpointPart

__all__ = ["connect_page", "limit_rows"]


def _count(value: float) -> str:
    return f"{value:,}"


def _seconds(value: float) -> str:
    return f"{value:g} s"


def _bytes(value: float) -> str:
    for unit, size in (("MiB", 1024 * 1024), ("KiB", 1024)):
        if value >= size and value % size == 0:
            return f"{value / size:g} {unit}"
    return f"{value:,} bytes"


TRANSPORTS: Final = {"websocket": "WebSocket", "longpoll": "Long-poll"}
LIMITS: Final[Mapping[str, tuple[str, Callable[[float], str], str]]] = {
    "topics": ("Topics that a socket has joined", _count, "too many channels joined"),
    "message": ("One message", _bytes, "closed with 1009"),
    "fragments": ("Frames of one fragmented message", _count, "closed with 1008"),
    "concurrent": (
        "Events of one member that are handled at once, where they may overtake",
        _count,
        "the next one waits",
    ),
    "join": ("A join", _seconds, "join timeout"),
    "idle": ("Silence; a heartbeat breaks it", _seconds, "closed with 1001"),
    "body": ("The body of an HTTP request", _bytes, "HTTP 413"),
}
"""What each limit is about, how its value is written, and what happens at it."""


def connect_page(part: EndpointPart, book: Book) -> Html:
    """How a client gets a socket."""
    endpoint = part.endpoint
    return tag(
        "section",
        tag(
            "header",
            tag(
                "div",
                tag("p", "Endpoint", class_="eyebrow"),
                heading(2, part.address, ("Connect to ", tag("code", endpoint.path))),
                class_="words",
            ),
        ),
        _article(part, book),
        _rules(endpoint, book),
        id=part.address,
        class_="chapter endpoint",
        aria_label=f"Connect to {endpoint.path}",
        data_endpoint=endpoint.path,
    )


def _article(part: EndpointPart, book: Book) -> Html:
    connect = part.endpoint.connect
    refuses = () if connect is None else connect.refuses
    if connect is None:
        told: Children = tag("p", "Everybody may connect; parameters mean nothing.")
    else:
        told = (
            prose(connect.description),
            said(3, "Parameters", book.sent.payloads(connect.params)),
            said(3, "Refusals", book.received.refusals(refuses)) if refuses else None,
        )
    code = (
        snippets("How to connect", book.snippets.connect(part.endpoint)),
        samples_of(book, "Refused connections", {}, refuses),
    )
    return article(book, f"{part.address}.params", told, code, data_connect=True)


def _rules(endpoint: EndpointContract, book: Book) -> Html:
    """What holds for every socket."""
    return tag(
        "div",
        tag("div", said(3, "Limits", _limits(endpoint)), class_="words"),
        tag("div", said(3, "On the wire", facts(_wire(endpoint, book.about))), class_="words"),
        class_="rules",
    )


def _wire(endpoint: EndpointContract, about: About) -> Iterator[tuple[str, Children]]:
    path = endpoint.path.rstrip("/")
    if about.url != LOCAL:
        path = about.address(path)
    for transport in endpoint.transports:
        yield TRANSPORTS.get(transport, transport), tag("code", f"{path}/{transport}")
    versions = ((tag("code", version), " ") for version in endpoint.serializers)
    yield "Versions", (versions, "as ", tag("code", "vsn"))
    yield "Without vsn", tag("code", endpoint.vsn)
    if endpoint.subprotocols is not None:
        names = ((tag("code", name), " ") for name in endpoint.subprotocols)
        yield "Subprotocols", names if endpoint.subprotocols else "none"
    yield "Rate", endpoint.rate or "not limited"


def limit_rows(limits: Mapping[str, float]) -> Iterator[tuple[str, str, str]]:
    """Each limit in words: what it is about, how much, what happens at it."""
    for name, value in limits.items():
        about, written, result = LIMITS.get(name, (name, _count, ""))
        yield about, written(value), result


def _limits(endpoint: EndpointContract) -> Html:
    head = tag("tr", (tag("th", name, scope="col") for name in ("What", "At most", "Above it")))
    rows = (
        tag("tr", tag("th", about, scope="row"), tag("td", value), tag("td", result))
        for about, value, result in limit_rows(endpoint.limits)
    )
    return tag("table", tag("thead", head), tag("tbody", rows))

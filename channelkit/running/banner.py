"""What `channelkit run` says when it is ready. Pure."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from ..raw_socket import RawPlan

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..dispatch import Route
    from ..transports.listener import Address
    from .checking import Compiled

__all__ = ["banner"]

_EVERYWHERE: Final = ("0.0.0.0", "::")


def banner(
    *,
    version: str,
    loop: str,
    addresses: Sequence[Address],
    tables: Mapping[str, Compiled],
    polls: Collection[str] = frozenset(),
    docs: str | None = None,
    reloads: bool,
) -> str:
    """Where the server is, on which loop, and what it serves.

    Args:
        addresses: Where it listens.
        tables: What its endpoints serve, by path.
        polls: Who serves long-poll, by path.
        docs: Where the console is, if it is served.
        reloads: Whether a changed file restarts it.
    """
    bases = list(dict.fromkeys(map(_base, addresses)))
    sockets = [
        _socket(base, path if isinstance(served, RawPlan) else f"{path}/websocket")
        for base in bases
        for path, served in tables.items()
    ]
    polled = [_page(base, f"{path}/longpoll") for base in bases for path in tables if path in polls]
    channels = [served for served in tables.values() if not isinstance(served, RawPlan)]
    routes = [route for table in channels for route in table.routes]
    rows = [
        *_titled("open", bases),
        *(_titled("docs", [_page(base, docs) for base in bases]) if docs else ()),
        *_titled("socket", sockets),
        *(_titled("long-poll", polled) if polled else ()),
        *_titled("channels", _columns(routes)),
    ]
    end = "Ctrl-C stops it" + ("; a changed Python file restarts it." if reloads else ".")
    return "\n".join([f"channelkit {version} on {loop}", "", *rows, "", end])


def _base(address: Address) -> str:
    """An address as one can open it."""
    if address.host in _EVERYWHERE:
        return f"{'https' if address.secure else 'http'}://localhost:{address.port}"
    return str(address)


def _socket(base: str, path: str) -> str:
    if base.startswith("unix:"):
        return f"{path} on {base}"
    return f"ws{base.removeprefix('http')}{path}"


def _page(base: str, path: str) -> str:
    return f"{path} on {base}" if base.startswith("unix:") else f"{base}{path}"


def _titled(title: str, lines: Sequence[str]) -> list[str]:
    """The lines, with a title before the first."""
    return [
        f"  {first:<10}{line}"
        for first, line in zip_longest([title], lines or ["none"], fillvalue="")
    ]


def _columns(routes: Sequence[Route]) -> list[str]:
    """Pattern, class and number of events of each channel."""
    patterns = [route.pattern.text for route in routes]
    names = [route.channel.__name__ for route in routes]
    wide, wider = max(map(len, patterns), default=0), max(map(len, names), default=0)
    return [
        f"{route.pattern.text:<{wide}}  {route.channel.__name__:<{wider}}  {_events(route)}"
        for route in routes
    ]


def _events(route: Route) -> str:
    count = len(route.events)
    return "1 event" if count == 1 else f"{count} events"

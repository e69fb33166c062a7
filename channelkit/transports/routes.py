"""Which handler answers a plain HTTP request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeAlias, final

from ..http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HEALTH", "READ_METHODS", "Handler", "Routes", "refused_method"]

Handler: TypeAlias = Callable[[HttpRequest], Awaitable[HttpResponse]]
"""Answers a request. One with a true `below` also answers for all paths below its own."""

HEALTH: Final = "/healthz"
"""Answered by the server itself, unless the program has a handler there."""

READ_METHODS: Final = ("GET", "HEAD")


@final
class Routes:
    """Handlers by path.

    A key is a path; one that ends in ``/*`` stands for every path below it.
    The exact path wins, then the longest one above.

    Raises:
        ValueError: A key is no path.
    """

    __slots__ = ("_above", "_exact")

    def __init__(self, http: Mapping[str, Handler]) -> None:
        self._exact: dict[str, Handler] = {}
        self._above: dict[str, Handler] = {}
        for path, handler in http.items():
            self._add(path, handler)

    def _add(self, path: str, handler: Handler) -> None:
        if not path.startswith("/") or "*" in path.removesuffix("/*"):
            raise ValueError(f"a path starts with / and has * only at the end, got {path!r}")
        if path.endswith("/*"):
            self._above[path[:-1]] = handler
            return
        self._exact[path] = handler
        if getattr(handler, "below", False):
            self._above[path.rstrip("/") + "/"] = handler

    def find(self, path: str) -> tuple[Handler, str] | None:
        """The handler for a path and what of the path is below its own; None without one."""
        handler = self._exact.get(path)
        if handler is not None:
            return handler, ""
        end = path.rfind("/") if self._above else -1
        while end >= 0:
            handler = self._above.get(path[: end + 1])
            if handler is not None:
                return handler, path[end + 1 :]
            end = path.rfind("/", 0, end)
        return None


def refused_method(*allowed: str) -> HttpResponse:
    """405, with the methods that there are."""
    return HttpResponse.text("method not allowed\n", 405, {"Allow": ", ".join(allowed)})

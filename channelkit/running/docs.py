"""`--docs`: the console beside what a server serves already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..documents import docs_site
from ..endpoint import Endpoint
from ..runtime import log

if TYPE_CHECKING:
    from ..server import Server

__all__ = ["DOCS", "add_docs"]

DOCS: Final = "/docs"


def add_docs(server: Server, title: str, module: str) -> bool:
    """Serve the console at `/docs`, and let its own page connect whatever the origins say.

    What the program has at that path already is the program's, and stays: the
    log says so then. A folder that is served at `/` is not meant by that, as
    it has every path.

    Args:
        title: What its page is called.
        module: What the program is imported as.

    Returns:
        Whether it is served.
    """
    taken = _taken(server)
    if taken is not None:
        log.warning("no console", path=DOCS, taken_by=taken)
        return False
    server.http[DOCS] = docs_site(*server.endpoints, title=title, module=module)
    for endpoint in server.endpoints:
        if isinstance(endpoint, Endpoint):
            endpoint.origins = endpoint.origins.with_served()
    return True


def _taken(server: Server) -> str | None:
    """What has the path already."""
    for path in server.http:
        if path == DOCS or path.startswith(f"{DOCS}/"):
            return f"http {path}"
    for endpoint in server.endpoints:
        if endpoint.path == DOCS or endpoint.path.startswith(f"{DOCS}/"):
            return f"endpoint {endpoint.path}"
    return None

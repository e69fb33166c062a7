"""`docs_site`: the page of a running server's endpoints, as a console, at a path of that server."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, final

import anyio
import anyio.to_thread
from pydantic import BaseModel, ValidationError

from ..contract import contract_of, dump
from ..endpoint import Endpoint
from ..exits import ConnectionLost
from ..handshake import Accepted, Denied, Welcome, admit
from ..http import HttpResponse
from ..params import InvalidQuery, parse_query
from ..paths import PathPattern
from ..transports.routes import READ_METHODS, refused_method
from ..transports.static import not_found
from ..wire import refused
from .about import About
from .page import CONSOLE, PAGE, policy, render
from .snippets import Told, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..contract import Contract
    from ..http import HttpRequest
    from ..raw_endpoint import RawEndpoint

__all__ = ["DocsSite", "docs_site"]

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_OWN: Final = replace(PAGE + CONSOLE, connects=("'self'",))

PAGE_POLICY: Final = f"{policy(_OWN)}; frame-ancestors 'none'"
"""Nothing but the page's own script and style, and connections to where it came from."""


def docs_site(
    *endpoints: Endpoint[Any] | RawEndpoint[Any],
    title: str = "Real-time protocol",
    module: str = "protocol",
) -> DocsSite:
    """A handler that serves the protocol's page, as a console, below its path.

    For a `Server`'s `http`: ``Server(chat, http={"/docs": docs_site(chat)})``.
    Whoever can open it reads the whole contract and gets forms for all of it,
    so it belongs where developers are: `channelkit run --docs` serves it where
    it is asked for. It gives nobody a right: what its forms send is decided as
    if any other client had sent it.

    Below its path it answers ``contract.json``; ``code``, which writes a step of
    the page as code; and ``why``, where the page asks what a browser does not
    tell: why a WebSocket was refused. That goes through
    the same checks once more, `connect` among them, so `connect` runs twice
    for a connection that it refuses.

    Args:
        endpoints: Those of the server; raw ones have no contract, and are left out.
        title: What the page is called.
        module: Where the code that it shows has your classes from, as in ``"chat"``.
    """
    about = About(title=title, module=module)
    return DocsSite([one for one in endpoints if isinstance(one, Endpoint)], about)


class _Asked(BaseModel):
    """What the page asks: why is a WebSocket refused there?"""

    path: str
    query: str


@final
class DocsSite:
    """See `docs_site`.

    Attributes:
        below: It answers for the paths below its own, too.
    """

    below = True

    def __init__(self, endpoints: Sequence[Endpoint[Any]], about: About) -> None:
        self._endpoints = endpoints
        self._about = about
        self._contract: Contract | None = None
        self._last: tuple[tuple[str, str] | None, bytes] = None, b""  # of which mount and server
        self._making = anyio.Lock()

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request; the page is made at the first one."""
        match request.below:
            case "why" | "code" if request.method != "POST":
                return refused_method("POST")
            case "why":
                return await self._why(request)
            case "code":
                return await self._code(request)
            case "" | "contract.json" if request.method not in READ_METHODS:
                return refused_method(*READ_METHODS)
            case "":
                headers = {"Content-Security-Policy": PAGE_POLICY, **HEADERS}
                kind = {"Content-Type": "text/html; charset=utf-8"}
                return HttpResponse(200, await self._page(request), {**kind, **headers})
            case "contract.json":
                kind = {"Content-Type": "application/json"}
                body = dump(await self._made()).encode()
                return HttpResponse(200, body, {**kind, **HEADERS})
            case _:
                return not_found()

    async def _made(self) -> Contract:
        async with self._making:
            if self._contract is None:
                make = partial(contract_of, self._endpoints)
                self._contract = await anyio.to_thread.run_sync(make)
            return self._contract

    async def _page(self, request: HttpRequest) -> bytes:
        mount, contract = request.path.rstrip("/"), await self._made()
        server = _server(request)
        async with self._making:
            seen, page = self._last
            if seen != (mount, server):
                about = replace(self._about, url=server)
                make = partial(render, contract, about, console=True, mount=mount)
                page = (await anyio.to_thread.run_sync(make)).encode()
                self._last = (mount, server), page
            return page

    async def _why(self, request: HttpRequest) -> HttpResponse:
        """What a WebSocket's handshake with these parameters would be answered."""
        try:
            asked = _Asked.model_validate_json(request.body)
            query = parse_query(asked.query)
        except (ValidationError, InvalidQuery):
            return HttpResponse.text("expected a path and a query\n", 400)
        endpoint, variables = self._asked_for(asked.path)
        if endpoint is None:
            return _json({"status": 404, "response": refused("not found")})
        handshake = replace(
            request,
            method="GET",
            target=f"{asked.path}?{asked.query}",
            path=asked.path,
            query=query,
            query_string=asked.query,
            body=b"",
            below="",
        )
        status, response = await _verdict(endpoint, handshake, variables)
        return _json({"status": status, "response": response})

    async def _code(self, request: HttpRequest) -> HttpResponse:
        """A step that somebody has taken on the page, as code for every client."""
        about = replace(self._about, url=_server(request))
        try:
            snippets = told(await self._made(), about, Told.model_validate_json(request.body))
        except (ValidationError, LookupError):
            return HttpResponse.text("expected a step that this contract has\n", 400)
        return _json([{"title": one.title, "code": one.text} for one in snippets])

    def _asked_for(self, path: str) -> tuple[Endpoint[Any] | None, Mapping[str, str]]:
        """Whose sockets open at a path, and what the path's variables are there."""
        for endpoint in self._endpoints:
            variables = PathPattern(endpoint.socket_path).match(path)
            if variables is not None:
                return endpoint, variables
        return None, {}


def _server(request: HttpRequest) -> str:
    """Where clients find this server, as far as a request tells."""
    scheme = "wss" if request.scheme == "https" else "ws"
    return f"{scheme}://{request.headers.get('host', 'localhost')}"


def _json(value: object) -> HttpResponse:
    body = json.dumps(value).encode()
    return HttpResponse(200, body, {"Content-Type": "application/json", **HEADERS})


async def _verdict(
    endpoint: Endpoint[Any], request: HttpRequest, variables: Mapping[str, str]
) -> tuple[int, object]:
    """An HTTP status, 101 for none of a refusal, and what a refused client reads."""
    try:
        accepted = admit(request, endpoint.origins, endpoint.subprotocols, endpoint.vsn)
    except Exception:
        return 403, refused("origin not allowed")
    if isinstance(accepted, Denied):
        return accepted.status, accepted.response
    if not isinstance(accepted, Accepted):
        return accepted.status, refused(accepted.reason)
    with anyio.move_on_after(endpoint.limits.connect):
        try:
            params = {**accepted.params, **variables}
            verdict = await endpoint.connect(params, accepted.info)
        except Exception:
            return 500, refused("connect crashed")
        if not isinstance(verdict, Welcome):
            return verdict.status, verdict.response
        await endpoint.pool.disconnected(
            verdict.assigns, ConnectionLost(), peer="docs", id=verdict.id
        )
        return 101, {}
    return 503, refused("connect timeout")

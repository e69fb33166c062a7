"""May this request open a socket? Its head, its origin, its vsn, its auth token. Pure.

The checks come in this order: is it sound HTTP (`read_request`), is it a
WebSocket's opening handshake (`upgrade_problem`), may it come from there and
in that version (`admit`). Then the application's `connect` decides.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, final

from .http import Headers, HttpRequest
from .origins import split_host
from .params import InvalidQuery, parse_params, parse_query, unquoted
from .serializers import negotiate
from .wire import refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from .origins import OriginPolicy
    from .serializers import Serializer

__all__ = [
    "Accepted",
    "ConnectInfo",
    "Denied",
    "Rejected",
    "Welcome",
    "admit",
    "read_request",
    "upgrade_problem",
    "wants_upgrade",
]

SUBPROTOCOL: Final = "phoenix"
"""What phoenix.js asks for where it has an auth token, and must get."""

TOKEN_PREFIX: Final = "base64url.bearer.phx."
"""The subprotocol behind which phoenix.js hides the auth token (protocol.md B1c)."""

WEBSOCKET_VERSION: Final = "13"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectInfo:
    """Where a connection comes from, for `connect`.

    Attributes:
        peer: The address and port, None on a unix socket.
        scheme: ``"https"`` or ``"http"``, by the connection itself.
        host: The name in the Host header.
        port: The port there, None where it is the scheme's own.
        path: The socket's path.
        query: The URL's query as written.
        headers: The request's headers, without the auth token.
        auth_token: What a client's ``authToken`` option carries.
    """

    peer: tuple[str, int] | None
    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    headers: Mapping[str, str]
    auth_token: str | None = None

    @property
    def user_agent(self) -> str | None:
        """What the client says it is."""
        return self.headers.get("user-agent")


@final
@dataclass(frozen=True, slots=True)
class Welcome:
    """The application accepts: what `connect` returned, and the socket's id."""

    assigns: object
    id: str | None


@final
@dataclass(frozen=True, slots=True)
class Denied:
    """This client may not connect: an HTTP status and the JSON that says why."""

    status: int
    response: dict[str, JsonValue]


@final
@dataclass(frozen=True, slots=True)
class Rejected:
    """This is no request, or no upgrade: an HTTP status and a sentence that says why."""

    status: int
    reason: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The handshake fits: what `connect` is asked with, and how the two will speak."""

    serializer: Serializer
    params: Mapping[str, JsonValue]
    info: ConnectInfo
    subprotocol: str | None


def read_request(
    *,
    method: str,
    target: str,
    version: str,
    fields: Sequence[tuple[str, str]],
    peer: tuple[str, int] | None,
    secure: bool,
) -> HttpRequest | Rejected:
    """The request that a head holds."""
    headers = Headers(fields)
    if version not in ("1.1", "1.0"):
        return Rejected(505, "only HTTP/1.1 and HTTP/1.0 are spoken here")
    hosts = headers.all("host")
    if len(hosts) > 1 or (not hosts and version == "1.1"):
        return Rejected(400, "a request has exactly one Host header")
    if hosts and split_host(hosts[0]) is None:
        return Rejected(400, "the Host header is not a host")
    if not target.startswith("/") or "#" in target:
        return Rejected(400, "the request's target must be a path")
    raw_path, _, query = target.partition("?")
    try:
        path, params = unquoted(raw_path), parse_query(query)
    except InvalidQuery as error:
        return Rejected(400, str(error))
    if not path.isprintable():
        return Rejected(400, "the path holds control characters")
    return HttpRequest(
        method=method,
        target=target,
        path=path,
        query=params,
        query_string=query,
        headers=headers,
        version=version,
        peer=peer,
        scheme="https" if secure else "http",
    )


def wants_upgrade(request: HttpRequest) -> bool:
    """Whether the request asks for a WebSocket, well or badly."""
    return "websocket" in map(str.lower, request.headers.tokens("upgrade"))


def upgrade_problem(request: HttpRequest) -> Rejected | None:
    """Why a request is no opening handshake (RFC 6455 §4.2.1), None where it is one."""
    headers = request.headers
    if request.method != "GET":
        return Rejected(405, "a WebSocket is opened with GET", {"Allow": "GET"})
    if request.version != "1.1":
        return Rejected(400, "a WebSocket is opened over HTTP/1.1")
    if "upgrade" not in map(str.lower, headers.tokens("connection")):
        return Rejected(400, "the 'connection' header must contain 'upgrade'")
    if not wants_upgrade(request):
        return Rejected(400, "the 'upgrade' header must contain 'websocket'")
    if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        return Rejected(400, "a WebSocket's opening request has no body")
    if len(headers.all("origin")) > 1:
        return Rejected(400, "a request has at most one Origin header")
    return _key_problem(headers) or _version_problem(headers)


def _key_problem(headers: Headers) -> Rejected | None:
    match headers.all("sec-websocket-key"):
        case [key] if _is_key(key):
            return None
        case _:
            return Rejected(400, "Sec-WebSocket-Key must be 16 bytes in base64, once")


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except ValueError:  # binascii.Error is one, non-ASCII text another
        return False


def _version_problem(headers: Headers) -> Rejected | None:
    match headers.all("sec-websocket-version"):
        case [version] if version == WEBSOCKET_VERSION:
            return None
        case [_]:
            supported = {"Sec-WebSocket-Version": WEBSOCKET_VERSION}
            return Rejected(426, "the WebSocket version spoken here is 13", supported)
        case _:
            return Rejected(400, "Sec-WebSocket-Version must be 13, once")


def admit(request: HttpRequest, origins: OriginPolicy) -> Accepted | Rejected | Denied:
    """Decide about a sound handshake: origin, parameters, vsn, auth token."""
    headers = request.headers
    if not origins.allows(headers.get("origin"), headers.get("host")):
        return Denied(403, refused("origin not allowed"))
    try:
        params = parse_params(request.query_string)
        token, offered = _auth_token(headers.tokens("sec-websocket-protocol"))
    except (InvalidQuery, _BadToken) as error:
        return Rejected(400, str(error))
    vsn = params.get("vsn")
    serializer = negotiate(vsn) if vsn is None or isinstance(vsn, str) else None
    if serializer is None:
        return Denied(403, refused("unsupported vsn"))
    return Accepted(
        serializer=serializer,
        params=params,
        info=_info(request, token, offered),
        subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None,
    )


class _BadToken(ValueError):
    """The auth token cannot be read."""


def _auth_token(offered: list[str]) -> tuple[str | None, list[str]]:
    """The token hidden among the offered subprotocols, and the others."""
    hidden = [name for name in offered if name.startswith(TOKEN_PREFIX)]
    if not hidden:
        return None, offered
    if len(hidden) > 1:
        raise _BadToken("two auth tokens")
    # The standard alphabet without padding, despite the name (protocol.md E.8).
    text = hidden[0].removeprefix(TOKEN_PREFIX).replace("-", "+").replace("_", "/")
    try:
        token = base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except ValueError:
        raise _BadToken("the auth token is not base64 of UTF-8") from None
    return token, [name for name in offered if name not in hidden]


def _info(request: HttpRequest, token: str | None, offered: list[str]) -> ConnectInfo:
    headers, name = request.headers, "sec-websocket-protocol"
    if token is not None:
        others = [field for field in headers.fields() if field[0] != name]
        headers = Headers([*others, *((name, protocol) for protocol in offered)])
    host, port = split_host(headers["host"]) or ("", None)
    return ConnectInfo(
        peer=request.peer,
        scheme=request.scheme,
        host=host,
        port=port,
        path=request.path,
        query=request.query_string,
        headers=headers,
        auth_token=token,
    )

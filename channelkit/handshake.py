"""May this request open a socket? Its head, its origin, its vsn, its auth token. Pure.

The checks come in this order: is it sound HTTP (`read_request`), is it a
WebSocket's opening handshake (`upgrade_problem`), may it come from there and
in that version (`admit`). Then the application's `connect` decides.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, final

from .connect_info import ConnectInfo
from .http import Headers, HttpRequest
from .origins import split_host
from .params import InvalidQuery, parse_params, parse_query, unquoted
from .serializers import DEFAULT_VSN, negotiate
from .subprotocols import BadTokenError, NotSpokenError, auth_token
from .wire import refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from pydantic import JsonValue

    from .certificates import Certificate
    from .origins import OriginPolicy
    from .serializers import Serializer
    from .subprotocols import SubprotocolPolicy

__all__ = [
    "Accepted",
    "Denied",
    "Rejected",
    "Welcome",
    "admit",
    "admit_poll",
    "origin_problem",
    "read_request",
    "upgrade_problem",
    "wants_upgrade",
]

WEBSOCKET_VERSION: Final = "13"

PROTOCOL_HEADER: Final = "sec-websocket-protocol"

POLL_AUTH_TOKEN: Final = "x-phoenix-authtoken"
"""Where a long-poll client puts its auth token, as it is (not in base64)."""

POLL_TOKENS: Final = (POLL_AUTH_TOKEN, "x-phoenix-longpoll-token")

ALLOW_ORIGIN: Final = "if this origin is one of yours, allow it in the endpoint's origins"
ADD_SUBPROTOCOL: Final = "if one of these is yours, add it to the endpoint's subprotocols"
ASK_FOR_VSN: Final = "clients connect with vsn=2.0.0, or 1.0.0"


@final
@dataclass(frozen=True, slots=True)
class Welcome:
    """The application accepts: what `connect` returned, the socket's id, and until when."""

    assigns: object
    id: str | None
    expires: datetime | None = None


@final
@dataclass(frozen=True, slots=True)
class Denied:
    """This client may not connect: an HTTP status and the JSON that says why.

    Attributes:
        sent: For the log alone: what the peer sent that does not fit.
        remedy: For the log alone: what to change if the peer was right.
    """

    status: int
    response: dict[str, JsonValue]
    sent: str | None = field(default=None, compare=False)
    remedy: str | None = field(default=None, compare=False)


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
    certificate: Certificate | None = None,
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
        certificate=certificate,
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


def admit(
    request: HttpRequest,
    origins: OriginPolicy,
    subprotocols: SubprotocolPolicy,
    vsn: str | None = DEFAULT_VSN,
) -> Accepted | Rejected | Denied:
    """Decide about a sound handshake: origin, auth token, subprotocol, parameters, vsn.

    Args:
        vsn: What is spoken where the client does not say; None where nothing
            is, so that a parameter of this name is nobody's business.

    Raises:
        Exception: What the function of the origin policy raises, see `OriginPolicy.allows`.
    """
    denied = origin_problem(request, origins)
    if denied is not None:
        return denied
    try:
        token, others = auth_token(request.headers.tokens(PROTOCOL_HEADER))
        subprotocol = subprotocols.choose(others, with_token=token is not None)
        params = parse_params(request.query_string)
    except (InvalidQuery, BadTokenError) as error:
        return Rejected(400, str(error))
    except NotSpokenError as error:
        return Denied(403, refused("subprotocol not supported"), str(error), ADD_SUBPROTOCOL)
    serializer = _spoken(params, vsn)
    if isinstance(serializer, Denied):
        return serializer
    headers = request.headers if token is None else _without_token(request.headers, others)
    info = ConnectInfo.of(request, headers=headers, auth_token=token, transport="websocket")
    return Accepted(serializer=serializer, params=params, info=info, subprotocol=subprotocol)


def _without_token(headers: Headers, offered: Sequence[str]) -> Headers:
    others = [field for field in headers.fields() if field[0] != PROTOCOL_HEADER]
    return Headers([*others, *((PROTOCOL_HEADER, name) for name in offered)])


def admit_poll(request: HttpRequest, vsn: str | None = DEFAULT_VSN) -> Accepted | Rejected | Denied:
    """Decide about a GET that opens a long-poll session: parameters, vsn (protocol B1b).

    Where it comes from was asked before, as of every long-poll request (`origin_problem`).

    Args:
        vsn: See `admit`.
    """
    try:
        params = parse_params(request.query_string)
    except InvalidQuery as error:
        return Rejected(400, str(error))
    serializer = _spoken(params, vsn)
    if isinstance(serializer, Denied):
        return serializer
    headers, token = request.headers, request.headers.get(POLL_AUTH_TOKEN)
    others = Headers(field for field in headers.fields() if field[0] not in POLL_TOKENS)
    info = ConnectInfo.of(request, headers=others, auth_token=token, transport="longpoll")
    return Accepted(serializer=serializer, params=params, info=info, subprotocol=None)


def origin_problem(request: HttpRequest, origins: OriginPolicy) -> Denied | None:
    """Why nothing from there is served, None where it is; raises as `admit`."""
    if origins.allows(request):
        return None
    sent = request.headers.get("origin")
    return Denied(403, refused("origin not allowed"), sent, ALLOW_ORIGIN)


def _spoken(params: Mapping[str, JsonValue], vsn: str | None) -> Serializer | Denied:
    """The serializer of the version that is asked for, or of this one."""
    asked = DEFAULT_VSN if vsn is None else params.get("vsn", vsn)
    serializer = negotiate(asked) if isinstance(asked, str) else None
    return serializer or Denied(403, refused("unsupported vsn"), str(asked), ASK_FOR_VSN)

"""Where a connection comes from: what `connect` may want to know of the request. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, final

from .http import Headers
from .origins import DEFAULT_PORTS, split_host

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .certificates import Certificate
    from .http import HttpRequest

__all__ = ["ConnectInfo", "Peer", "Transport", "Uri"]

Transport: TypeAlias = Literal["websocket", "longpoll"]
"""What carries the frames."""


@final
@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a connection: a client, or the proxy in front of us.

    Attributes:
        address: Its numeric address.
        port: Its port.
        certificate: What it showed under TLS, where the server asks for one
            (``ssl_context.verify_mode``).
    """

    address: str
    port: int
    certificate: Certificate | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Uri:
    """What the client connected to, as far as the request says.

    Attributes:
        scheme: ``"https"`` or ``"http"``, by the connection itself: no
            forwarded header is trusted.
        host: The name in the Host header, in lower case.
        port: The port there, or the scheme's own.
        path: The path, percent escapes decoded.
        query: The query as written.
    """

    scheme: str = "http"
    host: str = "localhost"
    port: int = 80
    path: str = "/"
    query: str = field(default="", repr=False)

    @classmethod
    def of(cls, request: HttpRequest) -> Uri:
        """That of a request."""
        host, port = split_host(request.headers.get("host", "")) or ("", None)
        return cls(
            scheme=request.scheme,
            host=host,
            port=port or DEFAULT_PORTS[request.scheme],
            path=request.path,
            query=request.query_string,
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectInfo:
    """Where a connection comes from, for `connect` (protocol.md B1c).

    Its repr has neither the query, nor the headers, nor the token: they may hold secrets.

    Attributes:
        peer: Who connects, None on a unix socket.
        uri: What it connects to.
        headers: The request's headers by name, in any case, without the auth token.
        auth_token: What a client's ``authToken`` option carries.
        transport: What carries the frames.
    """

    peer: Peer | None = None
    uri: Uri = field(default_factory=Uri)
    headers: Mapping[str, str] = field(default_factory=Headers, repr=False)
    auth_token: str | None = field(default=None, repr=False)
    transport: Transport = "websocket"

    def __post_init__(self) -> None:
        if not isinstance(self.headers, Headers):
            object.__setattr__(self, "headers", Headers(self.headers.items()))

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        *,
        headers: Headers,
        auth_token: str | None,
        transport: Transport,
    ) -> ConnectInfo:
        """That of a request.

        Args:
            headers: Those of its headers that carry no token.
        """
        peer = None if request.peer is None else Peer(*request.peer, request.certificate)
        return cls(
            peer=peer,
            uri=Uri.of(request),
            headers=headers,
            auth_token=auth_token,
            transport=transport,
        )

    @property
    def user_agent(self) -> str | None:
        """What the client says it is."""
        return self.headers.get("user-agent")

    @property
    def x_headers(self) -> Mapping[str, str]:
        """The headers whose names begin with ``x-``. Anybody can write them, proxies too."""
        return self._starting("x-")

    @property
    def sec_websocket_headers(self) -> Mapping[str, str]:
        """The headers of the WebSocket's handshake."""
        return self._starting("sec-websocket-")

    @property
    def trace_context_headers(self) -> Mapping[str, str]:
        """``traceparent`` and ``tracestate`` (W3C Trace Context), as far as they were sent."""
        names = ("traceparent", "tracestate")
        return {name: self.headers[name] for name in names if name in self.headers}

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies by name, as sent but for quotes around a value.

        The first of a name counts, because browsers send the more specific
        path first (RFC 6265 §5.4). What is no cookie is left out; nothing raises.
        """
        found: dict[str, str] = {}
        for pair in ";".join(cast("Headers", self.headers).all("cookie")).split(";"):
            name, given, value = pair.partition("=")
            if given and name.strip():
                found.setdefault(name.strip(), _unquoted(value.strip()))
        return found

    def _starting(self, prefix: str) -> Mapping[str, str]:
        return {name: value for name, value in self.headers.items() if name.startswith(prefix)}


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value

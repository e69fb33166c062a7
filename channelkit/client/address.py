"""Where a client connects to, and what it says there first. Pure."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from pydantic_core import to_jsonable_python

from ..subprotocols import SUBPROTOCOL, TOKEN_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import JsonValue

    from ..messages import Message

__all__ = ["Address", "query", "token_subprotocols"]

_SECURE: Final = {"ws": False, "http": False, "wss": True, "https": True}


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint, as its URL says.

    Attributes:
        host: Without the brackets of IPv6.
        path: Of the endpoint's WebSocket: its own and ``/websocket``.
        query: What the URL itself has of parameters.
    """

    host: str
    port: int
    secure: bool
    path: str
    query: str

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read the URL of an endpoint: ``wss://chat.example/socket``.

        Raises:
            ValueError: It is none.
        """
        parts = urlsplit(url)
        secure = _SECURE.get(parts.scheme)
        if secure is None or not parts.hostname or parts.username or parts.fragment:
            raise ValueError(f"a client connects to ws://host/path or wss://host/path, got {url!r}")
        port = parts.port or (443 if secure else 80)
        path = quote(parts.path.rstrip("/"), safe="/%:@!$&'()*+,;=~") + "/websocket"
        return cls(parts.hostname, port, secure, path, parts.query)

    def target(self, params: Message | Mapping[str, JsonValue] | None) -> str:
        """The request's target with these connect parameters; raises as `query`."""
        parts = [self.query, query(params), "vsn=2.0.0"]
        return f"{self.path}?{'&'.join(filter(None, parts))}"

    def url(self, target: str) -> str:
        """The whole of it, for the WebSocket's handshake."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'wss' if self.secure else 'ws'}://{host}:{self.port}{target}"


def query(params: Message | Mapping[str, JsonValue] | None) -> str:
    """Connect parameters as phoenix.js writes them: ``a[b]=c``, lists ``a[]=c``; None is left out.

    Raises:
        ValueError: A list holds lists or objects, which have no form there; or a value is no JSON.
    """
    fields: dict[str, JsonValue] = to_jsonable_python(params if params is not None else {})
    pairs = [pair for name, value in fields.items() for pair in _pairs(name, value)]
    return "&".join(f"{quote(name, safe='[]')}={quote(value, safe='')}" for name, value in pairs)


def _pairs(name: str, value: JsonValue) -> Iterator[tuple[str, str]]:
    match value:
        case None:
            return
        case dict():
            for key, inner in value.items():
                yield from _pairs(f"{name}[{key}]", inner)
        case list():
            for inner in value:
                if isinstance(inner, (dict, list)):
                    raise ValueError(f"connect parameter {name}: a list holds plain values only")  # noqa: TRY004  (it is the value's)
                yield from _pairs(f"{name}[]", inner)
        case bool():
            yield name, "true" if value else "false"
        case _:
            yield name, str(value)


def token_subprotocols(token: str) -> list[str]:
    """What is offered where there is an auth token (phoenix.js socket.js#transportConnect)."""
    # The standard alphabet, as Phoenix reads it (protocol.md E.8); but "/" is in no subprotocol.
    encoded = base64.b64encode(token.encode()).decode().rstrip("=").replace("/", "_")
    return [SUBPROTOCOL, f"{TOKEN_PREFIX}{encoded}"]

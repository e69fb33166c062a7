"""A plain HTTP request and its response, as handlers beside the sockets see them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, final

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import JsonValue

    from .certificates import Certificate

__all__ = ["Headers", "HttpRequest", "HttpResponse"]

_TOKEN = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

OURS: Final = frozenset({"connection", "content-length", "transfer-encoding", "upgrade"})
"""Headers that say how a response travels: the server's to write."""


@final
class Headers(Mapping[str, str]):
    """The headers of a request, by name in any case; several of one name are joined by commas."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name.lower(), []).append(value)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in the order they came."""
        return tuple(self._fields.get(name.lower(), ()))

    def tokens(self, name: str) -> list[str]:
        """The elements of a header that is a comma-separated list."""
        parts = ",".join(self.all(name)).split(",")
        return [part.strip() for part in parts if part.strip()]

    def fields(self) -> list[tuple[str, str]]:
        """Every header by itself, those of one name next to each other."""
        return [(name, value) for name, values in self._fields.items() for value in values]

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._fields[name.lower()])

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return f"Headers({self.fields()!r})"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request.

    Attributes:
        target: What the request line asks for, as written.
        path: The path in it, percent escapes decoded.
        query: Its parameters; the last one of a name counts.
        query_string: The same as written.
        version: ``"1.1"`` or ``"1.0"``.
        peer: The address and port it came from, None on a unix socket.
        scheme: ``"https"`` or ``"http"``, by the connection itself: no
            forwarded header is trusted.
        below: What follows the handler's own path, where it answers for
            everything below it.
        certificate: What the peer showed under TLS, where the server asks for one.
    """

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    query_string: str
    headers: Headers
    version: str
    peer: tuple[str, int] | None
    scheme: str
    body: bytes = b""
    below: str = ""
    certificate: Certificate | None = None


@final
@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response.

    Raises:
        ValueError: The status is no final one, or a header is not to be sent.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:
            raise ValueError(f"a response has a status from 200 to 599, got {self.status}")
        for name, value in self.headers.items():
            if _TOKEN.fullmatch(name) is None or _VALUE.fullmatch(value) is None:
                raise ValueError(f"not a header: {name!r}: {value!r}")
            if name.lower() in OURS:
                raise ValueError(f"the {name} header is written by the server; leave it out")

    @staticmethod
    def text(
        text: str, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """A response of plain text."""
        kind = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(status, text.encode(), {**kind, **(headers or {})})

    @staticmethod
    def json(
        value: JsonValue, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """A response of JSON."""
        content = to_json(value, inf_nan_mode="null")
        kind = {"Content-Type": "application/json", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(status, content, {**kind, **(headers or {})})

"""The head of an HTTP/1.1 request: where it ends, and whether it is one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from ..handshake import Rejected

if TYPE_CHECKING:
    from ..limits import Limits

__all__ = ["HeadReader"]


@final
class HeadReader:
    """Collects what comes until a head is complete; what is behind it stays here.

    The line of a request may take half of `Limits.head`.
    """

    __slots__ = ("_buffer", "_limits", "_seen")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._seen = 0

    def feed(self, data: bytes) -> None:
        """Take more bytes."""
        self._buffer += data

    @property
    def empty(self) -> bool:
        """Whether nothing has come, or nothing but line ends."""
        return bytes(self._buffer[:3]) in (b"", b"\r", b"\r\n")

    def rest(self) -> bytes:
        """What came behind the heads, once."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        self._seen = 0
        return rest

    def next_head(self) -> bytes | Rejected | None:
        """The next head with the empty line that ends it; None while more has to come."""
        buffer = self._buffer
        if self._seen == 0 and buffer.startswith(b"\r\n"):
            del buffer[:2]  # some clients end a body with it (RFC 9112 §2.2)
        if bytes(buffer[:2]) == b"\r":
            return None
        if buffer and not 0x20 < buffer[0] < 0x7F:
            return Rejected(400, "this is not HTTP")
        end = buffer.find(b"\r\n\r\n", max(0, self._seen - 3))
        self._seen = len(buffer)
        head = bytes(buffer[: end + 4]) if end >= 0 else bytes(buffer)
        problem = self._problem(head)
        if problem is not None or end < 0:
            return problem
        del buffer[: end + 4]
        self._seen = 0
        return head

    def _problem(self, head: bytes) -> Rejected | None:
        limits = self._limits
        line = head.find(b"\r\n")
        if (line if line >= 0 else len(head)) > limits.head // 2:
            return Rejected(414, "the request line is too long")
        if len(head) > limits.head:
            return Rejected(431, "the headers are too large")
        if head.count(b"\r\n") - 2 > limits.headers:  # the request line and the empty one
            return Rejected(431, "too many headers")
        if head.count(b"\n") != head.count(b"\r\n"):
            return Rejected(400, "lines end with CRLF")
        return None

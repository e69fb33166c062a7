"""A message that comes in several frames (RFC 6455 §5.4): put together, counted, checked. Pure."""

from __future__ import annotations

from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, NamedTuple, final

if TYPE_CHECKING:
    from codecs import IncrementalDecoder

__all__ = ["INVALID_DATA", "Fault", "Fragments"]

INVALID_DATA = 1007
POLICY_VIOLATION = 1008

_Utf8 = getincrementaldecoder("utf-8")


class Fault(NamedTuple):
    """Why the message cannot be taken: the close code that answers it, and a word."""

    code: int
    reason: str


@final
class Fragments:
    """Collects the frames of the message that is under way.

    Text that is not UTF-8 shows in the frame where it stops being any, not at
    the end of the message.

    Attributes:
        binary: Whether the message under way, or the one just done, is binary.
    """

    __slots__ = ("_limit", "_parts", "_text", "binary")

    def __init__(self, limit: int) -> None:
        self.binary = False
        self._limit = limit
        self._parts: list[bytes] = []
        self._text: IncrementalDecoder | None = None

    def __bool__(self) -> bool:
        """Whether a message is under way."""
        return bool(self._parts)

    def begin(self, *, binary: bool) -> None:
        """The next fragment is the first of a message."""
        self.binary = binary
        self._text = None if binary else _Utf8()

    def add(self, data: bytes, *, last: bool) -> bytes | Fault | None:
        """Take a fragment; the whole message with the last."""
        self._parts.append(data)
        if len(self._parts) > self._limit:
            return Fault(POLICY_VIOLATION, "too many fragments")
        if self._text is not None:
            try:
                self._text.decode(data, last)
            except UnicodeDecodeError:
                return Fault(INVALID_DATA, "text that is not UTF-8")
        if not last:
            return None
        whole = b"".join(self._parts)
        self.forget()
        return whole

    def forget(self) -> None:
        """Drop what came of the message under way."""
        self._parts.clear()
        self._text = None

"""Frames that a program sends by itself, beside all envelopes, and what may be in them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias, final

from .wire import Frame

__all__ = ["Ping", "Pong", "RawFrame", "Sent", "check_close", "control", "raw"]

MAX_CONTROL: Final = 125
"""Bytes that a control frame carries at most (RFC 6455 §5.5)."""

MAX_REASON: Final = MAX_CONTROL - 2
"""The same of a close frame's text, behind its code."""

_PING: Final = 0x89
_PONG: Final = 0x8A

# RFC 6455 §7.4 and the IANA registry. 1004 to 1006 and 1015 never stand in a
# frame, 1010 is a client's word, what is left below 3000 means nothing yet.
_CODES: Final = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014})


@final
@dataclass(frozen=True, slots=True)
class Ping:
    """A ping frame; whoever gets one answers with a pong of the same payload."""

    payload: bytes = b""


@final
@dataclass(frozen=True, slots=True)
class Pong:
    """A pong frame: the answer to a ping, or a sign of life that nobody asked for."""

    payload: bytes = b""


Sent: TypeAlias = str | bytes | Ping | Pong
"""A frame in a program's words: text, binary, or one that controls."""


@final
class RawFrame(Frame):
    """A frame that holds no envelope.

    Attributes:
        content: What its author gave.
        control: Whether it is a ping or a pong: never compressed, `wire` is set.
    """

    __slots__ = ("content", "control")

    def __init__(self, content: Sent) -> None:
        self.content = content
        self.control = isinstance(content, (Ping, Pong))
        if isinstance(content, (Ping, Pong)):
            super().__init__(content.payload, binary=True)
            first = _PING if isinstance(content, Ping) else _PONG
            self.wire = bytes((first, len(content.payload))) + content.payload
        elif isinstance(content, str):
            super().__init__(content.encode())
        else:
            super().__init__(content, binary=True)


def raw(data: str | bytes) -> RawFrame:
    """The frame of some text or bytes.

    Raises:
        TypeError: It is neither.
        ValueError: The text has no UTF-8 form: it holds a lone surrogate.
    """
    if not _is_data(data):
        raise TypeError(f"a frame is str or bytes, got {type(data).__name__}")
    return RawFrame(data)


def _is_data(given: object) -> bool:
    return isinstance(given, (str, bytes))


def control(content: Ping | Pong) -> RawFrame:
    """The frame of a ping or a pong.

    Raises:
        ValueError: The payload is longer than 125 bytes.
    """
    if len(content.payload) > MAX_CONTROL:
        name = type(content).__name__.lower()
        size = len(content.payload)
        raise ValueError(f"a {name} carries at most {MAX_CONTROL} bytes, got {size}")
    return RawFrame(content)


def check_close(code: int, reason: str) -> None:
    """Refuse a close frame that may not be sent.

    Raises:
        ValueError: The code is not between 1000 and 4999, is none that a server
            may send (RFC 6455 §7.4), or the reason has more than 123 bytes.
    """
    if not 1000 <= code <= 4999:
        raise ValueError(f"a close code is from 1000 to 4999, got {code}")
    if code < 3000 and code not in _CODES:
        raise ValueError(f"a server may not send the close code {code}; 4000 to 4999 are yours")
    size = len(reason.encode())
    if size > MAX_REASON:
        raise ValueError(f"a close reason has at most {MAX_REASON} bytes, got {size}")

"""The outside of WebSocket frames (RFC 6455 §5.2): where one ends, what ours look like. Pure."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

try:
    from websockets.speedups import apply_mask as _apply_mask
except ImportError:  # no compiled extension on this platform
    from websockets.utils import apply_mask as _apply_mask

if TYPE_CHECKING:
    from ..wire import Frame

__all__ = [
    "BINARY",
    "TEXT",
    "WHOLE",
    "apply_mask",
    "condemned",
    "ends",
    "extended",
    "is_utf8",
    "wire_form",
]

apply_mask = _apply_mask
"""Masks and unmasks alike."""

TEXT: Final = 0x81
"""The first byte of a text frame that is a whole message, without reserved bits."""

BINARY: Final = 0x82
"""The same of a binary frame."""

WHOLE: Final = frozenset({TEXT, BINARY})

_OPCODES: Final = frozenset({0, 1, 2, 8, 9, 10})

_SHORT: Final = {
    False: [bytes((TEXT, size)) for size in range(126)],
    True: [bytes((BINARY, size)) for size in range(126)],
}
_MEDIUM = struct.Struct("!BBH")
_LONG = struct.Struct("!BBQ")


_FIN: Final = 0x80
_RSV: Final = 0x70
_COMPRESSED: Final = 0x40
_CONT: Final = 0
_CLOSE: Final = 8


def condemned(first: int, length: int, *, masked: bool, room: int) -> bool:
    """Whether the header alone breaks the protocol.

    Args:
        room: How many bytes a payload may have.
    """
    return first & 0x0F not in _OPCODES or not masked or length > room


def ends(first: int, length: int, *, plain: bool, inside: bool) -> bool:
    """Whether a sound or unsound frame with this header ends the connection.

    Args:
        first: Its first byte, with an opcode that there is.
        length: Its payload's, -1 if it is not known yet.
        plain: Whether nothing is compressed here.
        inside: Whether fragments of a message came before it.
    """
    opcode, rsv = first & 0x0F, first & _RSV
    if opcode >= _CLOSE:
        return opcode == _CLOSE or first < _FIN or length > 125 or rsv != 0
    starts = opcode != _CONT
    allowed = _COMPRESSED if starts and not plain else 0
    return rsv & ~allowed != 0 or starts is inside


def extended(data: bytes | bytearray, at: int) -> tuple[int, int]:
    """The length in a header whose second byte says that it follows, and where the payload begins.

    The length is -1 while it is not there in full.
    """
    if data[at + 1] & 0x7F == 126:
        return int.from_bytes(data[at + 2 : at + 4]) if len(data) >= at + 4 else -1, at + 8
    return int.from_bytes(data[at + 2 : at + 10]) if len(data) >= at + 10 else -1, at + 14


def is_utf8(data: bytes) -> bool:
    """Whether it is text."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def wire_form(frame: Frame) -> bytes:
    """A whole message as one unmasked frame; made once, whoever it goes to."""
    wire = frame.wire
    if wire is None:
        data, first = frame.data, BINARY if frame.binary else TEXT
        size = len(data)
        if size < 126:
            head = _SHORT[frame.binary][size]
        elif size < 65536:
            head = _MEDIUM.pack(first, 126, size)
        else:
            head = _LONG.pack(first, 127, size)
        wire = frame.wire = head + data
    return wire

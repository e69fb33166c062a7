"""The outside of WebSocket frames (RFC 6455 §5.2): where one ends, what ours look like. Pure."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..wire import Frame

__all__ = ["BINARY", "OPCODES", "TEXT", "WHOLE", "header", "is_utf8", "wire_form"]

TEXT: Final = 0x81
"""The first byte of a text frame that is a whole message, without reserved bits."""

BINARY: Final = 0x82
"""The same of a binary frame."""

WHOLE: Final = frozenset({TEXT, BINARY})

OPCODES: Final = frozenset({0, 1, 2, 8, 9, 10})

_SHORT = struct.Struct("!BB")
_MEDIUM = struct.Struct("!BBH")
_LONG = struct.Struct("!BBQ")


def header(data: bytes | bytearray, at: int) -> tuple[int, bool, int, int]:
    """Read the header of the client's frame that begins there; two bytes of it must be there.

    Returns:
        FIN, reserved bits and opcode in one byte; whether it is masked; the
        length of its payload, -1 while the header is not there in full; and
        where its payload begins, behind the mask.
    """
    first, second = data[at], data[at + 1]
    length = second & 0x7F
    body = at + 6
    if length == 126:
        body = at + 8
        length = data[at + 2] << 8 | data[at + 3] if len(data) >= at + 4 else -1
    elif length == 127:
        body = at + 14
        length = int.from_bytes(data[at + 2 : at + 10], "big") if len(data) >= at + 10 else -1
    return first, second >= 0x80, length, body


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
            head = _SHORT.pack(first, size)
        elif size < 65536:
            head = _MEDIUM.pack(first, 126, size)
        else:
            head = _LONG.pack(first, 127, size)
        wire = frame.wire = head + data
    return wire

"""What a serializer is, and the JSON that they share. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NoReturn, Protocol

from pydantic_core import from_json, to_json

from ..errors import RemoteProtocolError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ..wire import Broadcast, Frame, Push, Ref, Reply

__all__ = ["Serializer", "Unsendable", "dump", "invalid_message", "load"]

INVALID_DATA = 1007
"""Close code: text that is not UTF-8, not JSON, or no envelope (RFC 6455 §7.4.1)."""


class Unsendable(ValueError):
    """This envelope has no form in this serializer: binary on V1, or a ref that does not fit."""


class Serializer(Protocol):
    """Envelope ⇄ frame in one version of the wire."""

    @property
    def vsn(self) -> str:
        """The version it implements, the patch number 0."""
        ...

    def decode(self, text: bytes) -> Push:
        """Read the envelope in a text frame.

        Raises:
            RemoteProtocolError: It holds none; carries the ref where one could be read.
        """
        ...

    def decode_binary(self, data: bytes) -> Push:
        """Read the envelope in a binary frame.

        Raises:
            RemoteProtocolError: It holds none, or this version has no binary frames.
        """
        ...

    def push(self, push: Push) -> Frame:
        """Encode a push to the client.

        Raises:
            Unsendable: It is binary and has no binary form here.
            ValueError: The payload is no JSON.
        """
        ...

    def reply(self, reply: Reply) -> Frame:
        """Encode a reply; raises as `push` does."""
        ...

    def broadcast(self, broadcast: Broadcast) -> Frame:
        """Encode a broadcast; raises as `push` does."""
        ...


def load(text: bytes) -> JsonValue:
    """Parse JSON as the wire has it: no NaN, no infinities, bounded depth and digits.

    Raises:
        RemoteProtocolError: The text is not UTF-8 or no such JSON.
    """
    try:
        value: JsonValue = from_json(text, allow_inf_nan=False)
    except ValueError:
        raise RemoteProtocolError("not JSON", close_code=INVALID_DATA) from None
    if _may_overflow(text) and _overflows(value):
        raise RemoteProtocolError("a number out of range", close_code=INVALID_DATA)
    return value


_DIGITS = bytes.maketrans(b"123456789E", b"000000000e")
_VERY_LONG = b"0" * 200


def _may_overflow(text: bytes) -> bool:
    """Whether some number in it may be beyond a float: the parser gives infinity for those.

    It takes an exponent of three digits, or of two behind some 200 digits.
    """
    shape = text.translate(_DIGITS)
    return (b"0e" in shape and (b"0e000" in shape or b"0e+000" in shape)) or (
        len(shape) > 300 and _VERY_LONG in shape
    )


def _overflows(value: JsonValue) -> bool:
    match value:
        case float():
            return math.isinf(value)
        case list():
            return any(map(_overflows, value))
        case dict():
            return any(map(_overflows, value.values()))
        case _:
            return False


def dump(value: object) -> bytes:
    """The JSON of an envelope, models and all; floats that JSON lacks become null.

    Raises:
        ValueError: Something in it has no JSON form.
    """
    return to_json(value, inf_nan_mode="null")


def invalid_message(ref: Ref, topic: object) -> NoReturn:
    """Refuse a frame that holds no envelope, though its ref could be read."""
    raise RemoteProtocolError(
        "not an envelope",
        close_code=INVALID_DATA,
        has_ref=True,
        ref=ref,
        topic=topic if isinstance(topic, str) else None,
    )

"""What a serializer is, and the JSON that they share. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, Protocol

from pydantic_core import from_json, to_json

from ..errors import RemoteProtocolError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ..wire import Broadcast, Frame, Push, Ref, Reply

__all__ = [
    "INVALID_DATA",
    "UNSUPPORTED_DATA",
    "Serializer",
    "Unsendable",
    "dump",
    "invalid_message",
    "load",
]

INVALID_DATA: Final = 1007
"""Close code: text that is not UTF-8, not JSON, or no envelope (RFC 6455 §7.4.1)."""

UNSUPPORTED_DATA: Final = 1003
"""Close code: a binary frame, in a version that has none."""


class Unsendable(ValueError):
    """This envelope has no form in this serializer: binary on V1, or a ref that does not fit."""


class Serializer(Protocol):
    """Envelope ⇄ frame in one version of the wire."""

    @property
    def vsn(self) -> str:
        """The version it implements, the patch number 0."""
        ...

    @property
    def patient(self) -> bool:
        """Whether its clients may be silent for ever: `Limits.idle` is not for them."""
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

    def push(self, push: Push) -> Frame | None:
        """Encode a push to the client; None where this version says nothing of it.

        Raises:
            Unsendable: It is binary and has no binary form here.
            ValueError: The payload is no JSON.
        """
        ...

    def reply(self, reply: Reply) -> Frame | None:
        """Encode a reply; None where this version says nothing. Raises as `push` does."""
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
        # The parser gives infinity for 1e999. A number beyond a float has an exponent of three
        # digits, or more than 200 digits before one of two: only then is the value looked at.
        shape = text.translate(_SHAPE)
        if shape.find(b"0e000") >= 0 or (len(shape) > 200 and shape.find(_VERY_LONG) >= 0):
            from_json(to_json(value, inf_nan_mode="constants"), allow_inf_nan=False)
    except ValueError:
        raise RemoteProtocolError("not JSON", close_code=INVALID_DATA) from None
    return value


# Every digit a 0, and every + one too: "1e999" and "1E+999" are "0e000" and "0e0000".
_SHAPE: Final = bytes.maketrans(b"123456789+E", b"0000000000e")
_VERY_LONG: Final = b"0" * 200


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

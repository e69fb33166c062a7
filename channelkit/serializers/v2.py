"""Serializer 2.0: JSON arrays and binary frames (protocol.md B1.2, B1.8). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, final

from ..errors import RemoteProtocolError
from ..wire import REPLY, Broadcast, Frame, Push, Ref, Reply
from .base import INVALID_DATA, Unsendable, dump, invalid_message, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import JsonValue

__all__ = ["V2"]

_PUSH, _REPLY, _BROADCAST = 0, 1, 2
_PROTOCOL_ERROR = 1002

# What Push._make does, in half the time: this and no match statement make the decoder cost
# little more than its parser.
_as_push = cast("Callable[[type[Push], list[JsonValue]], Push]", tuple.__new__)  # pyright: ignore[reportUnknownMemberType]


@final
class V2:
    """``[join_ref, ref, topic, event, payload]``, and binary payloads in binary frames."""

    @property
    def vsn(self) -> str:
        """See `Serializer.vsn`."""
        return "2.0.0"

    @property
    def patient(self) -> bool:
        """See `Serializer.patient`."""
        return False

    def decode(self, text: bytes) -> Push:
        """See `Serializer.decode`. Elements behind the fifth are ignored."""
        envelope = load(text)
        if not isinstance(envelope, list) or len(envelope) < 2:
            raise RemoteProtocolError("not an envelope", close_code=INVALID_DATA)
        if len(envelope) >= 5 and isinstance(envelope[2], str) and isinstance(envelope[3], str):
            return _as_push(Push, envelope if len(envelope) == 5 else envelope[:5])
        invalid_message(envelope[1], envelope[2] if len(envelope) > 2 else None)

    def decode_binary(self, data: bytes) -> Push:
        """See `Serializer.decode_binary`. The client's kind 0 carries a ref, ours does not."""
        if len(data) < 5 or data[0] != _PUSH:
            raise RemoteProtocolError("not a binary push", close_code=_PROTOCOL_ERROR)
        start = 5
        texts: list[str] = []
        for length in data[1:5]:
            field = data[start : start + length]
            if len(field) < length:
                raise RemoteProtocolError("a binary push cut short", close_code=_PROTOCOL_ERROR)
            try:
                texts.append(field.decode())
            except UnicodeDecodeError:
                raise RemoteProtocolError("not UTF-8", close_code=_PROTOCOL_ERROR) from None
            start += length
        join_ref, ref, topic, event = texts
        return Push(join_ref, ref, topic, event, data[start:])

    def push(self, push: Push) -> Frame:
        """See `Serializer.push`."""
        if isinstance(push.payload, bytes):
            fields = (push.join_ref, push.topic, push.event)
            return Frame(_binary(_PUSH, fields, push.payload), binary=True)
        return Frame(dump(push))

    def reply(self, reply: Reply) -> Frame:
        """See `Serializer.reply`."""
        join_ref, ref, topic, status, response = reply
        if isinstance(response, bytes):
            return Frame(_binary(_REPLY, (join_ref, ref, topic, status), response), binary=True)
        return Frame(dump([join_ref, ref, topic, REPLY, {"status": status, "response": response}]))

    def broadcast(self, broadcast: Broadcast) -> Frame:
        """See `Serializer.broadcast`."""
        topic, event, payload = broadcast
        if isinstance(payload, bytes):
            return Frame(_binary(_BROADCAST, (topic, event), payload), binary=True)
        return Frame(dump([None, None, topic, event, payload]))


def _binary(kind: int, fields: Iterable[Ref], data: bytes) -> bytes:
    """Kind, the fields' lengths in a byte each, the fields, the data."""
    texts = [_field(field) for field in fields]
    return b"".join([bytes([kind, *map(len, texts)]), *texts, data])


def _field(value: Ref) -> bytes:
    if value is None:
        return b""
    if not isinstance(value, str):
        raise Unsendable("only a string has a place in a binary frame")
    text = value.encode()
    if len(text) > 255:
        raise Unsendable("longer than 255 bytes: no place in a binary frame")
    return text

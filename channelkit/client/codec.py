"""Envelope ⇄ frame as a client has it: what phoenix.js writes and reads on version 2.0.0. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from pydantic_core import from_json, to_json

from ..errors import RemoteProtocolError
from ..wire import CLOSE, ERROR, REPLY, Broadcast, Frame, Push, Reply

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ..wire import Body, Envelope, Ref, Status

__all__ = ["decode", "encode", "envelope_of", "snapshot"]

INVALID_DATA: Final = 1007
PROTOCOL_ERROR: Final = 1002

LONGEST: Final = 255
"""Bytes of a field in a binary frame."""

_COUNTS: Final = {0: 3, 1: 4, 2: 2}
"""Fields of each kind of binary frame that a server sends (protocol.md B1.8)."""


def encode(push: Push) -> Frame:
    """The frame of a push to the server.

    Raises:
        ValueError: It has none; what `snapshot` gives always has one.
    """
    if not isinstance(push.payload, bytes):
        return Frame(to_json(push, inf_nan_mode="null"))
    texts = [str("" if part is None else part).encode() for part in push[:4]]
    head = bytes([0, *map(len, texts)])
    return Frame(b"".join([head, *texts, push.payload]), binary=True)


def snapshot(topic: str, event: str, payload: Body) -> Body:
    """A payload as it is now, which will surely have a form on the wire later.

    Raises:
        ValueError: It has none.
    """
    if isinstance(payload, bytes):
        if max(len(topic.encode()), len(event.encode())) > LONGEST:
            raise ValueError("a topic or event over 255 bytes has no place in a binary frame")
        return payload
    *_, plain = from_json(to_json((topic, event, payload), inf_nan_mode="null"))
    return cast("JsonValue", plain)


def decode(data: bytes, *, binary: bool) -> Envelope:
    """The envelope that the server sent.

    Raises:
        RemoteProtocolError: It is none.
    """
    return _decode_binary(data) if binary else _decode_text(data)


def _decode_text(data: bytes) -> Envelope:
    try:
        envelope: list[JsonValue] = from_json(data, allow_inf_nan=False)
    except ValueError:
        raise RemoteProtocolError("not JSON", close_code=INVALID_DATA) from None
    match envelope:
        case [None | str() as join_ref, None | str() as ref, str(topic), str(event), payload]:
            made = envelope_of(join_ref, ref, topic, event, payload)
            if made is not None:
                return made
        case _:
            pass
    raise RemoteProtocolError("not an envelope", close_code=INVALID_DATA)


def _decode_binary(data: bytes) -> Envelope:
    count = _COUNTS.get(data[0]) if data else None
    if count is None or len(data) < 1 + count:
        raise RemoteProtocolError("not a binary envelope", close_code=PROTOCOL_ERROR)
    start, texts = 1 + count, list[str]()
    for length in data[1 : 1 + count]:
        field = data[start : start + length]
        if len(field) < length:
            raise RemoteProtocolError("a binary envelope cut short", close_code=PROTOCOL_ERROR)
        try:
            texts.append(field.decode())
        except UnicodeDecodeError:
            raise RemoteProtocolError("not UTF-8", close_code=PROTOCOL_ERROR) from None
        start += length
    return _to_envelope(texts, data[start:])


def _to_envelope(texts: list[str], payload: bytes) -> Envelope:
    """A binary frame's fields as an envelope; an empty one stands for none."""
    match texts:
        case [join_ref, topic, event]:
            return Push(join_ref or None, None, topic, event, payload)
        case [join_ref, ref, topic, status]:
            return Reply(join_ref or None, ref or None, topic, _status(status), payload)
        case _:
            topic, event = texts
            return Broadcast(topic, event, payload)


def envelope_of(
    join_ref: Ref, ref: Ref, topic: str, event: str, payload: JsonValue
) -> Envelope | None:
    """Five parts as the envelope that they are; None for a reply that says nothing."""
    if event == REPLY:
        if isinstance(payload, dict) and {"status", "response"} <= payload.keys():
            return Reply(join_ref, ref, topic, _status(payload["status"]), payload["response"])
        return None
    if join_ref is None and ref is None and event not in (CLOSE, ERROR):
        return Broadcast(topic, event, payload)
    return Push(join_ref, ref, topic, event, payload)


def _status(status: object) -> Status:
    return "ok" if status == "ok" else "error"

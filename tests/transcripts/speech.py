"""What transcripts say of frames ⇄ the frames themselves.

Written from the wire's description alone, without the package's serializers:
a mistake there must not hide here.
"""

from __future__ import annotations

import json
from typing import Final, NamedTuple, cast

from pydantic import JsonValue

__all__ = ["BEAT", "Frame", "heard", "heard_ref", "heartbeat", "said"]


class Frame(NamedTuple):
    """One WebSocket message."""

    data: bytes
    binary: bool = False


BEAT: Final[JsonValue] = {
    "channel": "phoenix",
    "topic": "conn",
    "event": "heartbeat",
    "message": {},
}
"""On version 0.x both a heartbeat and its answer, which therefore is no marker's own."""


def said(value: JsonValue) -> list[Frame]:
    """The frames that a step sends on one connection."""
    match value:
        case {"text": str(text)}:
            return [Frame(text.encode())]
        case {"frame_hex": str(data)}:
            return [Frame(bytes.fromhex(data), binary=True)]
        case {"binary": "push", "hex": str(data), **fields}:
            names = ("join_ref", "ref", "topic", "event")
            return [Frame(_packed(0, [str(fields[name]) for name in names], data), binary=True)]
        case [[*_] | {"topic": _}, *_]:
            return [Frame(_json(each)) for each in value]
        case _:
            return [Frame(_json(value))]


def heartbeat(ref: str, major: str) -> Frame:
    """A heartbeat: its reply says that whatever came before it has been heard.

    Args:
        major: The wire's version, before its first dot.
    """
    if major == "0":
        return Frame(_json(BEAT))
    if major == "1":
        return Frame(_json({"topic": "phoenix", "event": "heartbeat", "payload": {}, "ref": ref}))
    return Frame(_json([None, ref, "phoenix", "heartbeat", {}]))


def heard(frame: Frame) -> JsonValue:
    """What a transcript says of a frame from the server."""
    return _unpacked(frame.data) if frame.binary else cast("JsonValue", json.loads(frame.data))


def heard_ref(said: JsonValue) -> JsonValue:
    """The ref of what was heard."""
    match said:
        case [_, ref, *_] | {"ref": ref}:
            return ref
        case _:
            return None


def _json(value: JsonValue) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _packed(kind: int, fields: list[str], hexadecimal: str) -> bytes:
    """Kind, the length of each field, the fields, the data."""
    texts = [field.encode() for field in fields]
    return bytes([kind, *map(len, texts)]) + b"".join(texts) + bytes.fromhex(hexadecimal)


FIELDS = {
    0: ("push", ("join_ref", "topic", "event")),
    1: ("reply", ("join_ref", "ref", "topic", "status")),
    2: ("broadcast", ("topic", "event")),
}
"""What a binary frame from the server holds, by its first byte."""


def _unpacked(frame: bytes) -> JsonValue:
    kind, names = FIELDS[frame[0]]
    start = 1 + len(names)
    unpacked: dict[str, JsonValue] = {"binary": kind}
    for name, length in zip(names, frame[1:start], strict=True):
        unpacked[name] = frame[start : start + length].decode()
        start += length
    return {**unpacked, "hex": frame[start:].hex()}

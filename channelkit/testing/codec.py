"""Envelope ⇄ frame as a client has it: what phoenix.js writes and reads. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast, final

from pydantic_core import from_json, to_json

from ..errors import LocalProtocolError
from ..wire import (
    CLOSE,
    ERROR,
    HEARTBEAT,
    JOIN,
    LEAVE,
    PHOENIX,
    REPLY,
    Broadcast,
    Frame,
    Push,
    Reply,
)

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ..wire import Envelope, Ref, Status

__all__ = ["CODECS", "Codec"]


class Codec(Protocol):
    """The client's side of one version of the wire."""

    @property
    def refs(self) -> bool:
        """Whether replies can be told from other messages."""
        ...

    def encode(self, push: Push) -> Frame:
        """The frame of a push to the server."""
        ...

    def decode(self, frame: Frame) -> Envelope:
        """The envelope that the server sent."""
        ...


@final
class _V2:
    refs = True

    def encode(self, push: Push) -> Frame:
        if isinstance(push.payload, bytes):
            texts = [str(part or "").encode() for part in push[:4]]
            head = bytes([0, *map(len, texts)])
            return Frame(b"".join([head, *texts, push.payload]), binary=True)
        return Frame(to_json(push))

    def decode(self, frame: Frame) -> Envelope:
        if frame.binary:
            return self._decode_binary(frame.data)
        join_ref, ref, topic, event, payload = from_json(frame.data)
        return _envelope(join_ref, ref, topic, event, payload)

    def _decode_binary(self, data: bytes) -> Envelope:
        kind = data[0]
        count = {0: 3, 1: 4, 2: 2}[kind]
        start = 1 + count
        texts: list[str] = []
        for length in data[1 : 1 + count]:
            texts.append(data[start : start + length].decode())
            start += length
        rest = data[start:]
        match kind, texts:
            case 0, [join_ref, topic, event]:
                return Push(join_ref, None, topic, event, rest)
            case 1, [join_ref, ref, topic, status]:
                return Reply(join_ref, ref, topic, "ok" if status == "ok" else "error", rest)
            case _:
                topic, event = texts
                return Broadcast(topic, event, rest)


@final
class _V1:
    refs = True

    def encode(self, push: Push) -> Frame:
        join_ref, ref, topic, event, payload = push
        fields: dict[str, object] = {"topic": topic, "event": event, "payload": payload, "ref": ref}
        if join_ref is not None:
            fields["join_ref"] = join_ref
        return Frame(to_json(fields))

    def decode(self, frame: Frame) -> Envelope:
        fields = cast("dict[str, JsonValue]", from_json(frame.data))
        ref, topic, event = fields["ref"], str(fields["topic"]), str(fields["event"])
        # Only the end of a member says which join it ends: its ref is that join's (B1.3 rule 1).
        join_ref = ref if event in (CLOSE, ERROR) else None
        return _envelope(join_ref, ref, topic, event, fields["payload"])


@final
class _Classic:
    """As the JavaScript client of the first Phoenix: every message is one, replies too."""

    refs = False

    def encode(self, push: Push) -> Frame:
        if isinstance(push.payload, bytes):
            raise LocalProtocolError("the first Phoenix has no binary frames")
        channel, _, topic = push.topic.partition(":")
        if channel == PHOENIX:
            topic = "conn"
        event = {JOIN: "join", LEAVE: "leave"}.get(push.event, push.event)
        fields = {"channel": channel, "topic": topic, "event": event, "message": push.payload}
        return Frame(to_json(fields))

    def decode(self, frame: Frame) -> Envelope:
        fields = cast("dict[str, JsonValue]", from_json(frame.data))
        channel, topic, event = (str(fields[key]) for key in ("channel", "topic", "event"))
        if channel == PHOENIX and event == HEARTBEAT:
            return Reply(None, HEARTBEAT, PHOENIX, "ok", fields["message"])
        name = f"{channel}:{topic}" if topic else channel
        return Broadcast(name, event, fields["message"])


def _envelope(join_ref: Ref, ref: Ref, topic: str, event: str, payload: JsonValue) -> Envelope:
    if event == REPLY and isinstance(payload, dict):
        status: Status = "ok" if payload["status"] == "ok" else "error"
        return Reply(join_ref, ref, topic, status, payload["response"])
    if join_ref is None and ref is None and event not in (CLOSE, ERROR):
        return Broadcast(topic, event, payload)
    return Push(join_ref, ref, topic, event, payload)


CODECS: dict[str, Codec] = {"0.x": _Classic(), "1.0.0": _V1(), "2.0.0": _V2()}

"""Envelope ⇄ frame as a client has it: what phoenix.js writes and reads. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast, final

from pydantic_core import from_json, to_json

from ..wire import CLOSE, ERROR, REPLY, Broadcast, Frame, Push, Reply

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ..wire import Envelope, Ref, Status

__all__ = ["CODECS", "Codec"]


class Codec(Protocol):
    """The client's side of one version of the wire."""

    def encode(self, push: Push) -> Frame:
        """The frame of a push to the server."""
        ...

    def decode(self, frame: Frame) -> Envelope:
        """The envelope that the server sent."""
        ...


@final
class _V2:
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
    def encode(self, push: Push) -> Frame:
        join_ref, ref, topic, event, payload = push
        fields: dict[str, object] = {"topic": topic, "event": event, "payload": payload, "ref": ref}
        if join_ref is not None:
            fields["join_ref"] = join_ref
        return Frame(to_json(fields))

    def decode(self, frame: Frame) -> Envelope:
        fields = cast("dict[str, JsonValue]", from_json(frame.data))
        return _envelope(
            None, fields["ref"], str(fields["topic"]), str(fields["event"]), fields["payload"]
        )


def _envelope(join_ref: Ref, ref: Ref, topic: str, event: str, payload: JsonValue) -> Envelope:
    if event == REPLY and isinstance(payload, dict):
        status: Status = "ok" if payload["status"] == "ok" else "error"
        return Reply(join_ref, ref, topic, status, payload["response"])
    if join_ref is None and ref is None and event not in (CLOSE, ERROR):
        return Broadcast(topic, event, payload)
    return Push(join_ref, ref, topic, event, payload)


CODECS: dict[str, Codec] = {"1.0.0": _V1(), "2.0.0": _V2()}

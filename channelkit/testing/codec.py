"""Envelope ⇄ frame as a client has it: what phoenix.js writes and reads. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast, final

from pydantic_core import from_json, to_json

from ..client.codec import decode, encode, envelope_of
from ..errors import LocalProtocolError
from ..wire import (
    CLOSE,
    ERROR,
    HEARTBEAT,
    JOIN,
    LEAVE,
    PHOENIX,
    Broadcast,
    Frame,
    Push,
    Reply,
)

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ..wire import Envelope

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
        return encode(push)

    def decode(self, frame: Frame) -> Envelope:
        return decode(frame.data, binary=frame.binary)


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
        envelope = envelope_of(join_ref, ref, topic, event, fields["payload"])
        assert envelope is not None, fields
        return envelope


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


CODECS: dict[str, Codec] = {"0.x": _Classic(), "1.0.0": _V1(), "2.0.0": _V2()}

"""Serializer 1.0: JSON objects, no binary (protocol.md B1.2). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from ..errors import RemoteProtocolError
from ..wire import REPLY, Broadcast, Frame, Push, Ref, Reply
from .base import INVALID_DATA, UNSUPPORTED_DATA, Unsendable, dump, invalid_message, load

if TYPE_CHECKING:
    from typing import NoReturn

    from ..wire import Body

__all__ = ["V1"]


@final
class V1:
    """``{"topic", "event", "payload", "ref"}``; a join_ref is read, never written."""

    @property
    def vsn(self) -> str:
        """See `Serializer.vsn`."""
        return "1.0.0"

    @property
    def patient(self) -> bool:
        """See `Serializer.patient`."""
        return False

    def decode(self, text: bytes) -> Push:
        """See `Serializer.decode`."""
        envelope = load(text)
        if not isinstance(envelope, dict) or "ref" not in envelope:
            raise RemoteProtocolError("not an envelope", close_code=INVALID_DATA)
        topic, event = envelope.get("topic"), envelope.get("event")
        if not isinstance(topic, str) or not isinstance(event, str) or "payload" not in envelope:
            invalid_message(envelope["ref"], topic)
        return Push(envelope.get("join_ref"), envelope["ref"], topic, event, envelope["payload"])

    def decode_binary(self, data: bytes) -> NoReturn:
        """See `Serializer.decode_binary`: there are none in this version."""
        raise RemoteProtocolError("no binary frames in 1.0", close_code=UNSUPPORTED_DATA)

    def push(self, push: Push) -> Frame:
        """See `Serializer.push`."""
        return _frame(push.topic, push.event, push.payload, push.ref)

    def reply(self, reply: Reply) -> Frame:
        """See `Serializer.reply`."""
        if isinstance(reply.response, bytes):
            raise Unsendable("no binary in 1.0")
        payload = {"status": reply.status, "response": reply.response}
        return Frame(
            dump({"topic": reply.topic, "event": REPLY, "payload": payload, "ref": reply.ref})
        )

    def broadcast(self, broadcast: Broadcast) -> Frame:
        """See `Serializer.broadcast`."""
        return _frame(broadcast.topic, broadcast.event, broadcast.payload, None)


def _frame(topic: str, event: str, payload: Body, ref: Ref) -> Frame:
    if isinstance(payload, bytes):
        raise Unsendable("no binary in 1.0")
    return Frame(dump({"topic": topic, "event": event, "payload": payload, "ref": ref}))

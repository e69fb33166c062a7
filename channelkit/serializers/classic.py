"""Serializer 0.x: the JSON objects of the first Phoenix (protocol.md A.2, A.3, A.5). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from ..errors import RemoteProtocolError
from ..wire import CLOSE, ERROR, HEARTBEAT, JOIN, LEAVE, PHOENIX, REPLY, Frame, Push
from .base import INVALID_DATA, UNSUPPORTED_DATA, Unsendable, dump, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn

    from ..wire import Body, Broadcast, Reply

__all__ = ["TAKEN", "Classic"]

TAKEN: Final = frozenset({"join", "leave"})
"""The reserved events of this wire, which today's leaves free."""

# Its clients know two reserved events. The names that are reserved today mean nothing to it, and
# must not become a join: they go where no handler can be, to an event that only servers send.
_MEANT: Final[Mapping[str, str]] = {"join": JOIN, "leave": LEAVE, JOIN: REPLY, LEAVE: REPLY}

_HEARTBEAT: Final = Frame(b'{"channel":"phoenix","topic":"conn","event":"heartbeat","message":{}}')
"""No echo: always this, whatever topic and message it answers (A.2)."""


@final
class Classic:
    """``{"channel", "topic", "event", "message"}``, the same in both directions.

    Channel and topic are one topic here, ``"channel:topic"``; with an empty
    topic the channel alone. There are no refs: a push's ref is its event's
    name, under which the reply goes out as a message. Where the first Phoenix
    was silent, `reply` and `push` give None: about joins and leaves, errors,
    `phx_close` and `phx_error`.
    """

    @property
    def vsn(self) -> str:
        """See `Serializer.vsn`."""
        return "0.x"

    @property
    def patient(self) -> bool:
        """See `Serializer.patient`: clients before 0.5 know no heartbeat."""
        return True

    def decode(self, text: bytes) -> Push:
        """See `Serializer.decode`. There is no ref to be answered: what is no envelope closes."""
        envelope = load(text)
        if not isinstance(envelope, dict) or "message" not in envelope:
            raise RemoteProtocolError("not an envelope", close_code=INVALID_DATA)
        channel, topic, event = (envelope.get(key) for key in ("channel", "topic", "event"))
        if not (isinstance(channel, str) and isinstance(topic, str) and isinstance(event, str)):
            raise RemoteProtocolError("not an envelope", close_code=INVALID_DATA)
        message = envelope["message"]
        if channel == PHOENIX and event == HEARTBEAT:
            return Push(None, event, PHOENIX, event, message)
        name = f"{channel}:{topic}" if topic else channel
        ref = None if event in TAKEN else event
        return Push(None, ref, name, _MEANT.get(event, event), message)

    def decode_binary(self, data: bytes) -> NoReturn:
        """See `Serializer.decode_binary`: there are none in this version."""
        raise RemoteProtocolError("no binary frames in 0.x", close_code=UNSUPPORTED_DATA)

    def push(self, push: Push) -> Frame | None:
        """See `Serializer.push`. How a channel ends is not told."""
        return (
            None if push.event in (CLOSE, ERROR) else _frame(push.topic, push.event, push.payload)
        )

    def reply(self, reply: Reply) -> Frame | None:
        """See `Serializer.reply`. Only what a handler answers is told, under its event's name."""
        ref = reply.ref
        if reply.status == "error" or not isinstance(ref, str):
            return None
        if reply.topic == PHOENIX:  # nobody can join it: this answers a heartbeat
            return _HEARTBEAT
        return _frame(reply.topic, ref, reply.response)

    def broadcast(self, broadcast: Broadcast) -> Frame:
        """See `Serializer.broadcast`."""
        return _frame(broadcast.topic, broadcast.event, broadcast.payload)


def _frame(topic: str, event: str, message: Body) -> Frame:
    if isinstance(message, bytes):
        raise Unsendable("no binary in 0.x")
    channel, _, rest = topic.partition(":")
    return Frame(dump({"channel": channel, "topic": rest, "event": event, "message": message}))

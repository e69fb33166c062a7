"""A serializer where the transport carries no binary to the client: long-poll. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from .base import Unsendable

if TYPE_CHECKING:
    from ..wire import Broadcast, Frame, Push, Reply
    from .base import Serializer

__all__ = ["TextOnly", "text_only"]


@final
class TextOnly:
    """What another serializer makes, but for binary frames; made by `text_only`."""

    __slots__ = ("_serializer",)

    def __init__(self, serializer: Serializer) -> None:
        self._serializer = serializer

    @property
    def vsn(self) -> str:
        """See `Serializer.vsn`."""
        return self._serializer.vsn

    @property
    def patient(self) -> bool:
        """See `Serializer.patient`: whether such a client lives, its GETs tell."""
        return True

    def decode(self, text: bytes) -> Push:
        """See `Serializer.decode`."""
        return self._serializer.decode(text)

    def decode_binary(self, data: bytes) -> Push:
        """See `Serializer.decode_binary`: binary comes from a client, in base64."""
        return self._serializer.decode_binary(data)

    def push(self, push: Push) -> Frame | None:
        """See `Serializer.push`."""
        frame = self._serializer.push(push)
        _check(frame)
        return frame

    def reply(self, reply: Reply) -> Frame | None:
        """See `Serializer.reply`."""
        frame = self._serializer.reply(reply)
        _check(frame)
        return frame

    def broadcast(self, broadcast: Broadcast) -> Frame:
        """See `Serializer.broadcast`."""
        frame = self._serializer.broadcast(broadcast)
        _check(frame)
        return frame


_KNOWN: Final[dict[Serializer, TextOnly]] = {}


def text_only(serializer: Serializer) -> TextOnly:
    """The same without binary; always the same one, so that a broadcast is encoded once for it."""
    return _KNOWN.setdefault(serializer, TextOnly(serializer))


def _check(frame: Frame | None) -> None:
    if frame is not None and frame.binary:
        raise Unsendable("no binary on long-poll")

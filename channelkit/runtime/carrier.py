"""What a connection needs of a transport, and a transport of a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..exits import Exit
    from ..wire import Frame

__all__ = ["Carrier"]


class Carrier(Protocol):
    """Carries the frames of one connection: websocket, long-poll, or the test kit's memory.

    It calls back on its `Carried`: `received(frame data)` for each message,
    `writing_paused()` and `writing_resumed()` around its high-water mark, and
    `lost(exit)` once when the peer is gone or broke the transport's protocol.
    """

    def send(self, frame: Frame) -> None:
        """Write a frame, or keep it until it can be written; never blocks, never raises.

        A `RawFrame` that controls is dropped where the transport has no such frames.
        """
        ...

    def buffered(self) -> int:
        """Bytes given to it that are not written yet."""
        ...

    def queued(self) -> int:
        """Frames given to it that are not written yet, where it counts them; else 0."""
        ...

    def pause_reading(self) -> None:
        """Deliver nothing more, not even what is read already, until resumed."""
        ...

    def resume_reading(self) -> None:
        """Deliver again, first what was left."""
        ...

    def stirred(self) -> bool:
        """Whether it has sent something, that hibernation would cost, since it was last asked."""
        ...

    def hibernate(self) -> None:
        """Give back the memory that can be made anew; the peer cannot tell."""
        ...

    def close(self, reason: Exit) -> None:
        """Say goodbye with the close code of this exit where there is one, and end the link.

        What was sent before leaves first, within `Limits.closing` seconds.
        """
        ...

"""Encoded frames to one client: bounded, never awaited by those who fill it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, final

import anyio

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..limits import Limits
    from ..wire import Frame
    from .carrier import Carrier

__all__ = ["Outbox"]


@final
class Outbox:
    """Passes frames to the carrier while it writes, keeps them while it does not.

    Args:
        overflowed: Called once when more waits than `Limits.outbox` bytes or
            `Limits.outbox_frames` frames; the connection closes itself then.
    """

    __slots__ = (
        "_bytes",
        "_carrier",
        "_frames",
        "_limits",
        "_overflowed",
        "_resumed",
        "dropped",
        "paused",
    )

    def __init__(self, carrier: Carrier, limits: Limits, overflowed: Callable[[], None]) -> None:
        self._carrier = carrier
        self._limits = limits
        self._overflowed = overflowed
        self._frames: deque[Frame] | None = None  # an empty one is 600 bytes, for each socket
        self._bytes = 0
        self._resumed: anyio.Event | None = None
        self.paused = False
        self.dropped = False

    def put(self, frame: Frame) -> None:
        """Send a frame as soon as the carrier can write."""
        if not self.paused:
            if not self.dropped:
                self._carrier.send(frame)
            return
        if self._frames is None:
            self._frames = deque()
        self._frames.append(frame)
        self._bytes += len(frame.data)
        waiting = self._bytes + self._carrier.buffered()
        frames = len(self._frames) + self._carrier.queued()
        if frames > self._limits.outbox_frames or waiting > self._limits.outbox:
            self._overflowed()

    def pause(self) -> None:
        """The carrier is above its high-water mark."""
        self.paused = not self.dropped

    def resume(self) -> None:
        """The carrier writes again: give it what waited, until it pauses once more."""
        self.paused = False
        while self._frames and not self.paused:
            frame = self._frames.popleft()
            self._bytes -= len(frame.data)
            self._carrier.send(frame)
        if not self.paused:
            self._frames = None
            if self._resumed is not None:
                self._resumed.set()
                self._resumed = None

    def drop(self) -> None:
        """Forget what waits and what will come: the peer does not read it, or is gone."""
        self._frames = None
        self._bytes = 0
        self.dropped = True
        self.resume()

    def finish(self) -> None:
        """Give the carrier what waits, above its mark or not; what comes later is forgotten."""
        while self._frames:  # a send that fails may empty it
            self._carrier.send(self._frames.popleft())
        self.drop()

    @property
    def waiting(self) -> tuple[int, int]:
        """The frames and bytes that wait to be written, the carrier's bytes too."""
        frames = self._frames
        waiting = self._carrier.queued() + (0 if frames is None else len(frames))
        return waiting, self._bytes + self._carrier.buffered()

    async def wait_writable(self) -> None:
        """Wait until the carrier writes again."""
        while self.paused:
            self._resumed = self._resumed or anyio.Event()
            await self._resumed.wait()

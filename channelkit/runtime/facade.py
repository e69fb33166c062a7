"""The transport facade over a running connection: what `self.socket` is."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from ..exits import Disconnected
from ..limits import checked_seconds
from ..raw_frames import Ping, Pong, check_close, control, raw

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ..raw_frames import RawFrame
    from .carried import Carried

__all__ = ["Facade"]

NORMAL = 1000


@final
class Facade:
    """Implements `channel.Socket`.

    Args:
        disconnect: Closes the connection, at once or after a running handler.
    """

    __slots__ = ("_connection", "_disconnect")

    def __init__(self, connection: Carried, disconnect: Callable[[Disconnected], None]) -> None:
        self._connection = connection
        self._disconnect = disconnect

    @property
    def id(self) -> str | None:
        return self._connection.id

    @property
    def peer(self) -> str:
        return self._connection.peer

    @property
    def topics(self) -> tuple[str, ...]:
        return self._connection.topics

    @property
    def idle_timeout(self) -> float | None:
        return self._connection.idle_timeout

    @idle_timeout.setter
    def idle_timeout(self, seconds: float | None) -> None:
        self._connection.idle_timeout = checked_seconds("idle_timeout", seconds)

    async def send_frame(self, data: str | bytes) -> None:
        self.send_frame_nowait(data)
        if self._connection.outbox.paused:
            await self._connection.outbox.wait_writable()

    def send_frame_nowait(self, data: str | bytes) -> None:
        self._put(raw(data))

    def ping(self, payload: bytes = b"") -> None:
        self._put(control(Ping(payload)))

    def pong(self, payload: bytes = b"") -> None:
        self._put(control(Pong(payload)))

    def close(self, code: int = NORMAL, reason: str = "") -> None:
        check_close(code, reason)
        self._disconnect(Disconnected(code, reason))

    def terminate(self) -> None:
        self._disconnect(Disconnected(NORMAL))

    def expire_at(self, when: datetime | None) -> None:
        self._connection.expiry.set(when)

    def hibernate(self) -> None:
        self._connection.hibernate()

    def _put(self, frame: RawFrame) -> None:
        self._connection.outbox.put(frame)

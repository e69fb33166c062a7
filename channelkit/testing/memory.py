"""A carrier without a socket: the frames of one connection, in memory."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, final

from typing_extensions import TypeVar

from ..exits import Closed, ConnectionLost, close_code
from ..raw_frames import Ping, Pong, control
from ..runtime.carried import Carried

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..exits import Exit
    from ..wire import Frame

__all__ = ["MemoryCarrier"]


C = TypeVar("C", bound=Carried)


@final
class MemoryCarrier(Generic[C]):
    """Both ends of a link in memory.

    Attributes:
        connection: The server's end; set right after it is made.
        closed: How the server closed the link, None while it is open.
        hibernated: How often the server gave memory back.
    """

    def __init__(self, arrived: Callable[[Frame], None]) -> None:
        self.connection: C | None = None
        self.closed: Closed | None = None
        self.hibernated = 0
        self._arrived = arrived
        self._reading = False
        self._unread: deque[tuple[bytes, bool]] = deque()
        self._lost = False
        self._parting: Closed | None = None

    # The client's side.

    def write_frame(self, data: bytes, *, binary: bool = False) -> None:
        """Send any message to the server, sound or not."""
        self._unread.append((data, binary))
        self._deliver()

    def write_control(self, frame: Ping | Pong) -> None:
        """Send a ping or a pong to the server, which answers pings before anything else."""
        ping = isinstance(frame, Ping)
        if ping:
            self.send(control(Pong(frame.payload)))
        if self.connection is not None:
            self.connection.controlled(frame.payload, ping=ping)

    def part(self, code: int = 1000, reason: str = "") -> None:
        """Close from the client's side, behind what the server has still to read and to handle."""
        self._parting = self._parting or Closed(code, reason)
        self._deliver()

    def hang_up(self, code: int | None = 1000, reason: str = "") -> None:
        """Close from the client's side; without a code the connection is lost."""
        self._lost = True
        if self.connection is not None:
            self.connection.lost(ConnectionLost() if code is None else Closed(code, reason))

    def block(self) -> None:
        """Read nothing from now on: the server's writes pile up."""
        if self.connection is not None:
            self.connection.writing_paused()

    def unblock(self) -> None:
        """Read again."""
        if self.connection is not None:
            self.connection.writing_resumed()

    @property
    def pending(self) -> bool:
        """Whether the server has not read everything yet."""
        return bool(self._unread)

    def _deliver(self) -> None:
        while self._reading and self._unread and self.connection is not None:
            data, binary = self._unread.popleft()
            self.connection.received(data, binary=binary)
        goodbye, connection = self._parting, self.connection
        if self._reading and goodbye and connection and connection.parting():
            connection.lost(goodbye)

    # The server's side: runtime.carrier.Carrier.

    def send(self, frame: Frame) -> None:
        """See `Carrier.send`."""
        if not self._lost and self.closed is None:
            self._arrived(frame)

    def buffered(self) -> int:
        """See `Carrier.buffered`."""
        return 0

    def queued(self) -> int:
        """See `Carrier.queued`."""
        return 0

    def pause_reading(self) -> None:
        """See `Carrier.pause_reading`."""
        self._reading = False

    def resume_reading(self) -> None:
        """See `Carrier.resume_reading`."""
        self._reading = True
        self._deliver()

    def stirred(self) -> bool:
        """See `Carrier.stirred`."""
        return False

    def hibernate(self) -> None:
        """See `Carrier.hibernate`."""
        self.hibernated += 1

    def close(self, reason: Exit) -> None:
        """See `Carrier.close`."""
        if self.closed is None:
            code, text = close_code(reason) or (1006, "")
            self.closed = Closed(code, text)

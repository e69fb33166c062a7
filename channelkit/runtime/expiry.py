"""When a connection and its members end by themselves."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Final, final

from ..exits import Expired

if TYPE_CHECKING:
    from .carried import Carried
    from .channel_task import ChannelTask

__all__ = ["Expiry", "timestamp"]

REMEDY: Final = "give it a timezone, as in  datetime.now(UTC)  or  datetime.fromtimestamp(exp, UTC)"


def timestamp(when: object) -> float:
    """A moment as seconds since the epoch.

    Raises:
        TypeError: It is no datetime.
        ValueError: It has no timezone, so nobody knows when it is.
    """
    if not isinstance(when, datetime):
        raise TypeError(
            f"a moment of expiry is a datetime with a timezone, got {type(when).__name__}; "
            "a token's exp becomes one by  datetime.fromtimestamp(exp, UTC)"
        )
    if when.utcoffset() is None:
        raise ValueError(f"the moment of expiry {when.isoformat()} has no timezone; {REMEDY}")
    return when.timestamp()


@final
class Expiry:
    """The deadlines of one connection and its members, on the event loop's clock.

    No timer runs for them: `Carried.tick` asks whenever it looks at the time.

    Attributes:
        earliest: When it is worth asking, infinity while nothing will expire.
    """

    __slots__ = ("_connection", "_deadlines", "earliest")

    def __init__(self, connection: Carried) -> None:
        self.earliest = math.inf
        self._connection = connection
        self._deadlines: dict[ChannelTask | None, float] = {}

    def set(self, when: datetime | None, whom: ChannelTask | None = None) -> None:
        """Let a member end at a moment, or without one the connection; None: it stays.

        The system's clock is read here, and not again. Raises as `timestamp`.
        """
        left = math.inf if when is None else timestamp(when) - self._connection.pool.wall()
        now = self._connection.loop.clock()
        self._deadlines.pop(whom, None)
        if left < math.inf:
            self._deadlines[whom] = now + left
        self._look()
        if left <= 0:
            self.end(now)

    def forget(self, whom: ChannelTask) -> None:
        """A member is over."""
        if self._deadlines.pop(whom, None) is not None:
            self._look()

    def end(self, now: float) -> None:
        """End whose time is up."""
        for whom in [whom for whom, deadline in self._deadlines.items() if deadline <= now]:
            del self._deadlines[whom]
            if whom is None:
                self._connection.close(Expired())
            else:
                whom.expire()
        self._look()

    def _look(self) -> None:
        self.earliest = min(self._deadlines.values(), default=math.inf)

"""How a server drains: in rounds, and what its sockets hold meanwhile. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Round", "ServerStats", "Stats", "rounds"]


@final
@dataclass(frozen=True, slots=True)
class Round:
    """One round of a drain (protocol.md B2d).

    Attributes:
        count: The sockets that end in it.
        total: Those of the whole drain.
        index: Which round it is, from 1.
        rounds: How many there are.
    """

    count: int
    total: int
    index: int
    rounds: int


def rounds(total: int, batch: int) -> list[Round]:
    """The rounds in which so many sockets end, at most so many in each; none for none.

    Raises:
        ValueError: The batch is not positive.
    """
    if batch < 1:
        raise ValueError(f"a round of a drain has one socket or more, got {batch}")
    number = -(-total // batch)
    return [
        Round(min(batch, total - start), total, index, number)
        for index, start in enumerate(range(0, total, batch), 1)
    ]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What an endpoint's sockets are and hold, at one moment.

    Attributes:
        sockets: Connections that are open, long-poll sessions too.
        members: Joins that were granted and have not ended.
        topics: Topics that have a member.
        inbox: What waits for handlers: pushes, frames of raw sockets.
        outbox_frames: Frames that wait to be written.
        outbox_bytes: Their bytes, and those that the system has not taken.
    """

    sockets: int = 0
    members: int = 0
    topics: int = 0
    inbox: int = 0
    outbox_frames: int = 0
    outbox_bytes: int = 0

    @staticmethod
    def sum(stats: Iterable[Stats]) -> Stats:
        """Those of several endpoints together."""
        each = list(stats)
        names = [field.name for field in fields(Stats)]
        return Stats(**{name: sum(getattr(one, name) for one in each) for name in names})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStats:
    """What a server's sockets are and hold, at one moment.

    Attributes:
        total: Over all endpoints.
        endpoints: By path.
        draining: Whether it closes its sockets, and takes no new ones.
        accepting: Whether it takes new connections now: not while it drains, has as many as
            `Limits.sockets`, or runs later than `Limits.lag`; then they wait.
    """

    total: Stats
    endpoints: Mapping[str, Stats]
    draining: bool
    accepting: bool

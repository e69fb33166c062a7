"""Rate limits: `"10/s"` read, and the token buckets that keep them. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["Buckets", "Rate", "RateError", "checked_rate"]

_RATE: Final = re.compile(r"(\d{1,9})\s*/\s*([a-z]+)(?:\s+burst\s+(\d{1,9}))?", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}
_ROUNDING: Final = 1e-6
"""Seconds by which a sum of times may miss; who waits as long as it was told gets through."""


class RateError(ValueError):
    """A text that is no rate; the message says why."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so many seconds, and how many of them at once.

    A bucket of `burst` tokens that gets `count` new ones in `seconds`, spread
    evenly. In any stretch of t seconds it gives at most ``burst + t * count /
    seconds``.
    """

    count: int
    seconds: int
    burst: int

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Read ``"10/s"``, ``"600/m"`` or ``"1000/h"``, perhaps with ``burst 50`` behind it.

        Without a burst as many may come at once as the rate counts.

        Raises:
            RateError: The text is no rate.
        """
        found = _RATE.fullmatch(text.strip())
        if found is None:
            raise RateError(f"{text!r} is not a number, a slash and a unit")
        count, unit, burst = found.groups()
        if unit not in _SECONDS:
            raise RateError(f"{unit!r} is no unit: s, m or h")
        rate = cls(int(count), _SECONDS[unit], int(count if burst is None else burst))
        if rate.count == 0:
            raise RateError("0 would let nothing through")
        if rate.burst == 0:
            raise RateError("a burst of 0 would let nothing through")
        return rate

    def __str__(self) -> str:
        unit = {seconds: unit for unit, seconds in _SECONDS.items()}[self.seconds]
        burst = "" if self.burst == self.count else f" burst {self.burst}"
        return f"{self.count}/{unit}{burst}"


def checked_rate(text: str | None) -> Rate | None:
    """The rate that an endpoint was given, None for none.

    Raises:
        RateError: The text is no rate; says how one is written.
    """
    try:
        return None if text is None else Rate.parse(f"{text}")
    except RateError as error:
        raise RateError(f'rate is like "10/s" or "600/m burst 20"; {error}') from None


@final
class Buckets:
    """The buckets of one socket, one for each key that was ever asked for.

    A bucket is kept as one number, the time at which it will be full again.
    """

    __slots__ = ("_full_at",)

    def __init__(self) -> None:
        self._full_at: dict[Hashable, float] = {}

    def take(self, key: Hashable, rate: Rate, now: float) -> int:
        """Take a token out of a bucket, if there is one.

        Args:
            key: Which bucket; always asked with the same rate.
            now: The time in seconds, never less than before.

        Returns:
            0 if there was one, else the milliseconds until there is the next one.
        """
        interval = rate.seconds / rate.count
        full_at = max(self._full_at.get(key, now), now) + interval
        early = full_at - rate.burst * interval - now
        if early > _ROUNDING:
            return max(1, math.ceil((early - _ROUNDING) * 1000))
        self._full_at[key] = full_at
        return 0

    def __len__(self) -> int:
        return len(self._full_at)

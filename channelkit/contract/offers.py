"""What two contracts offer beside payloads, compared. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from ..rates import Rate
from .changes import Change, Direction, Judgement, Kind, judged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .form import ChannelContract, EndpointContract

__all__ = ["limits", "named", "offered", "order", "rate", "shape", "streams", "subprotocols"]

_Where: TypeAlias = tuple[str, ...]


def offered(
    where: _Where,
    kind: Kind,
    old: str | None,
    new: str | None,
    judgement: Judgement | None = None,
) -> Change:
    return judged(where, kind, Direction.OFFERED, old=old, new=new, judgement=judgement)


def shape(pattern: str) -> str:
    """A pattern without the names of its parameters, which no client sees."""
    return re.sub(r"\{[^}*]*", "{", pattern)


def named(olds: Sequence[str], news: Sequence[str], where: _Where) -> Iterator[Change]:
    for name in olds:
        if name not in news:
            yield offered((*where, name), Kind.REMOVED, name, None)
    for name in news:
        if name not in olds:
            yield offered((*where, name), Kind.ADDED, None, name)


def subprotocols(old: EndpointContract, new: EndpointContract, where: _Where) -> Iterator[Change]:
    olds, news = old.subprotocols, new.subprotocols
    if olds is not None and news is not None:
        yield from named(olds, news, where)
    elif news is not None:
        # Whoever offers others was let in before.
        yield offered(where, Kind.TIGHTENED, None, ", ".join(news), Judgement.BREAKING)
    elif olds is not None:
        # A browser that offers one wants it confirmed.
        yield offered(where, Kind.REMOVED, ", ".join(olds), None)


def limits(olds: Mapping[str, float], news: Mapping[str, float], where: _Where) -> Iterator[Change]:
    for name in olds:
        if name in news and olds[name] != news[name]:
            kind = Kind.TIGHTENED if news[name] < olds[name] else Kind.LOOSENED
            yield offered((*where, "limit", name), kind, f"{olds[name]}", f"{news[name]}")


def rate(old: str | None, new: str | None, where: _Where) -> Iterator[Change]:
    if old == new:
        return
    before, after = _speed(old), _speed(new)
    looser = all(a >= b for a, b in zip(after, before, strict=True))
    yield offered(where, Kind.LOOSENED if looser else Kind.TIGHTENED, old, new)


def _speed(rate: str | None) -> tuple[float, float]:
    """How many in a second, and how many at once."""
    if rate is None:
        return float("inf"), float("inf")
    parsed = Rate.parse(rate)
    return parsed.count / parsed.seconds, parsed.burst


def streams(
    olds: Sequence[str] | None, news: Sequence[str] | None, where: _Where
) -> Iterator[Change]:
    if olds is None or news is None:
        if olds is not news:
            became = None if news is None else ", ".join(news)
            yield offered(where, Kind.REPLACED, None if olds is None else ", ".join(olds), became)
        return
    for name in olds:
        if name not in news:
            yield offered((*where, name), Kind.REMOVED, name, None, Judgement.SAFE)
    for name in news:
        if name not in olds:
            yield offered((*where, name), Kind.ADDED, None, name, Judgement.RISKY)


def order(
    olds: Sequence[ChannelContract], news: Sequence[ChannelContract], where: _Where
) -> Iterator[Change]:
    """The first pattern that matches takes a topic: another order may send it elsewhere."""
    before = [shape(channel.pattern) for channel in olds]
    after = [shape(channel.pattern) for channel in news]
    kept = [shape for shape in before if shape in after]
    if kept != [shape for shape in after if shape in before]:
        yield offered((*where, "order of channels"), Kind.ALTERED, ", ".join(before), None)

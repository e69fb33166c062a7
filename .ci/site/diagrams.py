"""Draws the mermaid state diagrams of docs/ as SVG, so that no page runs a library for them.

The states stand in a row, in the order in which they first appear; a change to the next state is
a straight arrow, every other an arc, above the row where it leads on and below where it leads back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["drawn"]

CHANGE: Final = re.compile(r"^\s*(\S+) --> (\S+) : (.+)$")
EDGE: Final = "[*]"
"""mermaid's name for the begin, and for the end."""

WIDTH: Final = 112
HEIGHT: Final = 40
GAP: Final = 128
DOT: Final = 9
ARC: Final = 46
"""How high an arc rises for each state that it passes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One arrow: its ends by their place in the row, and all that leads along it."""

    begin: int
    end: int
    labels: tuple[str, ...]


def drawn(mermaid: str) -> str:
    """A `stateDiagram-v2` as SVG, in the colours of the page that holds it.

    Raises:
        ValueError: It is no such diagram, or has a line that is no change of state.
    """
    head, *lines = mermaid.strip().splitlines()
    if head != "stateDiagram-v2":
        raise ValueError(f"no state diagram: {head!r}")
    found: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        change = CHANGE.match(line)
        if change is None:
            raise ValueError(f"no change of state: {line!r}")
        before = "begin" if change[1] == EDGE else change[1]
        after = "end" if change[2] == EDGE else change[2]
        found.setdefault((before, after), []).append(change[3])
    row = _row(found)
    arrows = [Change(row.index(a), row.index(b), tuple(labels)) for (a, b), labels in found.items()]
    return _svg(row, arrows)


def _row(found: dict[tuple[str, str], list[str]]) -> list[str]:
    """The states from left to right."""
    seen = dict.fromkeys(state for pair in found for state in pair)
    states = [state for state in seen if state not in {"begin", "end"}]
    return ["begin", *states, "end"]


def _svg(row: list[str], arrows: list[Change]) -> str:
    reach = max((abs(arrow.end - arrow.begin) for arrow in arrows), default=1)
    above = ARC * reach
    below = ARC * 2 + 10
    middle = above + HEIGHT // 2
    width = (len(row) - 1) * (WIDTH + GAP) - WIDTH + 60
    body = [*_states(row, middle), *(_arrow(arrow, row, middle) for arrow in arrows)]
    told = "; ".join(
        f"{row[arrow.begin]} to {row[arrow.end]} by {', '.join(arrow.labels)}" for arrow in arrows
    )
    return "\n".join(
        [
            f'<svg class="states" xmlns="http://www.w3.org/2000/svg" role="img"'
            f' viewBox="0 0 {width} {above + HEIGHT + below}" aria-label="{escape(told)}">',
            '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7"'
            ' markerHeight="7" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z"/></marker>'
            "</defs>",
            *body,
            "</svg>",
        ]
    )


def _center(place: int, row: list[str]) -> float:
    """Where a state's middle is; begin and end are dots, and stand nearer."""
    left = 30 + (place - 1) * (WIDTH + GAP) + GAP + WIDTH / 2
    if place == 0:
        return 30
    return left if place < len(row) - 1 else left - WIDTH / 2


def _half(place: int, row: list[str]) -> float:
    return DOT + 3 if place in {0, len(row) - 1} else WIDTH / 2


def _states(row: list[str], middle: int) -> Iterator[str]:
    yield f'<circle class="dot" cx="{_center(0, row):g}" cy="{middle}" r="{DOT}"/>'
    for place, state in enumerate(row[1:-1], 1):
        x = _center(place, row)
        yield (
            f'<rect x="{x - WIDTH / 2:g}" y="{middle - HEIGHT / 2:g}" width="{WIDTH}"'
            f' height="{HEIGHT}" rx="{HEIGHT // 2}"/>'
        )
        yield f'<text class="state" x="{x:g}" y="{middle + 5}">{escape(state)}</text>'
    x = _center(len(row) - 1, row)
    yield f'<circle class="ring" cx="{x:g}" cy="{middle}" r="{DOT + 3}"/>'
    yield f'<circle class="dot" cx="{x:g}" cy="{middle}" r="{DOT - 2}"/>'


def _arrow(arrow: Change, row: list[str], middle: int) -> str:
    begin, end = _center(arrow.begin, row), _center(arrow.end, row)
    label = escape(" / ".join(arrow.labels))
    if arrow.end == arrow.begin + 1:
        start = begin + _half(arrow.begin, row)
        stop = end - _half(arrow.end, row)
        path = f"M{start:g} {middle}H{stop - 2:g}"
        x, y = (start + stop) / 2, middle - 8.0
    else:
        steps = arrow.end - arrow.begin
        side = -1 if steps > 0 else 1
        base = middle + side * HEIGHT / 2
        tip = middle + side * (DOT + 4) if arrow.end == len(row) - 1 else base
        peak = base + side * ARC * (abs(steps) - 0.35) * (1 if steps > 0 else 1.3)
        lean = 14 if steps > 0 else -14
        start, stop = begin + lean, end if arrow.end == len(row) - 1 else end - lean
        path = f"M{start:g} {base:g}C{start:g} {peak:g} {stop:g} {peak:g} {stop:g} {tip:g}"
        x, y = (start + stop) / 2, base + (peak - base) * 0.75 + (-7 if side < 0 else 17)
    return (
        f'<path class="change" d="{path}" marker-end="url(#head)"/>'
        f'<text x="{x:g}" y="{y:g}">{label}</text>'
    )

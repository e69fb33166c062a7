"""Small line plots, side by side, as one SVG that is readable on light and on dark."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Panel", "plotted"]

WIDTH, HEIGHT = 320, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 44, 34
COLUMNS = 2

STYLE = """
text { font: 11px sans-serif; fill: #57606a } .name { font-weight: bold; fill: #24292f }
.axis { stroke: #afb8c1; fill: none } .line { stroke: #0969da; stroke-width: 2; fill: none }
circle { fill: #0969da }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1 } .name { fill: #f0f6fc } .axis { stroke: #656c76 }
  .line { stroke: #4493f8 } circle { fill: #4493f8 }
}
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """One plot: thousands of instructions by size, the sizes on a logarithmic axis."""

    name: str
    operation: str
    points: Mapping[int, float]


def plotted(panels: Sequence[Panel]) -> str:
    """The picture."""
    rows = math.ceil(len(panels) / COLUMNS)
    drawn = [
        f'<g transform="translate({index % COLUMNS * WIDTH} {index // COLUMNS * HEIGHT})">'
        f"{_drawn(panel)}</g>"
        for index, panel in enumerate(panels)
    ]
    size = f'width="{COLUMNS * WIDTH}" height="{rows * HEIGHT}"'
    box = f'viewBox="0 0 {COLUMNS * WIDTH} {rows * HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img">'
    title = "<title>How the cost of a message grows</title>"
    return "\n".join([head, title, f"<style>{STYLE}</style>", *drawn, "</svg>", ""])


def _drawn(panel: Panel) -> str:
    most = _round_up(max(panel.points.values()))
    places = [_place(panel, size, cost, most) for size, cost in panel.points.items()]
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    ticks = [
        f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{_short(size)}</text>'
        for (x, _), size in zip(places, panel.points, strict=True)
    ]
    return "".join(
        [
            f'<text class="name" x="{LEFT}" y="18">{escape(panel.name)}</text>',
            f'<text x="{LEFT}" y="33">{escape(panel.operation)}, thousand instructions</text>',
            f'<path class="axis" d="M{LEFT} {TOP}V{bottom}H{right}"/>',
            f'<text x="{LEFT - 6}" y="{TOP + 4}" text-anchor="end">{_short(most)}</text>',
            f'<text x="{LEFT - 6}" y="{bottom + 4}" text-anchor="end">0</text>',
            *ticks,
            f'<polyline class="line" points="{line}"/>',
            *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places),
        ]
    )


def _place(panel: Panel, size: int, cost: float, most: float) -> tuple[float, float]:
    first, last = math.log(min(panel.points)), math.log(max(panel.points))
    across = (math.log(size) - first) / (last - first)
    x = LEFT + 12 + across * (WIDTH - LEFT - RIGHT - 24)
    y = HEIGHT - BOTTOM - cost / most * (HEIGHT - TOP - BOTTOM)
    return x, y


def _round_up(number: float) -> float:
    """The next number with one digit that counts."""
    unit: float = 10.0 ** math.floor(math.log10(number))
    return math.ceil(number / unit) * unit


def _short(number: float) -> str:
    for unit, name in ((1_000_000, "M"), (1000, "k")):
        if number >= unit:
            return f"{number / unit:g}{name}".replace(".536", ".5").replace(".096", ".1")
    return f"{number:g}"

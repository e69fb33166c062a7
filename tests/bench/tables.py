"""From runs to tables: medians, ratios taken round by round. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from .modes import BASELINE, Kind, Mode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .processes import Figures

__all__ = ["DISTURBED", "Run", "cost", "render", "render_mode"]

DISTURBED = 0.03
"""Above this share of waiting for a core, other programs spoil the figures."""


@dataclass(frozen=True, slots=True)
class Run:
    """One server under one mode in one round; no figures if it failed."""

    round: int
    server: str
    mode: str
    figures: Figures | None

    @property
    def disturbed(self) -> bool:
        """Whether other programs made its CPU time worthless; memory does not care."""
        cares = Mode.parse(self.mode).kind is not Kind.MEMORY
        return self.figures is not None and cares and self.figures.waited > DISTURBED

    @property
    def counted(self) -> Figures | None:
        """The figures that go into the tables."""
        return None if self.disturbed else self.figures


def cost(mode: Mode, figures: Figures) -> float:
    """What is compared: µs of server CPU per operation, or KiB per connection."""
    if mode.kind is Kind.MEMORY:
        return (figures.rss_kib - figures.rss_before_kib) / mode.connections
    return figures.server_us


def render(runs: Sequence[Run]) -> str:
    """All modes, in the order they were run in, and how quiet the machine was."""
    modes = list(dict.fromkeys(run.mode for run in runs))
    tables = [render_mode(name, [run for run in runs if run.mode == name]) for name in modes]
    return "\n".join([*tables, noise(runs)])


def render_mode(name: str, runs: Sequence[Run]) -> str:
    """One mode as a heading and a Markdown table, the cheapest server first."""
    mode = Mode.parse(name)
    servers = list(dict.fromkeys(run.server for run in runs))
    rows = sorted(row(server, mode, runs) for server in servers)
    return f"### {name}: {mode.title}\n\n{align([heading(mode), *(cells for _, cells in rows)])}"


def heading(mode: Mode) -> list[str]:
    """The names of the columns."""
    if mode.kind is Kind.MEMORY:
        return ["server", "KiB per connection", "range", f"times {BASELINE}", "runs"]
    compared = [f"CPU µs per {mode.operation}", "range", f"times {BASELINE}"]
    return ["server", *compared, "rate/s", "p50 ms", "p99 ms", "runs"]


def row(server: str, mode: Mode, runs: Sequence[Run]) -> tuple[float, list[str]]:
    """A server's medians, with what they are sorted by."""
    mine = [run.counted for run in runs if run.server == server]
    good = [figures for figures in mine if figures]
    of_all = f"{len(good)} of {len(mine)}"
    if not good:
        return float("inf"), [server, *["-"] * (len(heading(mode)) - 2), of_all]
    costs = [cost(mode, figures) for figures in good]
    cells = [server, number(median(costs)), spread(costs), ratio(server, mode, runs)]
    if mode.kind is not Kind.MEMORY:
        cells += [f"{median(figures.rate for figures in good):,.0f}"]
        cells += [number(median(figures.p50_us for figures in good) / 1000)]
        cells += [number(median(figures.p99_us for figures in good) / 1000)]
    return median(costs), [*cells, of_all]


def ratio(server: str, mode: Mode, runs: Sequence[Run]) -> str:
    """The median of the ratios taken in the rounds that count for both."""
    costs = {(run.round, run.server): cost(mode, run.counted) for run in runs if run.counted}
    ratios = [
        mine / costs[played, BASELINE]
        for (played, name), mine in costs.items()
        if name == server and costs.get((played, BASELINE))
    ]
    return f"{median(ratios):.2f}" if ratios else "-"


def noise(runs: Sequence[Run]) -> str:
    """Whether the machine was quiet, and whether the load was the limit."""
    disturbed = sum(run.disturbed for run in runs)
    failed = sum(run.figures is None for run in runs)
    busiest = max((run.counted.load_cpu for run in runs if run.counted), default=0)
    return (
        f"Of {len(runs)} runs {disturbed} were disturbed by other programs and {failed} failed; "
        f"these do not count. The load was busy to {busiest:.0%} at most.\n"
    )


def spread(values: Sequence[float]) -> str:
    """The least and the greatest."""
    return f"{number(min(values))}-{number(max(values))}"


def number(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def align(rows: list[list[str]]) -> str:
    """A Markdown table that can be read as it stands; numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    padded = [
        [cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]
        for cells in [rows[0], rule, *rows[1:]]
    ]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in padded)

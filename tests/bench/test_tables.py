"""What the tables make of the runs."""

from __future__ import annotations

import pytest

from .modes import Kind, Mode
from .processes import Figures
from .tables import Run, render, render_mode


def figures(server_us: float = 10, **changed: float) -> Figures:
    """A flawless run."""
    usual = Figures(
        ops=1000,
        seconds=1,
        rate=1000,
        p50_us=500,
        p99_us=1500,
        server_us=server_us,
        server_cpu=1,
        load_cpu=0.5,
        waited=0,
        rss_before_kib=1000,
        rss_kib=3000,
        errors=0,
    )
    return usual.model_copy(update=changed)


def cells(line: str) -> list[str]:
    """A row of a table."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_costs_are_medians_and_ratios_are_taken_round_by_round() -> None:
    runs = [
        *(
            Run(number, "picows-typed", "echo50", figures(cost))
            for number, cost in enumerate((10, 20, 30))
        ),
        *(Run(number, "ours", "echo50", figures(cost)) for number, cost in enumerate((11, 24, 60))),
    ]

    assert [cells(line)[:4] for line in render_mode("echo50", runs).splitlines()[2:]] == [
        ["server", "CPU µs per echo", "range", "times picows-typed"],
        ["------------", "--------------:", "----:", "-----------------:"],
        ["picows-typed", "20", "10-30", "1.00"],
        ["ours", "24", "11-60", "1.20"],
    ]


def test_rates_and_latencies_are_medians_too() -> None:
    runs = [Run(number, "ours", "echo50", figures(rate=1000 * number)) for number in range(1, 4)]

    lines = render_mode("echo50", runs).splitlines()

    assert cells(lines[2])[4:] == ["rate/s", "p50 ms", "p99 ms", "runs"]
    assert cells(lines[4])[4:] == ["2,000", "0.5", "1.5", "3 of 3"]


def test_memory_is_shared_out_among_the_connections_and_cannot_be_disturbed() -> None:
    runs = [Run(1, "ours", "memory200", figures(waited=0.9))]

    *_, ours = render_mode("memory200", runs).splitlines()

    assert cells(ours) == ["ours", "10", "10-10", "-", "1 of 1"]


def test_failed_and_disturbed_runs_are_told_and_do_not_count() -> None:
    runs = [
        Run(1, "ours", "fanout5", None),
        Run(2, "ours", "fanout5", figures(7)),
        Run(3, "ours", "fanout5", figures(9, waited=0.5)),
        *(Run(number, "picows-typed", "fanout5", figures(10)) for number in (1, 2, 3)),
    ]

    ours, _ = render_mode("fanout5", runs).splitlines()[4:]

    assert cells(ours) == ["ours", "7", "7-7", "0.70", "1,000", "0.5", "1.5", "1 of 3"]
    assert render(runs).splitlines()[-1] == (
        "Of 6 runs 1 were disturbed by other programs and 1 failed; these do not count. "
        "The load was busy to 50% at most."
    )


def test_a_server_without_a_run_that_counts_comes_last() -> None:
    runs = [Run(1, "broken", "connect9", None), Run(1, "ours", "connect9", figures())]

    *_, broken = render_mode("connect9", runs).splitlines()

    assert cells(broken) == ["broken", *["-"] * 6, "0 of 1"]


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("echo50", Mode(kind=Kind.ECHO, connections=50, window=1)),
        ("echo50x8", Mode(kind=Kind.ECHO, connections=50, window=8)),
        ("fanout100", Mode(kind=Kind.FANOUT, connections=100, window=2)),
        ("connect2000", Mode(kind=Kind.CONNECT, connections=2000)),
        ("memory", Mode(kind=Kind.MEMORY, connections=2000)),
    ],
)
def test_a_mode_is_read_from_its_name(name: str, mode: Mode) -> None:
    assert Mode.parse(name) == mode


@pytest.mark.parametrize("name", ["", "echos", "echo0", "echo1x0", "echo99999", "echo1x65"])
def test_what_is_no_mode_or_too_much_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"no mode|at most"):
        Mode.parse(name)

"""Measure channelkit beside picows and websockets: ``python -m tests.bench.run``.

Every server does the same typed job, alone on one core; the load has another.
Within a round the servers come in random order, and ratios are taken round by
round. One wrong answer fails a run. See docs/performance.md.
"""

from __future__ import annotations

import argparse
import platform
import random
import signal
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from .modes import MODES, Kind, Mode, Subject, subjects
from .processes import (
    Cores,
    Figures,
    LoadFailed,
    Running,
    Timing,
    build,
    load,
    serving,
)
from .tables import DISTURBED, Run, cost, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["main"]

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->"
LOOPS = ("uvloop", "asyncio", "trio")
FIRST_CONTACT = Mode(kind=Kind.CONNECT, connections=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is to be measured, and how."""

    subjects: Sequence[Subject]
    modes: Sequence[str]
    rounds: int
    tries: int
    timing: Timing
    cores: Cores


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status is 1 if any run failed."""
    options = parser().parse_args(arguments)
    plan = Plan(
        subjects=subjects(options.loops),
        modes=options.modes,
        rounds=options.rounds,
        tries=options.tries,
        timing=Timing(warmup=min(0.5, options.duration), duration=options.duration, hold=1),
        cores=options.cores,
    )
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        runs = list(measure(plan, Path(folder)))
    text = f"{circumstances(plan)}\n{render(runs)}"
    print(f"\n{text}")
    if options.markdown:
        publish(options.markdown, text)
    return int(any(run.figures is None for run in runs))


def leave(signum: int, frame: object) -> None:
    """Turn a signal into an exit, so that what we started ends too."""
    sys.exit(128 + signum)


def measure(plan: Plan, folder: Path) -> Iterator[Run]:
    """Play all rounds, a line of progress for each run."""
    program = build(folder)
    for number in range(1, plan.rounds + 1):
        print(f"round {number} of {plan.rounds}", flush=True)
        for subject in random.sample(plan.subjects, len(plan.subjects)):
            yield from measure_server(plan, number, subject, program)


def measure_server(plan: Plan, number: int, subject: Subject, program: Path) -> Iterator[Run]:
    """Start one server, put every mode on it, end it."""
    measured: set[str] = set()
    log = program.with_name("server.log")
    try:
        with serving(subject, plan.cores, log) as server:
            quick = Timing(warmup=0, duration=0, hold=0)
            load(program, FIRST_CONTACT, subject, server, plan.cores, quick)
            for name in plan.modes:
                run = measure_mode(plan, number, subject, program, server, name)
                measured.add(name)
                yield run
    except LoadFailed as failure:
        print(f"  {subject.name}: FAILED: {failure}", flush=True)
        yield from (
            Run(number, subject.name, name, None) for name in plan.modes if name not in measured
        )


def measure_mode(
    plan: Plan, number: int, subject: Subject, program: Path, server: Running, name: str
) -> Run:
    """Put one mode on a running server; a failure is a run without figures."""
    mode = Mode.parse(name)
    try:
        figures = quietest(plan, subject, program, server, mode)
    except LoadFailed as failure:
        print(f"  {subject.name:20} {name:12} FAILED: {failure}", flush=True)
        return Run(number, subject.name, name, None)
    run = Run(number, subject.name, name, figures)
    unit = "KiB per connection" if mode.kind is Kind.MEMORY else f"µs per {mode.operation}"
    print(
        f"  {subject.name:20} {name:12} {cost(mode, figures):9.2f} {unit:18}"
        f" {figures.rate:10,.0f}/s{'  disturbed' if run.disturbed else ''}",
        flush=True,
    )
    return run


def quietest(plan: Plan, subject: Subject, program: Path, server: Running, mode: Mode) -> Figures:
    """Run a mode until no other program disturbs it, or all tries are used up."""
    best = load(program, mode, subject, server, plan.cores, plan.timing)
    tries = 1 if mode.kind is Kind.MEMORY else plan.tries  # the process is fresh only once
    while best.waited > DISTURBED and (tries := tries - 1):
        another = load(program, mode, subject, server, plan.cores, plan.timing)
        best = min(best, another, key=lambda figures: figures.waited)
    return best


def circumstances(plan: Plan) -> str:
    """The machine, the versions, and the amount of measuring behind the figures."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    cpu = next(
        (line.split(":")[1].strip() for line in lines if "model name" in line), "unknown CPU"
    )
    packages = ["pydantic", "websockets", "uvloop", "picows", "trio"]
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{cpu}, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"{versions}; medians of {plan.rounds} x {plan.timing.duration:g} s.\n"
    )


def publish(page: Path, text: str) -> None:
    """Put the tables between the page's two marks."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m tests.bench.run", description=__doc__)
    made.add_argument("--modes", type=modes, default=modes(MODES), help=f"default: {MODES}")
    made.add_argument("--rounds", type=rounds, default=5, help="1 to 50, default 5")
    made.add_argument("--tries", type=rounds, default=3, help="of a disturbed run, default 3")
    made.add_argument(
        "--duration", type=duration, default=3.0, help="seconds, 0.1 to 30, default 3"
    )
    made.add_argument("--loops", type=loops, default=["uvloop", "trio", "asyncio"])
    made.add_argument("--cores", type=cores, default=Cores.available(), help="SERVER,LOAD")
    made.add_argument("--markdown", nargs="?", type=Path, const=PAGE, help=f"default: {PAGE.name}")
    return made


def modes(text: str) -> list[str]:
    """The names of modes; memory first, for it needs a fresh process."""
    names = text.split(",")
    return sorted(names, key=lambda name: Mode.parse(name).kind is not Kind.MEMORY)


def loops(text: str) -> list[str]:
    """Event loops for channelkit; none measures the peers alone."""
    names = [name for name in text.split(",") if name]
    if unknown := set(names) - set(LOOPS):
        raise ValueError(unknown)
    return names


def rounds(text: str) -> int:
    """A bounded number of repetitions."""
    if not 1 <= int(text) <= 50:
        raise ValueError(text)
    return int(text)


def duration(text: str) -> float:
    """Bounded seconds; a subscriber is silent in them, and the server closes the idle."""
    if not 0.1 <= float(text) <= 30:
        raise ValueError(text)
    return float(text)


def cores(text: str) -> Cores:
    """Two cores."""
    server, load_core = text.split(",")
    return Cores(int(server), int(load_core))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    sys.exit(main())

"""How many instructions a message costs: ``python -m tests.bench.instructions``.

What Python and its libraries cost differs from version to version; so a cost
is given in times of the same typed job done by hand (``job.py``), counted in
the same run. ``--record`` writes the figures that ``test_instructions.py``
holds later ones against.
"""

from __future__ import annotations

import argparse
import gc
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop

from .counting import UNDER_VALGRIND, counted, joined, mark
from .job import Client
from .server import endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["RECORDED", "costs", "main", "recorded"]

RECORDED = Path(__file__).with_name("instructions.toml")

MODULE = "tests.bench.instructions"

FEW, MANY = 100, 500
"""How often in two runs of a scenario: what the second costs more is the difference's."""

RUNS = 3
"""Of a scenario; the first warms up."""

BY_HAND = "by hand"
TOPIC = "echo:b"
BODY = "x" * 32


def push(number: int, event: str) -> str:
    """A push to the topic that is joined."""
    return f'["1","{number}","{TOPIC}","{event}",{{"body":"{BODY}","n":{number}}}]'


async def echo(times: int, *, window: int = 1) -> None:
    """A typed event and its typed reply, so many in one read."""
    async with joined(endpoint, TOPIC) as (peer,):
        for first in range(0, times, window):
            pushes = [push(first + number, "echo") for number in range(window)]
            await peer.told(*pushes, writes=window)


async def echo_by_hand(times: int) -> None:
    """The same job without channels or frames."""
    topics: dict[str, set[int]] = {}
    client = Client(1, topics, lambda _, __: None)
    client.receive('{"event":"join","ref":1,"topic":"b"}')
    for number in range(times):
        body = f'{{"body":"{BODY}","n":{number}}}'
        client.receive(f'{{"event":"echo","ref":{number},"topic":"b","payload":{body}}}').encode()


async def deliver(times: int, *, members: int = 50) -> None:
    """A broadcast, by delivery."""
    async with joined(endpoint, *[TOPIC] * members) as (publisher, *_):
        for number in range(0, times, members):
            await publisher.told(push(number, "bcast"), writes=2)  # itself, and the reply


async def join(times: int) -> None:
    """A connection that is open joins, and is lost."""
    for _ in range(times):
        async with joined(endpoint, TOPIC):
            pass


SCENARIOS: dict[str, Callable[[int], Coroutine[None, None, None]]] = {
    BY_HAND: echo_by_hand,
    "echo": echo,
    "echo, 8 in a read": lambda times: echo(times, window=8),
    "ten deliveries": lambda times: deliver(10 * times),
    "join and leave": join,
}


def run_all() -> None:
    """Run the scenarios; a mark follows each run. No garbage is looked for: when, is chance."""
    gc.disable()
    for scenario in SCENARIOS.values():
        for times in (FEW, FEW, MANY):
            uvloop.run(scenario(times))
            mark()


def costs() -> dict[str, float]:
    """What each scenario costs, in times of the job done by hand; takes a minute.

    Raises:
        RuntimeError: valgrind could not count.
    """
    totals = counted(MODULE, marks=RUNS * len(SCENARIOS), seconds=900)
    few, many = totals[1::RUNS], totals[2::RUNS]
    each = [(more - less) / (MANY - FEW) for less, more in zip(few, many, strict=True)]
    instructions = dict(zip(SCENARIOS, each, strict=True))
    unit = instructions.pop(BY_HAND)
    return {name: round(count / unit, 2) for name, count in instructions.items()}


def recorded() -> dict[str, float]:
    """What they cost when that was last written down."""
    times: dict[str, float] = tomllib.loads(RECORDED.read_text())["times"]
    return times


def main() -> None:
    """Count, and print it; with ``--record`` write it down, too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help=f"write {RECORDED.name}")
    parser.add_argument(UNDER_VALGRIND, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.under_valgrind:
        run_all()
        return
    lines = [f'"{name}" = {times}' for name, times in costs().items()]
    if options.record:
        head = f"# In times of the job done by hand: python -m {MODULE} --record"
        RECORDED.write_text("\n".join([head, "[times]", *lines, ""]))
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()

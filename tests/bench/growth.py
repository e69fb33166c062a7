"""How the cost of a message grows: ``python -m tests.bench.growth``, half an hour.

Instructions, counted by valgrind (see `counting`), for each size of what might
matter; ``--only NAME`` asks one question, ``--write`` puts plot and table into
docs/performance.md.
"""

from __future__ import annotations

import argparse
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvloop

from channelkit import Endpoint, channel

from .counting import UNDER_VALGRIND, counted, joined, mark
from .plot import Panel, plotted
from .server import Bench, endpoint

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
    from contextlib import AbstractAsyncContextManager

    from .counting import Peer

__all__ = ["QUESTIONS", "Question", "main", "table"]

MODULE = "tests.bench.growth"
PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
PLOT = PAGE.parent / "images" / "growth.svg"
BEGIN, END = "<!-- growth -->\n", "<!-- /growth -->\n"

TIMES = 30
"""How often each is done; some times before, uncounted."""

MARKS = 2
"""For each size: when it begins and ends."""


@dataclass(frozen=True, slots=True)
class Question:
    """What might cost.

    Attributes:
        name: What grows.
        operation: What is counted, for the reader.
        sizes: How large.
        prepared: Makes the operation for a size, for as long as a block lasts.
        per_size: Whether one operation does the thing `size` times, and is to be divided by it.
        bound: What bounds it.
    """

    name: str
    operation: str
    sizes: tuple[int, ...]
    prepared: Callable[[int], AbstractAsyncContextManager[Callable[[], Awaitable[None]]]]
    bound: str
    per_size: bool = False


def echo(topic: str, size: int = 32) -> str:
    """A push to a topic that is joined."""
    return f'["1","2","{topic}","echo",{{"body":"{"x" * size}","n":1}}]'


def repeated(peer: Peer, *envelopes: str, writes: int) -> Callable[[], Awaitable[None]]:
    """The operation of sending these."""
    return lambda: peer.told(*envelopes, writes=writes)


@asynccontextmanager
async def topics(count: int) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
    """An echo on the last of so many topics of one socket."""
    async with joined(endpoint, "echo:0") as (peer,):
        for number in range(1, count):
            await peer.told(f'["1","1","echo:{number}","phx_join",{{}}]', writes=1)
        yield repeated(peer, echo(f"echo:{count - 1}"), writes=1)


@asynccontextmanager
async def sockets(count: int) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
    """An echo on one of so many sockets, each on a topic of its own."""
    async with joined(endpoint, *(f"echo:{number}" for number in range(count))) as peers:
        yield repeated(peers[-1], echo(f"echo:{count - 1}"), writes=1)


@asynccontextmanager
async def channels(count: int) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
    """A join, its end included, of the last of so many channels."""
    classes: list[type[Bench]] = [
        channel(f"c{number}:{{rest*}}")(type(f"C{number}", (Bench,), {"__module__": __name__}))
        for number in range(count)
    ]
    large: Endpoint[Any] = Endpoint("/socket", classes)

    async def join() -> None:
        async with joined(large, f"c{count - 1}:x"):
            pass

    yield join


@asynccontextmanager
async def payload(size: int) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
    """An echo of a body of so many bytes."""
    async with joined(endpoint, "echo:0") as (peer,):
        yield repeated(peer, echo("echo:0", size), writes=1)


@asynccontextmanager
async def window(count: int) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
    """So many echoes, all in one read."""
    async with joined(endpoint, "echo:0") as (peer,):
        yield repeated(peer, *[echo("echo:0")] * count, writes=count)


@asynccontextmanager
async def members(count: int) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
    """A broadcast to so many."""
    async with joined(endpoint, *["echo:0"] * count) as (publisher, *_):
        push = '["1","2","echo:0","bcast",{"body":"' + "x" * 32 + '","n":1}]'
        yield repeated(publisher, push, writes=2)


QUESTIONS = [
    Question(
        "topics of the socket", "an echo", (1, 3, 10, 30, 100), topics, "a look-up in a dict; 100"
        " is `Limits.topics`"
    ),
    Question(
        "sockets of the server", "an echo", (1, 10, 100, 1000, 10_000), sockets,
        "nothing of a message knows of other sockets",
    ),
    Question(
        "channels in the table", "a join and its end", (1, 10, 100, 1000), channels,
        "the patterns are asked by the topic's first part",
    ),
    Question(
        "bytes of the payload", "an echo", (16, 256, 4096, 65_536, 1_000_000), payload,
        "reading and writing the bytes: pydantic's JSON",
    ),
    Question(
        "messages in one read", "each of them", (1, 2, 4, 8, 16, 32), window,
        "what a read and a write cost is shared", per_size=True,
    ),
    Question(
        "members of the topic", "each delivery", (1, 10, 100, 1000), members,
        "what a broadcast costs once is shared", per_size=True,
    ),
]  # fmt: skip


async def ask(question: Question) -> None:
    """Do it, for each size; a mark begins and ends what counts."""
    for size in question.sizes:
        async with question.prepared(size) as operate:
            for _ in range(5):
                await operate()
            mark()
            for _ in range(TIMES):
                await operate()
            mark()


def answers(question: Question) -> dict[int, float]:
    """Thousands of instructions, by size.

    Raises:
        RuntimeError: valgrind could not count.
    """
    marks = MARKS * len(question.sizes)
    totals = counted(MODULE, "--only", question.name, marks=marks, seconds=3600)
    found: dict[int, float] = {}
    for size, total in zip(question.sizes, totals[1::MARKS], strict=True):
        divisor = size if question.per_size else 1
        found[size] = total / TIMES / divisor / 1000
    return found


def table(question: Question, found: dict[int, float]) -> list[str]:
    """The answers in Markdown."""
    sizes = " | ".join(f"{size:,}" for size in found)
    costs = " | ".join(f"{cost:,.0f}" for cost in found.values())
    return [
        f"**{question.name.capitalize()}**, {question.operation}: {question.bound}.",
        "",
        f"| {question.name} | {sizes} |",
        "|---|" + "---:|" * len(found),
        f"| thousand instructions | {costs} |",
        "",
    ]


def write(lines: Iterable[str], picture: str) -> None:
    """Put both into the documents."""
    PLOT.write_text(picture, encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + "\n" + "\n".join(lines) + END + after, encoding="utf-8")


def main() -> None:
    """Ask, and print what comes out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[question.name for question in QUESTIONS])
    parser.add_argument("--write", action="store_true")
    parser.add_argument(UNDER_VALGRIND, action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    asked = [one for one in QUESTIONS if options.only in (None, one.name)]
    if options.under_valgrind:
        for question in asked:
            uvloop.run(ask(question))
        return
    lines: list[str] = []
    panels: list[Panel] = []
    for question in asked:
        found = answers(question)
        lines += table(question, found)
        panels.append(Panel(question.name, question.operation, found))
        print(*table(question, found), sep="\n", flush=True)
    if options.write:
        write(lines, plotted(panels))


if __name__ == "__main__":
    main()

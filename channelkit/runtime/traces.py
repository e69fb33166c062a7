"""A traceback that can be logged: nothing in it forges a line or reaches the terminal."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Final, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Frames", "trace"]

Frames: TypeAlias = "Callable[[list[traceback.FrameSummary]], list[traceback.FrameSummary]]"
"""Chooses which frames to show."""

MAX_MESSAGE: Final = 2000
"""Characters of one message; the rest is cut."""

MAX_CHAIN: Final = 20
"""Exceptions that are shown of a chain, and of a group."""

CAUSE: Final = "The above exception was the direct cause of the following exception:"
CONTEXT: Final = "During handling of the above exception, another exception occurred:"


def trace(error: BaseException, frames: Frames = list) -> str:
    """The traceback as Python would write it, each message on one line.

    What an exception says may hold what a peer sent, so its line ends and
    whatever does not print are escaped.

    Args:
        frames: Which of an exception's frames to show.
    """
    return "\n".join(_lines(error, frames))


def _lines(error: BaseException, frames: Frames) -> Iterator[str]:
    chain = _chain(error)
    for index, (one, how) in enumerate(chain):
        if index:
            yield from ("", how, "")
        yield from _one(one, frames)


def _chain(error: BaseException) -> list[tuple[BaseException, str]]:
    """The exceptions that led to this one, the first one first; how each came of the one before."""
    chain: list[tuple[BaseException, str]] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(chain) < MAX_CHAIN:
        seen.add(id(current))
        how = CONTEXT if current.__cause__ is None else CAUSE
        chain.append((current, how))
        context = None if current.__suppress_context__ else current.__context__
        current = current.__cause__ or context
    return chain[::-1]


def _one(error: BaseException, frames: Frames) -> Iterator[str]:
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):"
        shown = frames(traceback.extract_tb(error.__traceback__))
        for frame in traceback.StackSummary.from_list(shown).format():
            yield from map(_escaped, frame.splitlines())
    yield _headline(error)
    for note in cast("Iterable[object]", getattr(error, "__notes__", ())):
        yield _escaped(_text(note))
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        for number, inner in enumerate(group.exceptions[:MAX_CHAIN], 1):
            yield f"  +-- {number} of {len(group.exceptions)}"
            yield from (f"  | {line}" for line in _lines(inner, frames))


def _headline(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ not in ("builtins", "__main__"):
        name = f"{kind.__module__}.{name}"
    message = _escaped(_text(error))
    return f"{name}: {message}" if message else name


def _text(value: object) -> str:
    """What it says; an author's that raises must not take the log's caller down."""
    try:
        text = str(value)
    except Exception:
        return "<no text>"
    return text if len(text) <= MAX_MESSAGE else text[:MAX_MESSAGE] + "…"


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )

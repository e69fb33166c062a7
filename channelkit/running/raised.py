"""An exception as its author wants to read it: without the frames that are ours. Pure."""

from __future__ import annotations

import importlib
from pathlib import Path
from traceback import TracebackException
from typing import TYPE_CHECKING, Final

from ..runtime.traces import trace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from traceback import FrameSummary

__all__ = ["logged", "raised"]

_OURS: Final = (
    str(Path(__file__).parents[1]),
    str(Path(importlib.__file__).parent),
    "<frozen importlib",
)


def raised(error: BaseException) -> str:
    """The traceback from the author's first frame on, for every exception of the chain.

    Where no frame is the author's, the fault may be ours, and all are shown; not so where the
    author's file is no Python, which says its place itself.
    """
    told = TracebackException.from_exception(error)
    _shorten(told)
    if isinstance(error, SyntaxError) and all(map(_is_ours, told.stack)):
        told.stack.clear()
    return "".join(told.format()).rstrip("\n")


def logged(error: BaseException) -> str:
    """The same for the log: what an exception says may hold what a peer sent, and is escaped."""
    return trace(error, lambda frames: frames[_first(frames) :])


def _shorten(told: TracebackException) -> None:
    del told.stack[: _first(told.stack)]
    for other in (told.__cause__, told.__context__, *(told.exceptions or ())):
        if other is not None:
            _shorten(other)


def _first(frames: Sequence[FrameSummary]) -> int:
    """The author's first frame; 0 where none is."""
    return next((n for n, frame in enumerate(frames) if not _is_ours(frame)), 0)


def _is_ours(frame: FrameSummary) -> bool:
    return frame.filename.startswith(_OURS)

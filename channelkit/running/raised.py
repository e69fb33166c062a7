"""An exception as its author wants to read it: without the frames that are ours. Pure."""

from __future__ import annotations

import importlib
from pathlib import Path
from traceback import TracebackException
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from traceback import FrameSummary

__all__ = ["raised"]

_OURS: Final = (
    str(Path(__file__).parents[1]),
    str(Path(importlib.__file__).parent),
    "<frozen importlib",
)


def raised(error: BaseException) -> str:
    """The traceback from the author's first frame on, for every exception of the chain.

    Where no frame is the author's, the fault may be ours, and all are shown.
    """
    told = TracebackException.from_exception(error)
    _shorten(told)
    return "".join(told.format()).rstrip("\n")


def _shorten(told: TracebackException) -> None:
    theirs = next((n for n, frame in enumerate(told.stack) if not _is_ours(frame)), 0)
    del told.stack[:theirs]
    for other in (told.__cause__, told.__context__, *(told.exceptions or ())):
        if other is not None:
            _shorten(other)


def _is_ours(frame: FrameSummary) -> bool:
    return frame.filename.startswith(_OURS)

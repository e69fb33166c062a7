"""The log of a running server: one line each on stderr, tracebacks below, colours on a terminal."""

from __future__ import annotations

import logging
import os
import sys
from datetime import datetime
from textwrap import indent
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from ..runtime.log import LOGGER
from .raised import logged

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["Level", "LineFormatter", "configure_logging", "wants_colours"]

Level: TypeAlias = Literal["debug", "info", "warning", "error"]

_DIM: Final = "\x1b[2m"
_PLAIN: Final = "\x1b[0m"
_COLOURS: Final = {
    logging.DEBUG: "\x1b[2m",
    logging.INFO: "\x1b[32m",
    logging.WARNING: "\x1b[33m",
    logging.ERROR: "\x1b[31m",
}


class LineFormatter(logging.Formatter):
    """``2026-11-22T20:00:00.123 INFO joined topic=room:1 …``, in local time.

    Args:
        colours: Whether to paint the level, and dim the time.
    """

    def __init__(self, *, colours: bool) -> None:
        super().__init__()
        self._colours = colours

    def format(self, record: logging.LogRecord) -> str:
        """The line; below it, indented, what was raised."""
        time = datetime.fromtimestamp(record.created).isoformat(timespec="milliseconds")
        level = record.levelname
        if self._colours:
            time = f"{_DIM}{time}{_PLAIN}"
            level = f"{_COLOURS.get(record.levelno, '')}{level}{_PLAIN}"
        text = f"{time} {level} {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            text += "\n" + indent(logged(record.exc_info[1]), "  ")
        return text


def configure_logging(level: Level) -> None:
    """Send the lines of the logger "channelkit" to stderr.

    Done before the author's module is imported, so that what it configures wins.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter(colours=wants_colours(sys.stderr)))
    LOGGER.handlers[:] = [handler]
    LOGGER.propagate = False  # a root handler of the author's would say everything twice
    LOGGER.setLevel(level.upper())


def wants_colours(stream: TextIO) -> bool:
    """Whether it is a terminal, and nobody asked for plain text (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR")

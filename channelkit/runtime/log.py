"""One structured line (logfmt) for each thing worth knowing."""

from __future__ import annotations

import json
import logging
import traceback
from typing import TYPE_CHECKING, Final, cast

from .traces import trace

if TYPE_CHECKING:
    from ..exits import Exit
    from ..instruments import Level

__all__ = ["LOGGER", "at", "crashed", "enabled", "info", "line", "raised_at", "told", "warning"]

LOGGER: Final = logging.getLogger("channelkit")

NUMBERS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

MAX_VALUE: Final = 200
"""Characters of one value in a line; the rest is cut."""


def line(event: str, /, **fields: object) -> str:
    """``event key=value …``; None is left out, values with spaces are quoted."""
    parts = [f"{key}={_value(value)}" for key, value in fields.items() if value is not None]
    return " ".join([event, *parts])


def info(event: str, /, **fields: object) -> None:
    """Log a line of ordinary life."""
    if LOGGER.isEnabledFor(logging.INFO):
        LOGGER.info("%s", line(event, **fields))


def at(level: Level | None, event: str, /, **fields: object) -> None:
    """Log a line at a level, None for not at all."""
    if level is not None and LOGGER.isEnabledFor(NUMBERS[level]):
        LOGGER.log(NUMBERS[level], "%s", line(event, **fields))


def enabled(level: Level | None) -> bool:
    """Whether a line at this level would be seen."""
    return level is not None and LOGGER.isEnabledFor(NUMBERS[level])


def warning(event: str, /, **fields: object) -> None:
    """Log a line that somebody should look at."""
    if LOGGER.isEnabledFor(logging.WARNING):
        LOGGER.warning("%s", line(event, **fields))


def crashed(event: str, error: BaseException, /, **fields: object) -> None:
    """Log what a handler raised: one line, and its traceback below for the author."""
    if not LOGGER.isEnabledFor(logging.ERROR):
        return
    text = line(event, **fields, error=_shown(error), at=raised_at(error))
    file, number, function, _ = LOGGER.findCaller(stacklevel=2)
    info = (type(error), error, error.__traceback__)
    args = (LOGGER.name, logging.ERROR, file, number, "%s", (text,), info, function)
    record = LOGGER.makeRecord(*args)
    record.exc_text = trace(error)  # which formatters take, before they make their own
    LOGGER.handle(record)


def _value(value: object) -> str:
    text = value if isinstance(value, str) else _json(value)
    if len(text) > MAX_VALUE:
        text = text[:MAX_VALUE] + "…"
    plain = text.isprintable() and text and not any(sign in text for sign in ' "=')
    # What does not print is escaped: line ends beyond ASCII, terminal and direction controls.
    return text if plain else json.dumps(text, ensure_ascii=not text.isprintable())


def _json(value: object) -> str:
    if isinstance(value, (int, float, dict, list)):
        return json.dumps(cast("object", value), ensure_ascii=False, default=_shown)
    return _shown(value)


def _shown(value: object) -> str:
    """Its repr; an author's that raises must not take the log's caller down."""
    try:
        return repr(value)
    except Exception:
        return f"<{type(value).__name__}>"


def told(reason: Exit) -> str:
    """An exit in one word, with its code where it has one."""
    code = getattr(reason, "code", None)
    name = type(reason).__name__
    return name if code is None else f"{name}({code})"


def raised_at(error: BaseException) -> str | None:
    """``file:line`` where an exception was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None

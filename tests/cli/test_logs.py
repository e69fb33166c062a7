"""The log lines of a running server."""

from __future__ import annotations

import io
import logging
import re

import pytest

from channelkit.running.logs import LineFormatter, wants_colours


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def record(level: int, text: str, error: BaseException | None = None) -> logging.LogRecord:
    exc_info = None if error is None else (type(error), error, error.__traceback__)
    made = logging.LogRecord("channelkit", level, "x.py", 1, "%s", (text,), exc_info)
    made.created = 1_795_377_600.123
    return made


def test_a_line_is_the_time_with_milliseconds_the_level_and_the_event() -> None:
    text = LineFormatter(colours=False).format(record(logging.INFO, "joined topic=room:1"))

    assert re.fullmatch(r"2026-11-2\dT\d\d:\d\d:\d\d\.123 INFO joined topic=room:1", text)


def test_a_traceback_stands_indented_below_its_line() -> None:
    error = ZeroDivisionError("x")

    text = LineFormatter(colours=False).format(record(logging.ERROR, "crashed", error))

    first, *below = text.splitlines()
    assert first.endswith("ERROR crashed")
    assert below == ["  ZeroDivisionError: x"]


def test_colours_paint_the_level_and_leave_the_words() -> None:
    text = LineFormatter(colours=True).format(record(logging.WARNING, "slow handler"))

    assert "\x1b[33mWARNING\x1b[0m slow handler" in text


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert wants_colours(Terminal())
    assert not wants_colours(io.StringIO())


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert not wants_colours(Terminal())

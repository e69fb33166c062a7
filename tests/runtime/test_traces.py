"""Tracebacks in the log: all that Python would show, and nothing that a peer could forge."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from channelkit.runtime import log
from channelkit.runtime.traces import CAUSE, CONTEXT, trace

if TYPE_CHECKING:
    from collections.abc import Callable


def caught(run: Callable[[], object]) -> BaseException:
    """What it raises."""
    try:
        run()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def fail(message: str = "on purpose") -> None:
    raise ValueError(message)


def test_a_trace_has_the_frames_and_the_message() -> None:
    lines = trace(caught(fail)).split("\n")

    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-1] == "ValueError: on purpose"
    assert any(line.startswith(f'  File "{Path(__file__)}", line ') for line in lines)
    assert "    raise ValueError(message)" in lines


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("a\nERROR forged", r"a\nERROR forged"),
        ("a\r\x1b[2J\x9b\u2028\u202e\x00", r"a\r\x1b[2J\x9b\u2028\u202e\x00"),
        ("日本 😀", "日本 😀"),
        ("\ud800", r"\ud800"),
        ("x" * 3000, "x" * 2000 + "…"),
    ],
)
def test_a_message_is_one_line_that_prints(message: str, shown: str) -> None:
    text = trace(caught(lambda: fail(message)))

    assert text.split("\n")[-1] == f"ValueError: {shown}"
    assert all(line.isprintable() for line in text.split("\n"))


class Odd(Exception):
    """Has no text."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


def test_an_exception_without_a_text_is_shown_all_the_same() -> None:
    assert trace(Odd()) == f"{__name__}.Odd: <no text>"
    assert trace(KeyError()) == "KeyError"


def test_causes_and_contexts_are_shown_before() -> None:
    def with_cause() -> None:
        try:
            fail("first\nforged")
        except ValueError as error:
            raise TypeError("second") from error

    def with_context() -> None:
        try:
            fail("first")
        except ValueError:
            raise TypeError("second")  # noqa: B904  (it is what is tested)

    def without() -> None:
        try:
            fail("first")
        except ValueError:
            raise TypeError("second") from None

    caused = trace(caught(with_cause)).split("\n")
    assert caused.index(r"ValueError: first\nforged") < caused.index(CAUSE)
    assert caused[-1] == "TypeError: second"
    assert CONTEXT in trace(caught(with_context))
    assert "first" not in trace(caught(without))


def test_a_chain_that_goes_in_a_circle_ends() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one

    assert trace(one).split("\n") == ["ValueError: other", "", CAUSE, "", "ValueError: one"]


def test_notes_are_shown_each_on_one_line() -> None:
    error = ValueError("text")
    error.add_note("note\nforged")

    assert trace(error).split("\n") == ["ValueError: text", r"note\nforged"]


def test_a_group_shows_what_is_in_it() -> None:
    inner = ExceptionGroup("inner", [KeyError("deep")])
    group = ExceptionGroup("outer\nforged", [caught_error(), inner])

    lines = trace(group).split("\n")

    assert lines[0] == r"ExceptionGroup: outer\nforged (2 sub-exceptions)"
    assert "  +-- 1 of 2" in lines
    assert r"  | ValueError: a\nb" in lines
    assert "  |   | KeyError: 'deep'" in lines


def caught_error() -> Exception:
    error = caught(lambda: fail("a\nb"))
    assert isinstance(error, Exception)
    return error


def test_a_crash_is_written_so_by_any_handler(caplog: pytest.LogCaptureFixture) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    log.LOGGER.addHandler(handler)
    try:
        log.crashed("crashed", caught(lambda: fail("a\n2026-01-01 ERROR forged\x1b[2J")), topic="t")
    finally:
        log.LOGGER.removeHandler(handler)

    first, *rest = stream.getvalue().rstrip("\n").split("\n")
    assert first.startswith("crashed topic=t ")
    assert rest[0] == "Traceback (most recent call last):"
    assert rest[-1] == r"ValueError: a\n2026-01-01 ERROR forged\x1b[2J"
    (record,) = caplog.records
    assert record.exc_info is not None
    assert record.funcName == "test_a_crash_is_written_so_by_any_handler"


def test_where_errors_are_not_logged_a_crash_costs_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, "channelkit")

    log.crashed("crashed", ValueError())

    assert caplog.records == []

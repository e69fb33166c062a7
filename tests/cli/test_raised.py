"""Tracebacks as their authors want to read them."""

from __future__ import annotations

import linecache
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from channelkit.running.raised import logged, raised
from channelkit.topics import TopicPattern

if TYPE_CHECKING:
    from pathlib import Path

FILE = "/app/author.py"


def author(source: str) -> dict[str, Any]:
    """Names from a module that somebody else wrote."""
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    names: dict[str, Any] = {}
    exec(compile(source, FILE, "exec"), names)
    return names


def caught(error: BaseException) -> BaseException:
    """The exception as channelkit catches it: without this test's own frame."""
    assert error.__traceback__ is not None
    return error.with_traceback(error.__traceback__.tb_next)


def test_frames_of_ours_before_the_author_s_first_are_left_out() -> None:
    names = author("def bad(value):\n    return 1 / 0\n")
    text = type("Text", (str,), {"__str__": names["bad"]})()
    with pytest.raises(ZeroDivisionError) as info:
        TopicPattern.parse("a:{b}").build({"b": text})

    assert raised(caught(info.value)).splitlines() == [
        "Traceback (most recent call last):",
        f'  File "{FILE}", line 2, in bad',
        "    return 1 / 0",
        "           ~~^~~",
        "ZeroDivisionError: division by zero",
    ]


def test_frames_of_ours_below_the_author_s_stay() -> None:
    names = author("def bad(parse):\n    parse('a:{')\n")
    with pytest.raises(ValueError, match="parameter") as info:
        names["bad"](TopicPattern.parse)

    lines = raised(caught(info.value)).splitlines()

    assert lines[1] == f'  File "{FILE}", line 2, in bad'
    assert "topics.py" in lines[3]


def test_a_file_that_is_no_python_is_told_by_its_own_place_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "misspelt_author.py").write_text("def x(:\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(SyntaxError) as info:
        import_module("misspelt_author")

    first, *_, last = raised(caught(info.value)).splitlines()

    assert first.strip().startswith(f'File "{tmp_path}')
    assert last == "SyntaxError: invalid syntax"


def test_an_error_that_is_all_ours_is_shown_whole() -> None:
    with pytest.raises(ValueError, match="parameter") as info:
        TopicPattern.parse("a:{")

    assert "topics.py" in raised(caught(info.value))


def test_causes_contexts_and_groups_are_shortened_like_the_rest() -> None:
    names = author("def bad(value):\n    return 1 / 0\n")
    pattern = TopicPattern.parse("a:{b}")
    text = type("Text", (str,), {"__str__": names["bad"]})()
    with pytest.raises(ZeroDivisionError) as info:
        pattern.build({"b": text})
    error = info.value.with_traceback(caught(info.value).__traceback__)
    group = ExceptionGroup("one", [error])
    group.__cause__ = error

    assert "topics.py" not in raised(group)


def test_an_error_that_was_never_raised_is_its_last_line() -> None:
    assert raised(ValueError("x")) == "ValueError: x"


def test_in_the_log_what_an_error_says_is_one_line_that_prints() -> None:
    names = author("def bad(value):\n    raise ValueError('a\\nforged\\x1b[2J')\n")
    text = type("Text", (str,), {"__str__": names["bad"]})()
    with pytest.raises(ValueError, match="forged") as info:
        TopicPattern.parse("a:{b}").build({"b": text})

    assert logged(caught(info.value)).split("\n") == [
        "Traceback (most recent call last):",
        f'  File "{FILE}", line 2, in bad',
        "    raise ValueError('a\\nforged\\x1b[2J')",
        r"ValueError: a\nforged\x1b[2J",
    ]

from __future__ import annotations

import logging

import pytest

from channelkit import exits
from channelkit.runtime import log


class Unprintable(Exception):
    """Cannot be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "plain"),
        ("日本", "日本"),
        ("", '""'),
        ("two words", '"two words"'),
        ("a=b", '"a=b"'),
        ('"', r'"\""'),
        (7, "7"),
        (0.5, "0.5"),
        (True, "true"),
        ([1, "x"], r'"[1, \"x\"]"'),
        ({"a": {1}}, r'"{\"a\": \"{1}\"}"'),
        (("a", 1), "\"('a', 1)\""),
        ("x" * 300, "x" * 200 + "…"),
    ],
)
def test_a_value_is_shown_plainly_or_quoted(value: object, shown: str) -> None:
    assert log.line("event", key=value) == f"event key={shown}"


def test_none_is_left_out() -> None:
    assert log.line("event", key=None) == "event"


@pytest.mark.parametrize(
    "sign",
    [
        "\n",
        "\r",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\u2028",
        "\u2029",
        "\x1b[2J",
        "\x9b2J",
        "\u202e",
        "\x00",
    ],
)
def test_no_sign_forges_a_second_line_or_reaches_the_terminal(sign: str) -> None:
    for value in (f"a{sign}error b", {"k": f"a{sign}"}, {f"a{sign}": 1}):
        line = log.line("event", key=value)

        assert len(line.splitlines()) == 1
        assert line.isprintable()


def test_a_lone_surrogate_can_be_written() -> None:
    assert log.line("event", key="a\ud800").encode().isascii()


def test_a_crash_is_one_line_with_its_place_even_where_it_has_no_repr(
    caplog: pytest.LogCaptureFixture,
) -> None:
    try:
        raise Unprintable  # noqa: TRY301  (for its traceback)
    except Unprintable as error:
        log.crashed("crashed", error, topic="t")

    [record] = caplog.records
    assert record.getMessage().startswith("crashed topic=t error=<Unprintable> at=")
    assert "test_log.py:" in record.getMessage()


def test_what_was_never_raised_has_no_place() -> None:
    assert log.raised_at(ValueError()) is None


def test_levels_that_are_off_cost_and_say_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="channelkit"):
        log.info("event")
        log.warning("event")
    with caplog.at_level(logging.INFO, logger="channelkit"):
        log.info("one")
        log.warning("two")

    assert [record.getMessage() for record in caplog.records] == ["one", "two"]


def test_an_exit_is_told_in_one_word() -> None:
    assert log.told(exits.Left()) == "Left"
    assert log.told(exits.Closed(1000, "x\ny")) == "Closed(1000)"

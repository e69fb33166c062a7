"""Texts for regular expressions: short ones that fit, or none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit.documents.patterns import accepts, matching


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^[0-9a-f]{8}$", "01234567"),
        ("^#[0-9a-fA-F]{6}$", "#012345"),
        (r"^\w+@\w+\.(com|org)$", "a@a.com"),
        ("^(?:ab){2,3}$", "abab"),
        ("^(?P<year>[0-9]{4})-(?<month>[0-9]{2})$", None),  # Python has no (?<name>…): unchecked
        (r"^\x41\u0042\x{43}$", None),
        (r"^\d{3}\s\D\S$", "012 aa"),
        ("^x{y}$", "x{y}"),
        ("^[^a-y ]$", "z"),
        (r"^[\d_-]$", "0"),
        ("^[]x]$", "]"),
        ("^.{2}$", "ab"),
        ("^x*?y++$", "y"),
        (r"^\.\n\t$", ".\n\t"),
        (r"\bword\b", "word"),
        ("^(?i)x$", None),
        ("^(?i:x)$", "x"),
        (r"^\p{L}+$", None),
        (r"^\pL$", None),
        ("^(?=b)[a-b]$", None),  # the first that comes to mind does not pass the look-ahead
        ("^a|b$", "a"),
    ],
)
def test_a_text_is_written_for_a_pattern(pattern: str, text: str | None) -> None:
    written = matching(pattern)

    if text is not None:
        assert written == text
    assert written is None or accepts(pattern, written)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "[",
        "[]",
        "[b-a]",
        "*a",
        "\\",
        "a)",
        r"\x4",
        r"\x{zz}",
        "(?<n",
        "[^\\D\\d]",
        "(a",
        "(a]",
        "(?",
    ],
)
def test_what_cannot_be_read_gets_no_text(pattern: str) -> None:
    assert matching(pattern) is None


def test_a_text_is_as_long_as_asked() -> None:
    assert matching("^[a-c]+$", 5, 5) == "abcab"
    assert matching("^(ab)+$", 3, 4) == "abab"
    assert matching("end$", 5) is None  # it cannot be lengthened at its end
    assert matching("^begin", 7) == "beginaa"
    assert matching("^abc$", 0, 2) is None
    assert matching("^[0-9]*(?:a|b)$", 0, 1) == "a"


def test_patterns_are_sought_anywhere_in_a_text() -> None:
    assert accepts("b", "abc")
    assert not accepts("^b", "abc")
    assert accepts(r"\p{L}", "what Python cannot read takes all")


@given(st.text(max_size=8))
def test_a_quoted_text_is_its_own_sample(text: str) -> None:
    assert matching(f"^{re.escape(text)}$") == text


@given(st.text(alphabet="ab[]{}()\\^$.|?*+,-09xupdws", max_size=12))
def test_no_pattern_raises(pattern: str) -> None:
    written = matching(pattern)

    assert written is None or accepts(pattern, written)

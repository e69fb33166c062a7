"""What authors write is what readers read: no sign of theirs becomes one of the document's."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channelkit.documents.markdown.signs import (
    code,
    fenced,
    inline,
    prose,
    summary,
    table,
    text,
)

from .reading import cells, html, links, said

SIGNS = "ab1 _*`~<>[]()|\\#&;-+=!.:/$\"'{}\n"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!-- --> <details> </summary>",
    "*/ ``` \"\"\" ''' --> ]]>",
    "a | b || c \\| d",
    "`one ``two` three",
    "**not _closed ~~ [x](javascript:alert(1))",
    "[x]: http://a.b\n[x]",
    "# heading\n===\n> quote\n1. one\n+ two",
    "&lt; &amp; &copy; &#35;",
    "line  \nbreak\\\nend\\",
    "snake_case and __dunder__ and *args",
    "![image](http://a.b/c.png)",
]


def flat(words: str) -> str:
    return " ".join(words.split())


@given(st.text(alphabet=SIGNS, max_size=30) | st.text(max_size=20))
@example("a\\")
@example("a|b")
def test_text_means_itself(words: str) -> None:
    written = f"x{text(words)}x"

    assert said(written) == f"x{_blank(words)}x"
    assert html(written) == links(written) == []


@given(st.text(alphabet=SIGNS, max_size=20).filter(lambda words: bool(words.strip())))
@example("`")
@example("a``b`")
def test_code_means_itself(words: str) -> None:
    line = _blank(words)

    assert said(f"x {code(words)} x") == f"x {line if line.strip() else ' '} x"


@given(st.lists(st.text(alphabet=SIGNS, max_size=12), min_size=2, max_size=2))
@example(["a\\|b", "`|`"])
@example(["\\", "|"])
def test_no_text_breaks_a_table(words: list[str]) -> None:
    written = table(("one", "two", "three"), [(f"x{text(words[0])}", code(words[1]), "end")])

    heads, row = cells(written)
    assert heads == ["one", "two", "three"]
    assert flat(row[0]) == flat(f"x{words[0]}")
    assert flat(row[1]) == flat(words[1])
    assert row[2] == "end"


def test_a_column_that_says_nothing_is_left_out() -> None:
    written = table(("one", "two", "three"), [("a", "", ""), ("b", "", "c")])

    assert cells(written) == [["one", "three"], ["a", ""], ["b", "c"]]


@given(st.text(alphabet=SIGNS, max_size=40))
def test_no_docstring_becomes_html(docstring: str) -> None:
    assert html(prose(docstring)) == []
    assert all(link.startswith(("http://", "https://")) for link in links(prose(docstring)))


@pytest.mark.parametrize("docstring", HOSTILE)
def test_hostile_docstrings_are_text(docstring: str) -> None:
    assert html(prose(docstring)) == []
    assert html(summary(docstring)) == []
    assert not re.search(r"^#{1,6} |^===|^> ", prose(docstring), re.MULTILINE)


@pytest.mark.parametrize(
    ("docstring", "markdown"),
    [
        ("", ""),
        ("One line.", "One line."),
        ("Two\n  lines.", "Two lines."),
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("- one\n- two\n  goes on", "- one\n- two goes on"),
        ("* one", "- one"),
        ("1. one\n2) two", "1. one\n2. two"),
        ("Like this:\n\n    code | here", "Like this:\n\n```\ncode | here\n```"),
        ("```python\nx = 1\n```\nAfter.", "```python\nx = 1\n```\n\nAfter."),
        ("Not closed:\n```\nx", "Not closed:\n\n```\nx\n```"),
        ("Uses `a|b` and ``c`d``.", "Uses `a|b` and ``c`d``."),
        ("**Strong** words, ** not.", r"**Strong** words, \*\* not."),
        ("**not, ** strong", r"\*\*not, \*\* strong"),
        ("See https://a.b/c_d.", "See <https://a.b/c_d>."),
        ("See [the page](https://a.b/c).", "See [the page](<https://a.b/c>)."),
        ("snake_case, _emphasis_", r"snake_case, \_emphasis\_"),
        ("#1 of - all", r"\#1 of - all"),
        ("- # no heading", r"- \# no heading"),
        ("2026. A year", "2026. A year"),
        ("- 1. one", r"- 1\. one"),
    ],
)
def test_a_docstring_keeps_its_shape(docstring: str, markdown: str) -> None:
    assert prose(docstring) == markdown


def test_a_summary_is_the_first_paragraph_on_one_line() -> None:
    assert summary("One\nline.\n\nMore.") == "One line."
    assert inline(" a  b ") == "a b"


def test_code_that_holds_a_fence_gets_a_longer_one() -> None:
    assert fenced("```\nx\n```", "md") == "````md\n```\nx\n```\n````"


def _blank(words: str) -> str:
    return re.sub(r"[\x00-\x20\x7f\x85\u2028\u2029]+", " ", words)

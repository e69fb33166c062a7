"""Docstrings as HTML: their signs are read, and the rest is text."""

from __future__ import annotations

import pytest

from channelkit.documents.page.prose import inline, prose, summary


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("`removed_by` names", "<code>removed_by</code> names"),
        ("``a `b` c``", "<code>a `b` c</code>"),
        ("`<script>`", "<code>&lt;script&gt;</code>"),
        ("**must** be", "<strong>must</strong> be"),
        ("2 * 3 ** 4", "2 * 3 ** 4"),
        ("one ` alone", "one ` alone"),
        (
            "see https://example.org/a?b=1&c.",
            'see <a href="https://example.org/a?b=1&amp;c" rel="noopener noreferrer">'
            "https://example.org/a?b=1&amp;c</a>.",
        ),
        (
            "[docs](https://example.org/)",
            '<a href="https://example.org/" rel="noopener noreferrer">docs</a>',
        ),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ('https://a.example/"onclick=', None),
    ],
)
def test_the_signs_of_a_line(text: str, html: str | None) -> None:
    made = inline(text).text

    if html is None:
        assert '"onclick' not in made.replace("</a>", "").partition(">")[0]
        assert made.endswith('</a>"onclick=')
    else:
        assert made == html


def test_blank_lines_part_paragraphs_and_line_ends_do_not() -> None:
    assert prose("One\ntwo.\n\n\nThree.").text == (
        '<p dir="auto">One two.</p><p dir="auto">Three.</p>'
    )


def test_of_nothing_comes_nothing() -> None:
    assert prose("").text == ""
    assert prose(" \n\n ").text == ""


def test_a_list_goes_on_over_lines() -> None:
    assert prose("- one\n  more\n- `two`").text == (
        '<ul dir="auto"><li>one more</li><li><code>two</code></li></ul>'
    )


def test_a_counted_list_is_one() -> None:
    assert prose("1. one\n2) two").text == '<ol dir="auto"><li>one</li><li>two</li></ol>'


def test_fenced_code_is_shown_as_it_stands() -> None:
    assert prose("Before\n\n```python\nif a < b:\n\n    x()\n```\n\nAfter").text == (
        '<p dir="auto">Before</p>'
        '<pre tabindex="0"><code>if a &lt; b:\n\n    x()</code></pre>'
        '<p dir="auto">After</p>'
    )


def test_code_that_is_never_closed_goes_to_the_end() -> None:
    assert prose("```\n</script>").text == ('<pre tabindex="0"><code>&lt;/script&gt;</code></pre>')


def test_indented_lines_are_code() -> None:
    assert prose("So:\n\n    a = 1\n    b = 2").text == (
        '<p dir="auto">So:</p><pre tabindex="0"><code>a = 1\nb = 2</code></pre>'
    )


def test_a_summary_is_the_first_paragraph_in_one_line() -> None:
    assert summary("  First `x`\nline.\n\nSecond.").text == "First <code>x</code> line."

"""HTML by construction: what is text stays text."""

from __future__ import annotations

import pytest

from channelkit.documents.page.elements import Html, document, joined, raw, tag


def test_text_in_an_element_is_escaped() -> None:
    assert tag("p", "<img src=x onerror=alert(1)> & so on").text == (
        "<p>&lt;img src=x onerror=alert(1)&gt; &amp; so on</p>"
    )


def test_an_attribute_cannot_end_early() -> None:
    assert tag("a", "x", title="\"><script>'").text == (
        '<a title="&quot;&gt;&lt;script&gt;&#x27;">x</a>'
    )


def test_markup_inside_markup_stays_what_it_is() -> None:
    assert tag("p", tag("code", "a<b"), " and more").text == ("<p><code>a&lt;b</code> and more</p>")


def test_children_may_be_nested_and_absent() -> None:
    inner = (tag("li", word) for word in ("a", "b"))

    assert tag("ul", [None, inner, ["<", None]]).text == "<ul><li>a</li><li>b</li>&lt;</ul>"


def test_attributes_are_written_as_html_has_them() -> None:
    made = tag("section", class_="a", data_event="b", tabindex=-1, hidden=True, id=None, open=False)

    assert made.text == '<section class="a" data-event="b" tabindex="-1" hidden></section>'


def test_an_empty_element_has_no_end() -> None:
    assert tag("meta", name="viewport", content="x").text == '<meta name="viewport" content="x">'


def test_several_things_need_no_element_around_them() -> None:
    assert joined("a&", tag("br"), None).text == "a&amp;<br>"


def test_a_script_stands_as_it_is() -> None:
    assert raw("script", "if (a < b && c) {}", type="module").text == (
        '<script type="module">if (a < b && c) {}</script>'
    )


@pytest.mark.parametrize("text", ["x</script>", "</STYLE >", "<!-- <script>"])
def test_a_script_that_would_leave_its_element_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a script"):
        raw("script", text)


def test_a_document_begins_with_its_type_and_ends_with_a_line_end() -> None:
    assert document(Html("<html></html>")) == "<!doctype html>\n<html></html>\n"

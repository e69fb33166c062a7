"""Panels of code: all of it is there without scripts."""

from __future__ import annotations

from channelkit.documents.page.panels import Pane, panel, sample, snippets
from channelkit.documents.snippets import Snippet


def test_every_pane_of_a_panel_can_be_read_without_scripts() -> None:
    panes = [
        Pane(key="ts", title="TypeScript", language="ts", code="a<b>()"),
        Pane(key="python", title="Python", language="python", code="a"),
    ]

    made = panel("Join", panes, choice="language")

    assert made is not None
    assert made.text == (
        '<div class="panel" data-label="Join" data-choice="language">'
        '<div data-pane="ts"><p>TypeScript</p>'
        '<pre tabindex="0"><code data-language="ts">a&lt;b&gt;()</code></pre></div>'
        '<div data-pane="python"><p>Python</p>'
        '<pre tabindex="0"><code data-language="python">a</code></pre></div></div>'
    )


def test_snippets_are_switched_together() -> None:
    code = Snippet(
        language="python", title="Python", syntax="python", imports=("import a",), body="a()"
    )

    made = snippets("How", [code])

    assert made is not None
    assert made.text == (
        '<div class="panel" data-label="How" data-choice="language">'
        '<div data-pane="python"><p>Python</p><pre tabindex="0">'
        '<code data-language="python">import a\n\na()</code></pre></div></div>'
    )


def test_a_panel_of_nothing_is_none() -> None:
    assert panel("Samples", []) is None


def test_a_sample_is_json_that_people_can_read() -> None:
    assert sample("ok", {"näme": ["</script>"]}) == Pane(
        key="ok", title="ok", language="json", code='{\n  "näme": [\n    "</script>"\n  ]\n}'
    )

"""Code beside the words: panels of tabs that stand one below the other without scripts. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .elements import tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import JsonValue

    from ..snippets import Snippet
    from .elements import Html

__all__ = ["Pane", "panel", "sample", "snippets"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pane:
    """One tab.

    Attributes:
        key: What it is chosen by, where the choice of one panel is that of all.
        title: What its tab says.
        language: What it is written in, for colours: ``js``, ``ts``, ``python`` or ``json``.
    """

    key: str
    title: str
    language: str
    code: str


def panel(label: str, panes: Sequence[Pane], *, choice: str | None = None) -> Html | None:
    """Panes to choose one of; nothing where there are none.

    Args:
        label: What they are about, for who cannot see where they stand.
        choice: What is chosen: panels with the same choice are switched together.
    """
    if not panes:
        return None
    kind = "panel samples" if choice is None else "panel"
    return tag("div", map(_pane, panes), class_=kind, data_label=label, data_choice=choice)


def sample(title: str, value: JsonValue) -> Pane:
    """A pane with a value as JSON."""
    code = json.dumps(value, indent=2, ensure_ascii=False)
    return Pane(key=title, title=title, language="json", code=code)


def snippets(label: str, codes: Iterable[Snippet]) -> Html | None:
    """The same in each language; the language is chosen for the whole page."""
    panes = [
        Pane(key=code.language, title=code.title, language=code.syntax, code=code.text.rstrip())
        for code in codes
    ]
    return panel(label, panes, choice="language")


def _pane(pane: Pane) -> Html:
    code = tag("code", pane.code, data_language=pane.language)
    return tag("div", tag("p", pane.title), tag("pre", code, tabindex=0), data_pane=pane.key)

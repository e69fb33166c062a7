"""The changes of a contract, told: as text, JSON, GitHub's annotations or a changelog. Pure."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from .changes import Direction, Judgement, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .changes import Change

__all__ = ["ReportForm", "report"]

ReportForm: TypeAlias = Literal["text", "json", "github", "markdown"]

HEADINGS: Final[Mapping[Judgement, str]] = {
    Judgement.BREAKING: "Breaking",
    Judgement.RISKY: "Risky",
    Judgement.SAFE: "Safe",
}
LEVELS: Final[Mapping[Judgement, str]] = {
    Judgement.BREAKING: "error",
    Judgement.RISKY: "warning",
    Judgement.SAFE: "notice",
}
WITHOUT_DIRECTION: Final = frozenset({Direction.OFFERED})


def report(changes: Sequence[Change], form: ReportForm) -> str:
    """All changes, the worst first, without a line end at the end."""
    return _FORMS[form](changes)


def _text(changes: Sequence[Change]) -> str:
    if not changes:
        return "No change that a client can notice."
    width = max(len(change.judgement) for change in changes)
    lines = [f"{change.judgement:<{width}}  {_sentence(change)}" for change in changes]
    return "\n".join([*lines, "", _count(changes)])


def _json(changes: Sequence[Change]) -> str:
    data = [
        {
            "judgement": change.judgement,
            "kind": change.kind,
            "direction": change.direction,
            "where": [*change.where],
            "old": change.old,
            "new": change.new,
        }
        for change in changes
    ]
    return json.dumps({"changes": data}, indent=2, ensure_ascii=False)


def _github(changes: Sequence[Change]) -> str:
    return "\n".join(
        f"::{LEVELS[change.judgement]} title=Contract ({change.judgement})::"
        + _escaped(_sentence(change))
        for change in changes
    )


def _markdown(changes: Sequence[Change]) -> str:
    if not changes:
        return "No change that a client can notice."
    parts: list[str] = []
    for judgement, group in groupby(changes, lambda change: change.judgement):
        items = "\n".join(f"- {_sentence(change, code='`')}" for change in group)
        parts.append(f"### {HEADINGS[judgement]}\n\n{items}")
    return "\n\n".join(parts)


_FORMS: Final[Mapping[ReportForm, Callable[[Sequence[Change]], str]]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "markdown": _markdown,
}


def _sentence(change: Change, *, code: str = "") -> str:
    """Where, what, and from what to what."""
    where = f"{code}{' > '.join(change.where)}{code}"
    said = "" if change.direction in WITHOUT_DIRECTION else f" ({change.direction})"
    return f"{where}: {change.kind}{said}{_values(change, code)}"


def _values(change: Change, code: str) -> str:
    old, new = (
        None if value is None else f"{code}{value}{code}" for value in (change.old, change.new)
    )
    if change.kind in (Kind.ADDED, Kind.REMOVED) or (old is None and new is None):
        return ""
    if old is None or new is None:
        return f": {old or new}"
    return f": {old} → {new}"


def _count(changes: Sequence[Change]) -> str:
    counts = [
        (sum(c.judgement is judgement for c in changes), judgement) for judgement in Judgement
    ]
    return ", ".join(f"{count} {judgement}" for count, judgement in counts if count)


def _escaped(text: str) -> str:
    """As GitHub's workflow commands want a message."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

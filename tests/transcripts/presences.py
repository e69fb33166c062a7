"""Presences in transcripts: diffs stand apart, and refs are numbered in order of appearance.

Where a diff arrives among a step's other frames is not fixed; see README.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from .transcript import Answers, Entry

__all__ = ["event_of", "normal", "without_presences"]

STATE, DIFF = "presence_state", "presence_diff"


def event_of(said: JsonValue) -> JsonValue:
    """The event of a frame, in whatever version of the wire; None where it has none."""
    match said:
        case [_, _, _, event, *_] | {"event": event}:
            return event
        case _:
            return None


def normal(answers: Answers) -> Answers:
    """Answers as transcripts have them."""
    names: dict[str, str] = {}
    return [
        {name: _named(heard, names) for name, heard in sorted(_apart(entry).items())}
        for entry in answers
    ]


def without_presences(answers: Answers) -> Answers:
    """What remains of answers where no channel tells who is here."""
    told = [
        {
            name: [each for each in heard if event_of(each) != STATE]
            if isinstance(heard, list)
            else heard
            for name, heard in entry.items()
            if not name.endswith(f":{DIFF}")
        }
        for entry in answers
    ]
    return [{name: heard for name, heard in entry.items() if heard} for entry in told]


def _apart(entry: Entry) -> Entry:
    apart: Entry = {}
    for name, heard in entry.items():
        if not isinstance(heard, list) or name.endswith(f":{DIFF}"):
            apart[name] = heard
            continue
        diffs = [each for each in heard if event_of(each) == DIFF]
        others = [each for each in heard if event_of(each) != DIFF]
        apart |= {n: found for n, found in ((name, others), (f"{name}:{DIFF}", diffs)) if found}
    return apart


def _named(value: JsonValue, names: dict[str, str]) -> JsonValue:
    match value:
        case list():
            return [_named(each, names) for each in value]
        case dict():
            return {
                key: names.setdefault(str(inner), f"phx_ref#{len(names) + 1}")
                if key in ("phx_ref", "phx_ref_prev")
                else _named(inner, names)
                for key, inner in value.items()
            }
        case _:
            return value

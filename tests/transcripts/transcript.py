"""The conversations, as they stand in `recorded/` and `written/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeAlias, cast

from pydantic import BaseModel, ConfigDict, JsonValue

__all__ = [
    "FOLDER",
    "RECORDED",
    "WRITTEN",
    "Answers",
    "Entry",
    "Transcript",
    "filled",
    "load",
    "strictly",
]

FOLDER = Path(__file__).parent

RECORDED = sorted(FOLDER.glob("recorded/*.json"))
"""With Phoenix itself."""

WRITTEN = sorted(FOLDER.glob("written/*.json"))
"""By hand: what nothing was recorded of."""

Entry: TypeAlias = dict[str, JsonValue]
"""What one step brought: connection → what arrived there, in order."""

Answers: TypeAlias = list[Entry]
"""How the connections opened, then what each step brought."""


class Transcript(BaseModel):
    """One conversation. README.md here explains the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    script: str
    connections: dict[str, str]
    steps: list[Entry]
    answers: list[Answers]


def load(path: Path, nonce: str = "{n}") -> Transcript:
    """One conversation, with something of its own in the place of ``{n}``."""
    text = path.read_text(encoding="utf-8")
    return Transcript.model_validate_json(text.replace("{n}", nonce))


def filled(answers: Answers, nonce: str) -> Answers:
    """Answers with the same in the place of ``{n}``."""
    return cast("Answers", json.loads(json.dumps(answers).replace("{n}", nonce)))


def strictly(answers: Answers) -> list[str]:
    """Answers in a form in which 1, 1.0 and true differ, as they do on the wire."""
    return [json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in answers]

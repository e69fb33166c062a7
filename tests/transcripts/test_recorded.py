"""No recorded conversation is missing, and none was edited: `recorded.sha256` lists them all."""

from __future__ import annotations

from hashlib import sha256

from .transcript import FOLDER, RECORDED

LISTED = {
    name: digest
    for digest, name in map(str.split, (FOLDER / "recorded.sha256").read_text().splitlines())
}

WAITING = ("join_denied", "room_")
"""Conversations about what is being built: presence."""


def test_every_recorded_conversation_is_here() -> None:
    present = {path.name for path in RECORDED}

    missing = [name for name in LISTED if name not in present and not name.startswith(WAITING)]

    assert missing == []


def test_no_recorded_conversation_was_edited() -> None:
    edited = [
        path.name
        for path in RECORDED
        if sha256(path.read_bytes()).hexdigest() != LISTED.get(path.name)
    ]

    assert edited == []

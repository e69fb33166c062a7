"""No recorded conversation is missing, and none was edited: `recorded.sha256` lists them all."""

from __future__ import annotations

from hashlib import sha256

from .transcript import FOLDER, RECORDED

LISTED = {
    name: digest
    for digest, name in map(str.split, (FOLDER / "recorded.sha256").read_text().splitlines())
}


def test_every_recorded_conversation_is_here() -> None:
    assert [path.name for path in RECORDED] == sorted(LISTED)


def test_no_recorded_conversation_was_edited() -> None:
    edited = [
        path.name
        for path in RECORDED
        if sha256(path.read_bytes()).hexdigest() != LISTED.get(path.name)
    ]

    assert edited == []

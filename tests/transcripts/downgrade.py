"""Conversations held on version 2.0.0 of the wire, as they go on 1.0.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from .transcript import Answers, Entry, Transcript

__all__ = ["answers_on_v1", "has_v1", "on_v1"]


def has_v1(transcript: Transcript) -> bool:
    """Whether what is said in it are envelopes of 2.0.0, none of them binary."""
    if any(kind.startswith("ws1") for kind in transcript.connections.values()):
        return False
    said = [value for step in transcript.steps for name, value in step.items() if name != "http"]
    return bool(said) and all(isinstance(value, list) for value in said)


def on_v1(transcript: Transcript) -> Transcript:
    """The same conversation, its envelopes as objects."""
    kinds = {name: kind.replace("ws", "ws1", 1) for name, kind in transcript.connections.items()}
    steps = [{name: _sent(value) for name, value in step.items()} for step in transcript.steps]
    return transcript.model_copy(update={"connections": kinds, "steps": steps})


def answers_on_v1(answers: Answers) -> Answers:
    """The answers to it: on 1.0.0 no join_ref goes out."""
    return [{name: _arrived(value) for name, value in entry.items()} for entry in answers]


def _sent(value: JsonValue) -> JsonValue:
    match value:
        case [[*_], *_]:
            return [_sent(each) for each in value]
        case [join_ref, *_]:
            return {**_envelope(value), "join_ref": join_ref}
        case request:
            return request


def _arrived(value: JsonValue) -> JsonValue:
    if not isinstance(value, list):
        return value
    return [_envelope(each) if isinstance(each, list) else each for each in value]


def _envelope(envelope: list[JsonValue]) -> Entry:
    _, ref, topic, event, payload = envelope
    return {"topic": topic, "event": event, "payload": payload, "ref": ref}

"""The recorded conversations against the pure session: no sockets, no tasks, no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from channelkit.dispatch import DispatchTable
from channelkit.exits import ConnectionLost
from channelkit.serializers import negotiate
from examples.conformance import make_server

from .differences import DIFFERENCES
from .machine import Machine
from .presences import without_presences
from .replay import polls, vsn_of
from .speech import said
from .transcript import RECORDED, WRITTEN, Answers, Transcript, load, strictly

if TYPE_CHECKING:
    from pathlib import Path

TABLE = cast("DispatchTable", make_server(port=0).endpoints[0].compile())


def is_the_sessions(path: Path) -> bool:
    """Whether it is about more than the handshake, and asks nothing of plain HTTP."""
    transcript = load(path)
    beside = any("http" in step for step in transcript.steps)
    return (
        bool(transcript.steps)
        and not beside
        and not any(map(polls, transcript.connections.values()))
    )


def held(transcript: Transcript) -> Answers:
    """The conversation's answers; its connections open by themselves here."""
    machines: dict[str, Machine] = {}
    for name, connection in transcript.connections.items():
        serializer = negotiate(vsn_of(connection))
        assert serializer is not None
        machines[name] = Machine(serializer, TABLE, machines.values())
    answers = transcript.answers[0][:1]
    for step in transcript.steps:
        for name, value in step.items():
            if value == "FIN":
                machines[name].close(ConnectionLost())
            else:
                machines[name].receive(said(value))
        taken = {name: machine.take() for name, machine in machines.items()}
        answers.append({name: heard for name, heard in taken.items() if heard})
    return answers


PATHS = [path for path in RECORDED if is_the_sessions(path)]


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_the_session_alone_gives_a_recorded_answer(path: Path) -> None:
    transcript = load(path)
    difference = DIFFERENCES.get(path.stem)
    wanted = transcript.answers if difference is None else [difference.answers]

    answers = held(transcript)  # who is here is the channel's to tell

    assert strictly(answers) in [strictly(without_presences(each)) for each in wanted]


FIRST = [
    path
    for path in WRITTEN
    if path.stem.startswith("first_") and "room" not in path.read_text(encoding="utf-8")
]
"""Of the first Phoenix; rooms decide about joins, which the machine does not."""


@pytest.mark.parametrize("path", FIRST, ids=[path.stem for path in FIRST])
def test_the_session_needs_to_know_nothing_of_the_first_phoenix(path: Path) -> None:
    transcript = load(path)

    assert strictly(held(transcript)) == strictly(transcript.answers[0])

"""The generated TypeScript in node, with phoenix.js, in conversation with a running server."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from ..browser.server import ExampleServer
from . import app
from .compiling import Project, module_of, needs_tsc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Play = Callable[..., list[Any]]

pytestmark = needs_tsc


@pytest.fixture(scope="module")
def server() -> Iterator[ExampleServer]:
    with ExampleServer("tests.codegen.app") as server:
        yield server


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("scenarios"))
    project.write("hall.ts", module_of(app.endpoint))
    project.add("scenarios.ts", "topics.ts")
    assert project.compile() == []
    return project


@pytest.fixture
def play(project: Project, server: ExampleServer) -> Play:
    """What a scenario of scenarios.ts says, over a transport."""
    address = server.address.replace("http", "ws")

    def play(name: str, transport: str = "websocket") -> list[Any]:
        lines = project.run("scenarios.js", address, name, transport)
        return [json.loads(line) for line in lines]

    return play


def failed(reason: str, **response: object) -> dict[str, Any]:
    told = {"response": {"reason": reason, **response}} if response else {}
    return {"ok": False, "reason": reason, **told}


def test_a_join_is_answered_and_what_comes_after_it_is_heard(play: Play) -> None:
    assert play("joins") == [
        ["ann in 42", [{"height": 3}]],
        ["hello ann", "hall"],
        "hall:42",
    ]


def test_a_refused_join_says_why_and_is_tried_again_until_the_room_is_left(play: Play) -> None:
    assert play("refused") == ["not wrong", 2]


def test_every_join_has_fresh_parameters(play: Play) -> None:
    assert play("letInLater") == [False, True]


def test_a_push_resolves_to_its_reply_or_refusal(play: Play) -> None:
    error = {"loc": ["body"], "type": "string_too_short", "msg": "must have at least 1 characters"}

    assert play("replies") == [
        {"ok": True, "response": {"id": 2, "extra": "none"}},
        failed("wrong_token", hint="no"),
        {"ok": False, "reason": None, "response": {"code": 7}},
        failed("forbidden", by="me"),
        failed("invalid payload", errors=[error]),
    ]


def test_a_push_resolves_to_whatever_else_becomes_of_it(play: Play) -> None:
    crashed = {"ok": False, "reason": "ended", "response": {"reason": "channel_crash"}}

    assert play("failures") == [
        {"ok": False, "reason": "forbidden", "response": {"reason": "forbidden"}},
        failed("timeout"),
        crashed,
        crashed,
    ]


def test_an_event_without_a_reply_is_sent_and_says_if_it_was_refused(play: Play) -> None:
    heard, refused, invalid = play("silence")

    assert heard == {"user": "ann", "body": "…", "at": None}
    assert refused == failed("wrong_token", hint="psst")
    assert invalid["reason"] == "invalid payload"


def test_a_stream_is_iterated_over_and_ends_as_the_server_says(play: Play) -> None:
    refused = failed("wrong_token", hint="two is too few")

    assert play("streams") == [
        *range(4),
        {"other": []},
        *({"event": "counted", "payload": {"number": number}} for number in range(2)),
        ["the stream was broken off: wrong_token", refused],
        "two is too few",
        False,
    ]


def test_binary_goes_both_ways(play: Play) -> None:
    assert play("bytes") == [
        {"ok": True, "response": {"bytes": [255, 2, 1]}},
        {"ok": True, "response": {"bytes": [7]}},
        {"ok": True, "response": {}},
        {"ok": True, "response": {"any": ["thing", None]}},
        {"bytes": [1, 2]},
        {"ok": True, "response": {}},
    ]


def test_presence_tells_who_is_here_who_comes_and_who_goes(play: Play) -> None:
    assert play("presence") == [[["ann", "Ann", ["online"]]], ["bob", True], [1, 1], ["bob", 0]]


def test_after_a_lost_connection_the_room_is_joined_again_and_says_so(play: Play) -> None:
    assert play("comesBack") == [
        True,
        "ann in 42",
        {"ok": True, "response": {"id": 0, "extra": "none"}},
    ]


def test_a_push_whose_connection_is_lost_does_not_wait_for_its_time(play: Play) -> None:
    assert play("losesTheConnection") == [[True, failed("disconnected")]]


def test_a_join_that_finds_no_connection_says_so(play: Play) -> None:
    assert play("neverConnects") == [failed("disconnected")]


def test_what_has_ended_takes_no_more_pushes(play: Play) -> None:
    assert play("leaves") == [
        {"ok": False, "reason": "ended", "response": "leave"},
        failed("ended"),
        failed("ended"),
        {"ok": True, "response": {}},
        {"ok": False, "reason": "ended", "response": {}},
    ]


def test_topics_are_those_that_the_server_builds(play: Play) -> None:
    identity = UUID("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
    day = date(2026, 11, 23)
    built: list[object] = [
        app.Hall.topic_for(hall_id=-3),
        app.Hall.topic_for(hall_id=2**70),
        app.Corners.topic_for(
            color=app.Color.RED,
            level=app.Level.HIGH,
            kind=1,
            id=identity,
            day=day,
            quiet=False,
            end="a:b\n",
        ),
        app.Corners.topic_for(
            color=app.Color.BLUE,
            level=app.Level.LOW,
            kind="a",
            id=identity,
            day=day,
            quiet=True,
            end="",
        ),
    ]

    said = play("topics")

    assert said[:4] == list(map(str, built))
    assert [error[0] for error in said[4:]] == ["RangeError"] * 5
    assert [error[1].partition(" ")[0] for error in said[4:]] == [
        "hallId", "hallId", "id", "day", "color"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["joins", "replies", "streams", "leaves"])
def test_over_long_poll_it_is_the_same(play: Play, name: str) -> None:
    assert play(name, "longpoll") == play(name)


CORNERS = st.fixed_dictionaries(
    {
        "color": st.sampled_from(app.Color),
        "level": st.sampled_from(app.Level),
        "kind": st.sampled_from(["a", 1]),
        "id": st.uuids(),
        "day": st.dates(),
        "quiet": st.booleans(),
        "end": st.text(st.characters(codec="utf-8"), max_size=8),
    }
)


def test_topics_of_any_values_are_those_that_the_server_builds_and_reads(
    project: Project, tmp_path: Path
) -> None:
    halls: list[int] = []
    corners: list[dict[str, Any]] = []

    @settings(database=None)
    @given(st.integers(), CORNERS)
    def collect(hall: int, corner: dict[str, Any]) -> None:
        halls.append(hall)
        corners.append(corner)

    collect()
    values = {"halls": list(map(str, halls)), "corners": corners}
    (tmp_path / "values.json").write_bytes(to_json(values))

    said = [json.loads(line) for line in project.run("topics.js", str(tmp_path / "values.json"))]

    assert said == [
        *(app.Hall.topic_for(hall_id=hall).name for hall in halls),
        *(app.Corners.topic_for(**corner).name for corner in corners),
    ]

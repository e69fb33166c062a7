"""The dispatch table: which channel takes a topic, and who gets the event plans."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, Literal

import pytest
from pydantic import TypeAdapter

from channelkit import LocalProtocolError, Message, Ok, Refusal
from channelkit.dispatch import DispatchTable, EventPlan, Match
from channelkit.payloads import Accepts, Answers

from .given import Room, route


class Posted(Message):
    body: str


class Edited(Posted):
    editor: str


class Typing(Message):
    user: str


class Full(Refusal):
    limit: int


async def _new_msg(_: Room, __: Message) -> None: ...


NEW_MSG = EventPlan(
    event="new_msg",
    handler=_new_msg,
    accepts=Accepts((Posted,)),
    answers=Answers((), (), silent=True),
    allow=None,
    concurrent=False,
    place=route("room").place,
    summary="",
)
ROOM = dataclasses.replace(
    route("room:{room_id}", room_id=int),
    pushes={Posted: "posted"},
    _events={"new_msg": NEW_MSG},
)
LOBBY = route("room:lobby")
FILES = route("files:{path*}", path=str)
ANY = route("{kind}:{name}", kind=str, name=str)


# Which channel takes a topic.


def test_the_first_route_that_matches_takes_the_topic() -> None:
    table = DispatchTable(routes=(LOBBY, ROOM))

    assert table.match("room:lobby") == Match(route=LOBBY, parameters={})
    assert table.match("room:42") == Match(route=ROOM, parameters={"room_id": 42})


def test_a_pattern_that_starts_with_a_parameter_keeps_its_turn() -> None:
    before, behind = DispatchTable(routes=(ANY, LOBBY)), DispatchTable(routes=(LOBBY, ANY))
    lobby = {"kind": "room", "name": "lobby"}

    assert before.match("room:lobby") == Match(route=ANY, parameters=lobby)
    assert behind.match("room:lobby") == Match(route=LOBBY, parameters={})


def test_a_topic_that_no_literal_starts_is_left_to_the_open_patterns() -> None:
    table = DispatchTable(routes=(LOBBY, ANY, FILES))
    found = {"kind": "hall", "name": "1"}

    assert table.match("hall:1") == Match(route=ANY, parameters=found)
    assert table.match("files:a:b") == Match(route=FILES, parameters={"path": "a:b"})


@pytest.mark.parametrize("topic", ["", "room", "room:", "hall:1", "room:1:2", "phoenix"])
def test_other_topics_are_unmatched(topic: str) -> None:
    assert DispatchTable(routes=(LOBBY, ROOM)).match(topic) is None


def test_a_table_without_channels_matches_nothing() -> None:
    assert DispatchTable(routes=()).match("room:1") is None


@pytest.mark.parametrize("topic", ["room:042", "room:+42", "room:4_2", "room:abc", "room:\uff14"])
def test_a_second_spelling_of_a_parameter_is_unmatched(topic: str) -> None:
    assert DispatchTable(routes=(ROOM,)).match(topic) is None


def test_a_parameter_that_does_not_fit_is_not_left_to_later_routes() -> None:
    assert DispatchTable(routes=(ROOM, ANY)).match("room:abc") is None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (bool, "true", True),
        (bool, "1", None),
        (date, "2026-01-02", date(2026, 1, 2)),
        (date, "1767312000", None),
        (Literal["a", "b"], "a", "a"),
        (Literal["a", "b"], "c", None),
    ],
)
def test_a_parameter_has_the_value_that_its_text_stands_for(
    kind: Any, text: str, value: object
) -> None:
    read = dataclasses.replace(route("is:{it}"), parameters={"it": TypeAdapter[Any](kind)}).read

    assert read(f"is:{text}") == (None if value is None else {"it": value})


def test_a_route_reads_only_its_own_topics() -> None:
    assert ROOM.read("hall:1") is None


# Who gets the event plans.


@pytest.mark.parametrize("verdict", [None, Posted(body="hi"), b"state"])
def test_a_grant_gives_the_plans(verdict: Message | bytes | None) -> None:
    grant = ROOM.grant(verdict)

    assert grant.verdict == verdict
    assert grant.plan("new_msg") is NEW_MSG
    assert grant.plan("unknown") is None


@pytest.mark.parametrize("verdict", [Full(limit=1), Ok()])
def test_what_grants_nothing_is_refused(verdict: Refusal | Ok) -> None:
    with pytest.raises(LocalProtocolError, match="grants nothing"):
        ROOM.grant(verdict)


def test_the_events_can_be_read_in_order() -> None:
    other = dataclasses.replace(NEW_MSG, event="typing")
    both = dataclasses.replace(ROOM, _events={"new_msg": NEW_MSG, "typing": other})

    assert both.events == (NEW_MSG, other)


# What a channel may push.


def test_a_declared_push_goes_out_under_its_event() -> None:
    posted = Posted(body="hi")

    assert ROOM.outgoing(posted) == ("posted", posted)


def test_a_subclass_of_a_push_goes_out_as_what_is_declared() -> None:
    event, message = ROOM.outgoing(Edited(body="hi", editor="ann"))

    assert (event, type(message), message.model_dump()) == ("posted", Posted, {"body": "hi"})


def test_an_undeclared_push_is_an_error_with_its_remedy() -> None:
    with pytest.raises(LocalProtocolError) as raised:
        ROOM.outgoing(Typing(user="ann"))

    assert str(raised.value) == (
        "Room does not declare Typing among its pushes; add it to Channel[..., Typing]"
    )

"""Topic patterns: what they match, what they build, and how two of them relate."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum, StrEnum
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit import Message
from channelkit.topics import Literal, Parameter, PatternError, Topic, TopicPattern, segment


class Size(Enum):
    BIG = 2


class Colour(StrEnum):
    RED = "red"


def parsed(text: str) -> TopicPattern:
    return TopicPattern.parse(text)


# Reading.


def test_a_pattern_is_literals_parameters_and_a_rest() -> None:
    pattern = parsed("room:{room_id}:files:{path*}")

    assert pattern.segments == (Literal("room"), Parameter("room_id"), Literal("files"))
    assert pattern.rest == "path"
    assert pattern.parameters == ("room_id", "path")
    assert str(pattern) == "room:{room_id}:files:{path*}"


def test_a_pattern_without_parameters_has_none() -> None:
    assert parsed("lobby").parameters == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("room:{room_id", "'{room_id' is no literal and no one {parameter}"),
        ("room:x{room_id}", "'x{room_id}' is no literal and no one {parameter}"),
        ("room:}", "'}' is no literal and no one {parameter}"),
        ("room:{}", "'{}' does not name a parameter"),
        ("room:{room id}", "'{room id}' does not name a parameter"),
        ("room:{*}", "'{*}' does not name a parameter"),
        ("room:{a}:{a}", "the parameter 'a' stands twice"),
        ("room:{a}:{a*}", "the parameter 'a' stands twice"),
        ("files:{path*}:more", "{path*} must be last: it takes the rest of the topic"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(PatternError) as raised:
        parsed(text)

    assert str(raised.value) == reason


@pytest.mark.parametrize(
    ("text", "first"),
    [("room:{room_id}", "room"), ("{kind}:lobby", None), ("{all*}", None), ("", "")],
)
def test_the_first_literal_is_known_where_there_is_one(text: str, first: str | None) -> None:
    assert parsed(text).first == first


# Matching.


@pytest.mark.parametrize(
    ("text", "topic", "parameters"),
    [
        ("lobby", "lobby", {}),
        ("lobby", "lobby:1", None),
        ("room:{id}", "room:42", {"id": "42"}),
        ("room:{id}", "room:日本 %?&#/", {"id": "日本 %?&#/"}),
        ("room:{id}", "room:a\nb", {"id": "a\nb"}),
        ("room:{id}", "room:", None),
        ("room:{id}", "room:1:2", None),
        ("room:{id}", "Room:1", None),
        ("a.c:{id}", "abc:1", None),
        ("files:{path*}", "files:", {"path": ""}),
        ("files:{path*}", "files:a:b\n:", {"path": "a:b\n:"}),
        ("files:{path*}", "files", None),
        ("{all*}", "", {"all": ""}),
        ("{all*}", "phoenix", {"all": "phoenix"}),
    ],
)
def test_a_pattern_matches_whole_topics(
    text: str, topic: str, parameters: dict[str, str] | None
) -> None:
    assert parsed(text).match(topic) == parameters


# Building.


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (42, "42"),
        (True, "true"),
        (False, "false"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (date(2026, 1, 2), "2026-01-02"),
        (Size.BIG, "2"),
        (Colour.RED, "red"),
    ],
)
def test_a_parameter_has_one_text(value: object, text: str) -> None:
    assert segment(value) == text


@pytest.mark.parametrize("value", [None, 1.5, b"a", [1]])
def test_other_values_have_no_text(value: object) -> None:
    with pytest.raises(PatternError, match="has no form in a topic"):
        segment(value)


def test_a_topic_is_built_of_its_parameters() -> None:
    pattern = parsed("room:{room_id}:{path*}")

    assert pattern.build({"path": "a:b", "room_id": 42}) == "room:42:a:b"


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "room:{room_id} takes the parameters room_id, got none"),
        ({"room": 1}, "room:{room_id} takes the parameters room_id, got room"),
        ({"room_id": ""}, "{'room_id': ''} makes no topic of room:{room_id}"),
        ({"room_id": "1:2"}, "{'room_id': '1:2'} makes no topic of room:{room_id}"),
        ({"room_id": datetime(2026, 1, 2, 3, 4)}, "{'room_id': '2026-01-02T03:04:00'} makes no"),
    ],
)
def test_parameters_that_make_no_topic_are_refused(
    parameters: dict[str, object], reason: str
) -> None:
    with pytest.raises(PatternError) as raised:
        parsed("room:{room_id}").build(parameters)

    assert str(raised.value).startswith(reason)


def test_a_literal_pattern_takes_no_parameters() -> None:
    with pytest.raises(PatternError, match="takes the parameters none, got id"):
        parsed("lobby").build({"id": 1})


def test_a_topic_is_its_name() -> None:
    assert str(Topic[Message]("room:42")) == "room:42"


# Properties. The alphabet is small, so that patterns meet often; "z" stands in no pattern,
# so that a topic of these segments decides every question about two patterns.

literals = st.sampled_from(["", "a", "b"])
shapes = st.lists(literals | st.just("{}"), max_size=3)


def assembled(shape: list[str], *, rest: bool) -> TopicPattern:
    parts = [f"{{p{index}}}" if part == "{}" else part for index, part in enumerate(shape)]
    return parsed(":".join([*parts, "{rest*}"] if rest else parts))


patterns = st.builds(assembled, shapes, rest=st.booleans())
TOPICS = [":".join(parts) for n in range(1, 6) for parts in product(["", "a", "b", "z"], repeat=n)]


def taken(pattern: TopicPattern) -> set[str]:
    return {topic for topic in TOPICS if pattern.match(topic) is not None}


@given(patterns, patterns)
def test_one_pattern_hides_another_if_it_takes_all_its_topics(
    one: TopicPattern, other: TopicPattern
) -> None:
    assert one.hides(other) == (taken(other) <= taken(one))


@given(patterns, patterns)
def test_two_patterns_overlap_if_they_share_a_topic(one: TopicPattern, other: TopicPattern) -> None:
    assert one.overlaps(other) == (not taken(one).isdisjoint(taken(other)))


@given(patterns, st.text())
def test_what_a_pattern_matches_it_builds_again(pattern: TopicPattern, topic: str) -> None:
    for candidate in (topic, f"a:{topic}", f"a:{topic}:b"):
        parameters = pattern.match(candidate)
        if parameters is not None:
            assert pattern.build(parameters) == candidate


@given(patterns, st.lists(st.text(), min_size=4, max_size=4))
def test_what_a_pattern_builds_it_matches_again(pattern: TopicPattern, texts: list[str]) -> None:
    parameters = dict(zip(pattern.parameters, texts, strict=False))
    try:
        topic = pattern.build(parameters)
    except PatternError:
        assert any(not text or ":" in text for text in texts)
    else:
        assert pattern.match(topic) == parameters

"""Identifiers for names from anywhere."""

from __future__ import annotations

import keyword
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit.codegen.names import Case, Style, identifier, identifiers, words

CASES: tuple[Case, ...] = get_args(Case)


@pytest.mark.parametrize(
    ("name", "camel", "pascal", "snake"),
    [
        ("new_msg", "newMsg", "NewMsg", "new_msg"),
        ("room:posted", "roomPosted", "RoomPosted", "room_posted"),
        ("kick!", "kick", "Kick", "kick"),
        ("NewMsg", "newMsg", "NewMsg", "new_msg"),
        ("HTTPError", "httpError", "HTTPError", "http_error"),
        ("HTTP", "http", "HTTP", "http"),
        ("getURL", "getURL", "GetURL", "get_url"),
        ("V2Msg", "v2Msg", "V2Msg", "v2_msg"),
        ("Page_int_", "pageInt", "PageInt", "page_int"),
        ("a.Msg", "aMsg", "AMsg", "a_msg"),
        ("2fa", "_2fa", "_2fa", "_2fa"),
        ("größe", "größe", "Größe", "größe"),
        ("日本:語", "日本語", "日本語", "日本_語"),
        ("ßeta", "ßeta", "ßeta", "ßeta"),
        ("ﬁx", "fix", "Fix", "fix"),
        ("⅓x", "_13x", "_13x", "_1_3x"),
        ("__proto__", "proto", "Proto", "proto"),
        ("👋", "x1f44b", "x1f44b", "x1f44b"),
        ("", "x", "x", "x"),
    ],
)
def test_a_name_becomes_an_identifier_of_each_case(
    name: str, camel: str, pascal: str, snake: str
) -> None:
    found = [identifier(name, Style(case=case)) for case in CASES]

    assert found == [camel, pascal, snake]


def test_a_sign_that_may_stand_in_no_identifier_is_left_out() -> None:
    assert words("a①b ৴ c") == ["a1b", "c"]


def test_a_reserved_word_gets_a_suffix() -> None:
    style = Style(case="camel", reserved={"delete", "send"}, suffix="Event")

    assert identifier("delete", style) == "deleteEvent"
    assert identifiers(["send", "delete!"], style) == {
        "delete!": "deleteEvent",
        "send": "sendEvent",
    }


def test_what_begins_with_a_digit_and_what_has_no_letter_are_led_as_the_style_says() -> None:
    style = Style(case="snake", lead="n", empty="event")

    assert identifier("2fa", style) == "n2fa"
    assert identifier("!", style) == "event21"


def test_names_that_would_become_the_same_are_numbered_whatever_their_order() -> None:
    style = Style(case="camel", reserved={"newMsg3"})
    names = ["new_msg", "newMsg", "new-msg", "newMsg2"]

    found = identifiers(names, style)

    assert found == identifiers(reversed(names), style)
    assert found == {
        "new-msg": "newMsg4",
        "newMsg": "newMsg",
        "newMsg2": "newMsg2",
        "new_msg": "newMsg5",
    }


@given(st.lists(st.text()), st.sampled_from(CASES))
def test_identifiers_are_identifiers_and_each_is_there_once(names: list[str], case: Case) -> None:
    found = identifiers(names, Style(case=case, reserved=set(keyword.kwlist)))

    assert set(found) == set(names)
    assert len(set(found.values())) == len(found)
    assert all(name.isidentifier() and not keyword.iskeyword(name) for name in found.values())
    assert found == identifiers(
        sorted(names, reverse=True), Style(case=case, reserved=set(keyword.kwlist))
    )

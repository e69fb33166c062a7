"""The Presence of phoenix.js, old and new, keeps the list of who is here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from ..browser.server import ExampleServer
from ..npm import needs, needs_node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from .node import Node


FOLDER = "clients"
NEW, OLD, OLDEST = "phoenix", "phoenix-1-5", "phoenix-1-2"

pytestmark = [
    pytest.mark.node,
    pytest.mark.slow,
    needs_node,
    needs(NEW, OLD, OLDEST, "ws", folder=FOLDER),
]

ONLINE: JsonValue = ["online"]
BOTH: JsonValue = {"ann": ONLINE, "bob": ONLINE}


class Play(Protocol):
    """Plays a scenario of presence.mjs, and gives what it says."""

    def __call__(self, scenario: str) -> list[JsonValue]: ...


@pytest.fixture(scope="module")
def den() -> Iterator[ExampleServer]:
    with ExampleServer("tests.clients.den") as server:
        yield server


@pytest.fixture(params=[NEW, OLD, OLDEST])
def play(request: pytest.FixtureRequest, node: Node, server: ExampleServer) -> Play:
    return lambda scenario: node.play(request.param, scenario, server)


def test_two_users_see_each_other(play: Play) -> None:
    assert play("twoUsers") == [{"ann": ONLINE}, BOTH, BOTH]


def test_a_joiner_s_own_diff_comes_after_the_state_and_adds_nothing(play: Play) -> None:
    assert play("ownDiffAfterTheState") == [
        {"events": ["presence_state", "presence_diff"], "list": {"ann": ONLINE}},
        {"channel": "joined", "connected": True},
    ]


def test_a_user_with_two_tabs_is_one_key_with_two_metas(play: Play) -> None:
    assert play("severalMetas") == [
        {"ann": ["online", "online"], "bob": ONLINE},
        {"ann": ["away", "online"], "bob": ONLINE},
        {"ann": ["away"], "bob": ONLINE},
        {"bob": ONLINE},
    ]


def test_an_update_takes_the_place_of_what_was_before(play: Play) -> None:
    last: JsonValue = {"ann": ["back"], "bob": ONLINE}

    assert play("updates") == [last, last]


def test_who_drops_the_connection_is_gone(play: Play) -> None:
    assert play("aDrop") == [{"ann": ONLINE}]


def test_who_comes_back_is_here_again(play: Play) -> None:
    assert play("comingBack") == [{"left": "bob"}, BOTH, BOTH]


def test_each_of_a_crowd_sees_all_of_it(play: Play) -> None:
    assert play("aCrowd") == [30, {"user0": ONLINE}]


def test_a_key_may_be_any_text_or_number(play: Play) -> None:
    assert play("oddKeys") == [{"42": ONLINE, "日本 ünï": ONLINE}]


@pytest.mark.parametrize("play", [NEW], indirect=True)  # the older ones' objects have a prototype
def test_keys_that_javascript_has_a_use_for_do_no_harm(play: Play) -> None:
    assert play("hostileKeys") == ["__proto__,constructor"]


@pytest.mark.parametrize("library", [NEW, OLD])  # the oldest takes diffs as they come
def test_a_diff_that_overtakes_the_state_waits_for_it(
    library: str, node: Node, den: ExampleServer
) -> None:
    assert node.play(library, "aDiffBeforeTheState", den) == [
        {"first": "presence_diff"},
        BOTH,
        BOTH,
        {"ann": "Ann", "bob": "Bob"},
    ]

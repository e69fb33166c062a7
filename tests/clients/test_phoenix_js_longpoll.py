"""phoenix.js over long-poll: what it does over a WebSocket, and what only polling brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..npm import modules, needs, needs_node
from .node import Node
from .test_phoenix_js import FOLDER, NEW, OLD, Play, only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..browser.server import ExampleServer

OLDEST = "phoenix-1-3"
"""The first one that speaks version 2.0.0 of the wire."""

pytestmark = [
    pytest.mark.node,
    pytest.mark.slow,
    needs_node,
    needs(NEW, OLD, OLDEST, "ws", folder=FOLDER),
]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(modules(FOLDER)) as node:
        yield node


@pytest.fixture(params=[NEW, OLD, OLDEST])
def play(request: pytest.FixtureRequest, node: Node, server: ExampleServer) -> Play:
    return lambda scenario: node.play(request.param, scenario, server, "longpoll")


def test_a_granted_join_is_ok(play: Play) -> None:
    assert play("aGrantedJoin") == [{"joined": {}, "state": "joined"}]


def test_a_refused_join_says_why(play: Play) -> None:
    assert play("refusedJoins") == [
        {"refused": {"reason": "unauthorized"}},
        {"refused": {"reason": "unmatched topic"}},
    ]


def test_a_push_gets_its_reply(play: Play) -> None:
    assert play("pushesAndReplies") == [
        ["ok", {"sent": "before the join was done"}],
        ["ok", {"list": [1, -2.5, None, {"é": "€ 😀"}]}],
        ["ok", {"later": True}],
    ]


def test_an_error_reply_says_why_and_ends_nothing(play: Play) -> None:
    assert play("errorReplies") == [
        ["error", {"reason": "bad"}],
        ["error", {}],
        ["error", {"reason": "unknown event"}],
        "joined",
    ]


def test_a_push_from_the_server_comes_before_the_reply_behind_it(play: Play) -> None:
    assert play("pushesFromTheServer") == [{"pushed": [{"n": 1}], "reply": ["ok", {}]}]


def test_the_items_of_a_stream_have_the_ref_of_the_push_that_asked(play: Play) -> None:
    assert play("streams") == [
        [["ok", {}], ["error", {"reason": "bad"}]],
        [[1, 2, 3], [1]],
        4,
    ]


def test_a_broadcast_reaches_both_clients(play: Play) -> None:
    assert play("broadcasts") == [["ok", {}], [{"body": "hi"}, {"body": "hi"}]]


def test_a_broadcast_to_the_others_spares_its_sender(play: Play) -> None:
    assert play("broadcastsToTheOthers") == [
        ["ok", {}],
        {"bob": {"body": "psst"}, "ann": []},
    ]


@only(NEW)  # the others send each message by itself, and no binary
def test_binary_goes_upwards_only(play: Play) -> None:
    assert play("binaryUpwards") == [
        ["ok", {"size": 3, "md5": "5289df737df57326fcdd22597afb1fac"}],
        ["error", {"reason": "binary not supported"}],
    ]


@only(NEW)
def test_150_pushes_at_once_are_answered_in_order(play: Play) -> None:
    assert play("rapidSends") == [{"replies": 150, "inOrder": True}]


@only(OLD, OLDEST)
def test_150_posts_at_once_are_all_answered(play: Play) -> None:
    """Each has a connection of its own: their order is the network's."""
    ((said),) = play("rapidSends")

    assert isinstance(said, dict)
    assert said["replies"] == 150


def test_a_leave_is_confirmed_and_nothing_comes_after_it(play: Play) -> None:
    assert play("leaving") == [
        {"event": "phx_reply", "payload": {"status": "ok", "response": {}}},
        {"event": "phx_close", "payload": {}},
        {"state": "closed"},
        {"heard": [], "again": ["ok", {"n": 1}]},
    ]


@only(NEW)  # of a leave and a join that are sent at once, the others' may overtake each other
def test_a_second_join_closes_the_first(play: Play) -> None:
    assert play("aSecondJoin") == [["closed", "joined"], ["ok", {"n": 1}]]


def test_a_channel_that_stops_is_closed_and_not_joined_again(play: Play) -> None:
    assert play("aStop") == [{"state": "closed", "joinedAgain": []}]


def test_a_crash_is_an_error_and_the_client_joins_again_by_itself(play: Play) -> None:
    assert play("aCrash") == [
        {"error": {"reason": "channel_crash"}},
        {"joinedAgain": {}},
        ["ok", {"n": 1}],
        {"bystander": "joined", "errors": []},
    ]


def test_a_slow_join_holds_up_nobody_else(play: Play) -> None:
    assert play("aSlowJoin") == [["joined", "joined"], ["ok", {"n": 1}]]


@only(NEW)
def test_an_auth_token_rides_in_a_header(play: Play) -> None:
    assert play("aPollerLetIn") == [{"state": "joined", "polls": True}]


# phoenix.js before 1.8 tells no code of a close.


@only(NEW)
def test_the_client_comes_back_to_a_server_that_was_killed(play: Play) -> None:
    assert play("aServerKilled") == [{"closed": 1011, "rejoined": {}}, ["ok", {"n": 1}]]


@only(OLD, OLDEST)
def test_an_old_client_comes_back_to_a_server_that_was_killed(play: Play) -> None:
    assert play("aServerKilled") == [{"closed": None, "rejoined": {}}, ["ok", {"n": 1}]]


@only(NEW)
def test_the_client_comes_back_to_a_server_that_was_restarted(play: Play) -> None:
    assert play("aServerTerminated") == [{"closed": 1011, "rejoined": {}}, ["ok", {"n": 1}]]


@only(OLD, OLDEST)
def test_an_old_client_comes_back_to_a_server_that_was_restarted(play: Play) -> None:
    assert play("aServerTerminated") == [{"closed": None, "rejoined": {}}, ["ok", {"n": 1}]]


@only(NEW)
def test_a_disconnect_by_id_ends_one_session_whose_client_comes_back(play: Play) -> None:
    closed, *rest = play("aDisconnectById")

    # The GET that waits is answered, or the next one finds the session gone.
    assert closed in ({"closed": 1011, "rejoined": {}}, {"closed": 3410, "rejoined": {}})
    assert rest == [["ok", {"n": 1}], {"bystander": "joined", "errors": []}]


@only(OLD, OLDEST)
def test_an_old_client_comes_back_after_a_disconnect_by_id(play: Play) -> None:
    assert play("aDisconnectById") == [
        {"closed": None, "rejoined": {}},
        ["ok", {"n": 1}],
        {"bystander": "joined", "errors": []},
    ]


@only(NEW)
def test_the_client_joins_again_when_its_session_is_gone(play: Play) -> None:
    closed, reply = play("aSessionThatIsGone")

    assert isinstance(closed, dict)
    assert closed["closed"] in (3410, 1011)  # its GET finds out, or its POST
    assert closed["rejoined"] == {}
    assert reply == ["ok", {"n": 1}]


@only(NEW)
def test_a_refused_connect_is_an_error_and_never_opens(play: Play) -> None:
    assert play("aRefusedConnect") == [{"error": 403, "opens": []}]


@only(NEW)
def test_a_blocked_websocket_is_replaced(play: Play) -> None:
    assert play("aFallback") == [["ok", {"n": 1}], {"polls": True}]

"""phoenix.js as npm has it, old and new, in conversation with a running server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from ..npm import modules, needs, needs_node
from .node import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from ..browser.server import ExampleServer

FOLDER = "clients"
NEW, OLD, OLDEST = "phoenix", "phoenix-1-5", "phoenix-1-2"
"""1.8; 1.5; and 1.2, the last one that speaks version 1.0.0 of the wire."""

pytestmark = [
    pytest.mark.node,
    pytest.mark.slow,
    needs_node,
    needs(NEW, OLD, OLDEST, "ws", folder=FOLDER),
]


class Play(Protocol):
    """Plays a scenario of scenarios.mjs, and gives what it says."""

    def __call__(self, scenario: str) -> list[JsonValue]: ...


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Node(modules(FOLDER)) as node:
        yield node


@pytest.fixture(params=[NEW, OLD, OLDEST])
def play(request: pytest.FixtureRequest, node: Node, server: ExampleServer) -> Play:
    return lambda scenario: node.play(request.param, scenario, server)


def only(*libraries: str) -> pytest.MarkDecorator:
    """For the clients that have what the test is about."""
    return pytest.mark.parametrize("play", libraries, indirect=True)


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


@only(NEW, OLD)
def test_binary_goes_both_ways(play: Play) -> None:
    assert play("binaryBothWays") == [
        {"ok": ["ArrayBuffer", 0, 1, 255]},
        {"ok": ["ArrayBuffer"]},
        ["ok", {"size": 3, "md5": "5289df737df57326fcdd22597afb1fac"}],
        ["ok", {}],
        {"pushed": ["ArrayBuffer", 0, 254]},
        ["ok", {}],
        {"broadcast": ["ArrayBuffer", 253]},
    ]


def test_a_leave_is_confirmed_and_nothing_comes_after_it(play: Play) -> None:
    assert play("leaving") == [
        {"event": "phx_reply", "payload": {"status": "ok", "response": {}}},
        {"event": "phx_close", "payload": {}},
        {"state": "closed"},
        {"heard": [], "again": ["ok", {"n": 1}]},
    ]


@only(NEW, OLD)  # the oldest cannot tell whose phx_close it is (protocol 1.0 has no join_ref)
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


def test_heartbeats_are_answered(play: Play) -> None:
    reply: JsonValue = {
        "topic": "phoenix",
        "event": "phx_reply",
        "payload": {"status": "ok", "response": {}},
    }

    assert play("heartbeats") == [reply, reply, reply, {"connected": True, "closes": []}]


def test_a_slow_join_holds_up_nobody_else(play: Play) -> None:
    assert play("aSlowJoin") == [["joined", "joined"], ["ok", {"n": 1}]]


def test_the_client_comes_back_to_a_server_that_was_killed(play: Play) -> None:
    assert play("aServerKilled") == [{"closed": 1006, "rejoined": {}}, ["ok", {"n": 1}]]


def test_the_client_comes_back_to_a_server_that_was_restarted(play: Play) -> None:
    assert play("aServerTerminated") == [{"closed": 1012, "rejoined": {}}, ["ok", {"n": 1}]]


def test_after_a_drain_every_channel_is_back_and_what_was_pushed_meanwhile_is_answered(
    play: Play,
) -> None:
    assert play("aDrainUnderTwoChannels") == [
        {"closed": 1012, "states": ["joined", "joined"]},
        ["ok", {"sent": "while the server was away"}],
        {"body": "back"},
    ]


def test_a_disconnect_by_id_closes_one_socket_which_comes_back(play: Play) -> None:
    assert play("aDisconnectById") == [
        {"closed": 1001, "rejoined": {}},
        ["ok", {"n": 1}],
        {"bystander": "joined", "errors": []},
    ]


def test_a_join_whose_time_is_up_is_closed_with_the_reason_and_not_joined_again(
    play: Play,
) -> None:
    assert play("anExpiredJoin") == [
        ["ok", {}],
        {"closed": {"reason": "expired"}, "state": "closed", "again": []},
    ]


@only(NEW, OLD)  # the oldest takes no function, and would come back with what it had
def test_a_socket_whose_time_is_up_comes_back_with_fresh_params(play: Play) -> None:
    assert play("anExpiredSocket") == [
        {"closed": 3000, "rejoined": {}},
        ["ok", {"n": 1}],
        {"fresh": True},
    ]


def test_a_refused_connect_is_an_error_and_never_opens(play: Play) -> None:
    assert play("aRefusedConnect") == [
        {"error": "Unexpected server response: 403", "opens": []},
    ]


@only(NEW)
def test_an_auth_token_rides_in_the_subprotocol(play: Play) -> None:
    assert play("anAuthToken") == [{"state": "joined", "subprotocol": "phoenix"}]

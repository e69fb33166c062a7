"""phoenix.js as npm has it, old and new, in conversation with a running server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from ..npm import needs, needs_node

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ..browser.server import ExampleServer
    from .node import Node

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


@pytest.fixture(params=[NEW, OLD, OLDEST])
def play(request: pytest.FixtureRequest, node: Node, server: ExampleServer) -> Play:
    return lambda scenario: node.play(request.param, scenario, server)


def only(*libraries: str) -> pytest.MarkDecorator:
    """For the clients that have what the test is about."""
    return pytest.mark.parametrize("play", libraries, indirect=True)


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


@only(NEW, OLD)  # the oldest cannot tell whose phx_close it is (protocol 1.0 has no join_ref)
def test_a_second_join_closes_the_first(play: Play) -> None:
    assert play("aSecondJoin") == [["closed", "joined"], ["ok", {"n": 1}]]


def test_heartbeats_are_answered(play: Play) -> None:
    reply: JsonValue = {
        "topic": "phoenix",
        "event": "phx_reply",
        "payload": {"status": "ok", "response": {}},
    }

    assert play("heartbeats") == [reply, reply, reply, {"connected": True, "closes": []}]


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

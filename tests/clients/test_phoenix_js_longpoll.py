"""phoenix.js over long-poll: what it does over a WebSocket, and what only polling brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..npm import needs, needs_node
from .test_phoenix_js import FOLDER, NEW, OLD, Play, only

if TYPE_CHECKING:
    from ..browser.server import ExampleServer
    from .node import Node

OLDEST = "phoenix-1-3"
"""The first one that speaks version 2.0.0 of the wire."""

pytestmark = [
    pytest.mark.node,
    pytest.mark.slow,
    needs_node,
    needs(NEW, OLD, OLDEST, "ws", folder=FOLDER),
]


@pytest.fixture(params=[NEW, OLD, OLDEST])
def play(request: pytest.FixtureRequest, node: Node, server: ExampleServer) -> Play:
    return lambda scenario: node.play(request.param, scenario, server, "longpoll")


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


@only(NEW)  # of a leave and a join that are sent at once, the others' may overtake each other
def test_a_second_join_closes_the_first(play: Play) -> None:
    assert play("aSecondJoin") == [["closed", "joined"], ["ok", {"n": 1}]]


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

"""phoenix.js: what it does alike over a WebSocket and over long-poll."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..npm import needs, needs_node
from .test_phoenix_js import FOLDER, NEW, OLD, Play
from .test_phoenix_js import OLDEST as OLDEST_ON_WEBSOCKET
from .test_phoenix_js_longpoll import OLDEST as OLDEST_ON_LONGPOLL

if TYPE_CHECKING:
    from ..browser.server import ExampleServer
    from .node import Node

pytestmark = [
    pytest.mark.node,
    pytest.mark.slow,
    needs_node,
    needs(NEW, OLD, OLDEST_ON_WEBSOCKET, OLDEST_ON_LONGPOLL, "ws", folder=FOLDER),
]

WAYS = [
    *(("websocket", library) for library in (NEW, OLD, OLDEST_ON_WEBSOCKET)),
    *(("longpoll", library) for library in (NEW, OLD, OLDEST_ON_LONGPOLL)),
]


@pytest.fixture(params=WAYS, ids="-".join)
def play(request: pytest.FixtureRequest, node: Node, server: ExampleServer) -> Play:
    transport, library = request.param
    return lambda scenario: node.play(library, scenario, server, transport)


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


def test_a_leave_is_confirmed_and_nothing_comes_after_it(play: Play) -> None:
    assert play("leaving") == [
        {"event": "phx_reply", "payload": {"status": "ok", "response": {}}},
        {"event": "phx_close", "payload": {}},
        {"state": "closed"},
        {"heard": [], "again": ["ok", {"n": 1}]},
    ]


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

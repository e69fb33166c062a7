from __future__ import annotations

from typing import get_args

import pytest

from channelkit.exits import (
    BadEncoding,
    BadFrame,
    Closed,
    ConnectionLost,
    Crashed,
    Disconnected,
    Drained,
    Exit,
    Expired,
    Left,
    Overloaded,
    Replaced,
    Revoked,
    ShutDown,
    Stopped,
    TimedOut,
    TooBig,
    TooSlow,
    close_code,
    fault,
    last_words,
)

TOLD: list[tuple[Exit, tuple[int, str] | None]] = [
    (Left(), None),
    (Closed(1001, "going away"), (1001, "")),
    (ConnectionLost(), None),
    (BadFrame(1002), (1002, "")),
    (BadEncoding(), (1007, "")),
    (TooBig(), (1009, "message too big")),
    (TooSlow(), (1013, "too slow")),
    (TimedOut(), (1001, "idle")),
    (Replaced(), None),
    (Stopped(), None),
    (Crashed(RuntimeError()), (1011, "")),
    (Overloaded(), (1013, "overloaded")),
    (Disconnected(1000, "bye"), (1000, "bye")),
    (Expired(), (3000, "expired")),
    (Revoked("banned"), None),
    (Drained(), (1012, "shutting down")),
    (ShutDown(), (1012, "shutting down")),
]


def test_every_exit_is_told_or_not_on_purpose() -> None:
    assert {type(reason) for reason, _ in TOLD} == set(get_args(Exit))


@pytest.mark.parametrize(("reason", "told"), TOLD, ids=lambda value: type(value).__name__)
def test_a_close_code_tells_the_peer_of_the_exit(
    reason: Exit, told: tuple[int, str] | None
) -> None:
    assert close_code(reason) == told


def test_of_its_own_accord_the_server_never_says_1000() -> None:
    """phoenix.js reconnects on any other code (assets/js/phoenix/socket.js#onConnClose)."""
    ours = [reason for reason, _ in TOLD if not isinstance(reason, (Closed, Disconnected))]

    assert 1000 not in [told[0] for told in map(close_code, ours) if told is not None]


@pytest.mark.parametrize("code", [1002, 1003, 1007, 1008, 1009])
def test_a_peers_fault_is_closed_with_the_code_that_answers_it(code: int) -> None:
    told = close_code(fault(code))

    assert told is not None
    assert told[0] == code


def test_a_peers_fault_has_its_own_exit() -> None:
    assert [fault(code) for code in (1002, 1003, 1007, 1009)] == [
        BadFrame(1002),
        BadFrame(1003),
        BadEncoding(),
        TooBig(),
    ]


@pytest.mark.parametrize(
    ("reason", "event", "payload"),
    [
        (None, "phx_close", {}),
        (Left(), "phx_close", {}),
        (Stopped(), "phx_close", {}),
        (Expired(), "phx_close", {"reason": "expired"}),
        (Revoked("the reason stays here"), "phx_close", {"reason": "revoked"}),
        (Stopped("why"), "phx_error", {"reason": "channel_crash"}),
        (Crashed(RuntimeError("why")), "phx_error", {"reason": "channel_crash"}),
        (Overloaded(), "phx_error", {"reason": "overloaded"}),
    ],
)
def test_a_members_client_is_told_of_its_end(
    reason: Exit | None, event: str, payload: object
) -> None:
    assert last_words(reason) == (event, payload)

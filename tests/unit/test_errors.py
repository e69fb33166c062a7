from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from channelkit import errors
from channelkit.errors import (
    CallFailed,
    ChannelKitError,
    ConnectFailed,
    DeclarationError,
    Disconnected,
    LocalProtocolError,
    Overrun,
    Place,
    Problem,
    Refused,
    RemoteProtocolError,
    RoomClosed,
)
from channelkit.messages import Refusal

if TYPE_CHECKING:
    from pydantic import JsonValue


class RoomFull(Refusal):
    limit: int


def test_all_exceptions_are_one_tree() -> None:
    raised = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, Exception)
    ]

    assert len(raised) == 11
    assert all(issubclass(each, ChannelKitError) for each in raised)


def test_the_tree_stands_in_the_modules_docstring() -> None:
    own = [cls for cls in ChannelKitError.__subclasses__() if cls.__module__ == errors.__name__]

    for name in (cls.__name__ for cls in own):
        assert f"─ {name} " in (errors.__doc__ or "")


def test_a_declaration_error_carries_every_problem() -> None:
    place = Place(file="room.py", line=3, name="Room", source="class Room:")
    problems = [
        Problem(code=code, what="w", places=(place,), expected="e", got="g", remedy="r")
        for code in ("CK001", "CK002")
    ]

    error = DeclarationError(problems, "2 problems")

    assert str(error) == "2 problems"
    assert error.problems == tuple(problems)


def test_a_local_protocol_error_says_what_was_out_of_order() -> None:
    assert str(LocalProtocolError("push before the join")) == "push before the join"


def test_a_remote_protocol_error_knows_the_close_code_and_no_ref() -> None:
    error = RemoteProtocolError("not JSON", close_code=1007)

    assert str(error) == "not JSON"
    assert (error.close_code, error.has_ref, error.ref, error.topic) == (1007, False, None, None)


def test_a_remote_protocol_error_tells_a_null_ref_from_none() -> None:
    error = RemoteProtocolError("no", close_code=1007, has_ref=True, ref=None, topic="room:1")

    assert (error.has_ref, error.ref, error.topic) == (True, None, "room:1")


def test_a_raised_refusal_is_named_by_its_class_and_shows_no_field() -> None:
    error = Refused(RoomFull(limit=50))

    assert str(error) == "RoomFull"
    assert error.refusal == RoomFull(limit=50)


def test_a_failed_call_has_its_reason_and_the_whole_response() -> None:
    error = CallFailed("overloaded", {"reason": "overloaded"})

    assert str(error) == "overloaded"
    assert (error.reason, error.response) == ("overloaded", {"reason": "overloaded"})


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Disconnected(1006), "closed with 1006"),
        (Disconnected(1001, "idle"), "closed with 1001 (idle)"),
    ],
)
def test_a_disconnection_says_its_code_and_its_reason(error: Disconnected, text: str) -> None:
    assert str(error) == text
    assert text.startswith(f"closed with {error.code}")
    assert error.reason in text


def test_a_call_that_failed_for_its_rate_says_after_how_many_ms_to_ask_again() -> None:
    limited = CallFailed("rate_limited", {"reason": "rate_limited", "retry_after": 250})
    responses: list[JsonValue] = [{"reason": "x"}, {"retry_after": "soon"}, ["x"], None]

    assert limited.retry_after == 250
    assert [CallFailed("x", response).retry_after for response in responses] == [None] * 4


def test_the_errors_of_a_client_say_what_happened() -> None:
    failed = ConnectFailed("busy", 429, {"reason": "busy"})

    assert isinstance(failed, CallFailed)
    assert (failed.reason, failed.status, failed.response) == ("busy", 429, {"reason": "busy"})
    assert [str(failed), str(ConnectFailed("timeout"))] == ["busy (HTTP 429)", "timeout"]
    assert str(Overrun(3)) == "3 pushes were dropped: more came than were read"
    assert Overrun(3).missed == 3
    assert RoomClosed("revoked").reason == "revoked"

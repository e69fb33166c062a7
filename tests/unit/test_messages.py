from __future__ import annotations

from typing import Any, Generic, TypeVar

import pytest
from pydantic import BaseModel, Field, ValidationError

from channelkit.messages import Message, Ok, Open, Refusal

T = TypeVar("T")


class NewMsg(Message):
    body: str


class Typing(Message, event="user:typing"):
    user: str


class Page(Message, Generic[T], event="page:shown"):
    items: list[T]


class RoomFull(Refusal):
    limit: int


class Bare(Refusal, reason=None):
    detail: str = ""


class Banned(Refusal, reason="go away", status=451):
    pass


class Wrong(Refusal, Generic[T], reason="wrong value", status=400):
    value: T


def test_a_message_goes_out_under_its_class_name_in_snake_case() -> None:
    assert NewMsg.__event__ == "new_msg"


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("Posted", "posted"),
        ("HTTPError", "http_error"),
        ("RoomHTTPError2", "room_http_error2"),
        ("Move2D", "move2_d"),
        ("already_snake", "already_snake"),
        ("X", "x"),
    ],
)
def test_snake_case_keeps_abbreviations_together(name: str, event: str) -> None:
    message: Any = type(name, (Message,), {})

    assert message.__event__ == event


def test_a_class_statement_may_name_the_event() -> None:
    assert Typing.__event__ == "user:typing"


def test_an_event_is_not_inherited() -> None:
    class StillTyping(Typing):
        pass

    assert StillTyping.__event__ == "still_typing"


def test_a_parametrized_generic_keeps_its_origins_event_and_reason() -> None:
    assert (Page[int].__event__, Page[NewMsg].__event__) == ("page:shown", "page:shown")
    assert (Wrong[int].__reason__, Wrong[int].__status__) == ("wrong value", 400)


def test_pydantics_configuration_passes_through_the_class_statement() -> None:
    class Strict(Message, event="strict", strict=True):
        n: int

    with pytest.raises(ValidationError):
        Strict.model_validate({"n": "1"})


@pytest.mark.parametrize("payload", [None, True, 1, 1.5, "x", [1, {"a": None}], {"a": []}, b"\x00"])
def test_an_open_payload_is_any_json_or_binary(payload: Any) -> None:
    assert Open(payload=payload).payload == payload


def test_an_open_payload_can_have_an_event_of_its_own() -> None:
    class Raw(Open, event="raw"):
        pass

    assert (Open.__event__, Raw.__event__) == ("open", "raw")


def test_a_refusals_response_is_its_reason_and_then_its_fields() -> None:
    assert list(RoomFull(limit=50).response().items()) == [("reason", "room_full"), ("limit", 50)]


def test_a_refusal_may_have_another_reason_or_none() -> None:
    assert Banned().response() == {"reason": "go away"}
    assert Bare(detail="x").response() == {"detail": "x"}


def test_a_refusals_fields_go_out_under_their_aliases_and_as_json() -> None:
    class Late(Refusal):
        by: set[int] = Field(serialization_alias="bySeconds")

    assert Late(by={3}).response() == {"reason": "late", "bySeconds": [3]}


def test_a_refused_connection_is_403_unless_the_class_says_otherwise() -> None:
    assert (RoomFull.__status__, Banned.__status__) == (403, 451)


def test_a_refusal_is_no_message_and_so_is_never_pushed() -> None:
    assert not issubclass(Refusal, Message)
    assert issubclass(Refusal, BaseModel)


def test_every_ok_is_the_same() -> None:
    assert Ok() == Ok()
    assert hash(Ok()) == hash(Ok())
    assert Ok() != {}
    assert repr(Ok()) == "Ok()"

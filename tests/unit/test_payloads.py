from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    JsonValue,
    NaiveDatetime,
    Strict,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from channelkit.errors import LocalProtocolError
from channelkit.messages import Message, Ok, Open, Refusal
from channelkit.payloads import (
    Accepts,
    Answer,
    Answers,
    Invalid,
    Verdict,
    body,
    narrowed,
    pushable,
)


class Colour(Enum):
    RED = "red"


class Say(Message):
    body: Annotated[str, Field(max_length=3)]


class Move(Message):
    x: int
    y: int = 0


class Nested(Message):
    inner: list[Move]
    by_name: dict[str, Move] = Field(default_factory=dict)


class Board(Open):
    """An open payload narrowed to objects of integers."""

    payload: dict[str, int]  # type: ignore[assignment]


class RoomFull(Refusal):
    limit: int


def invalid(*errors: tuple[Sequence[int | str], str, str]) -> Invalid:
    return Invalid(tuple({"loc": list(loc), "type": kind, "msg": msg} for loc, kind, msg in errors))


# What a parameter accepts: text tries the models in order, binary is for `bytes`.


def test_a_payload_becomes_its_message() -> None:
    assert Accepts((Say,)).decode({"body": "hi"}) == Say(body="hi")


def test_models_are_tried_in_the_order_of_the_union() -> None:
    either = Accepts((Say, Move))

    assert either.decode({"body": "hi"}) == Say(body="hi")
    assert either.decode({"x": 1}) == Move(x=1)
    assert Accepts((Open, Say)).decode({"body": "hi"}) == Open(payload={"body": "hi"})


def test_of_a_union_the_first_models_complaint_is_told() -> None:
    assert Accepts((Say, Move)).decode({}) == invalid((["body"], "missing", "is required"))


def test_the_opcode_picks_the_arm() -> None:
    either = Accepts((Say,), binary=True)

    assert either.decode(b"\x00\xff") == b"\x00\xff"
    assert either.decode({"body": "hi"}) == Say(body="hi")


def test_binary_where_only_text_is_taken_is_invalid() -> None:
    assert Accepts((Say,)).decode(b"{}") == invalid(([], "payload_kind", "must be JSON"))


@pytest.mark.parametrize("payload", [None, {}, "text", [1]])
def test_text_where_only_binary_is_taken_is_invalid(payload: JsonValue) -> None:
    bytes_only = Accepts((), binary=True)

    assert bytes_only.decode(payload) == invalid(([], "payload_kind", "must be binary"))


def test_a_models_own_code_never_sees_binary() -> None:
    class Watched(Message):
        seen: object = None

        @model_validator(mode="before")
        @classmethod
        def look(cls, raw: object) -> object:
            return {"seen": raw}

    assert Accepts((Watched,)).decode([1]) == Watched.model_validate([1])
    assert Accepts((Watched,)).decode(b"x") == invalid(([], "payload_kind", "must be JSON"))


@pytest.mark.parametrize("payload", [None, 1, 2.5, "x", True, [], {"a": [1]}, {"payload": 1}, b"x"])
def test_an_open_payload_takes_anything_as_it_is(payload: Any) -> None:
    assert Accepts((Open,)).decode(payload) == Open(payload=payload)


def test_binary_goes_to_the_open_model_of_a_union() -> None:
    assert Accepts((Say, Open)).decode(b"x") == Open(payload=b"x")
    assert Accepts((Say, Open), binary=True).decode(b"x") == b"x"


def test_a_narrowed_open_payload_is_checked_and_its_field_is_not_told() -> None:
    board = Accepts((Say, Board))

    assert board.decode({"a": 1}) == Board(payload={"a": 1})
    assert Accepts((Board,)).decode({"a": "x"}) == invalid(
        (["*"], "int_parsing", "must be a whole number")
    )
    assert board.decode(b"x") == invalid(([], "dict_type", "must be an object"))


@pytest.mark.parametrize("payload", [None, 1, "x", [], [1]])
def test_a_payload_that_is_no_object_is_invalid(payload: JsonValue) -> None:
    assert Accepts((Say,)).decode(payload) == invalid(([], "model_type", "must be an object"))


class Strictly(Message, strict=True):
    on: dt.date
    colour: Colour = Colour.RED


class PartlyStrict(Message):
    on: Annotated[dt.date, Strict()]


@pytest.mark.parametrize("model", [Strictly, PartlyStrict])
def test_a_strict_model_reads_what_json_has_no_type_for(model: type[Message]) -> None:
    taken = Accepts((model,)).decode({"on": "2026-01-31"})

    assert taken == model.model_validate({"on": dt.date(2026, 1, 31)})
    assert Accepts((model,)).decode({"on": 20260131}) == invalid(
        (["on"], "date_type", "must be a date")
    )


def test_a_field_named_strict_makes_no_model_strict() -> None:
    class Rule(Message):
        strict: bool = True
        n: int = 0

    assert Accepts((Rule,)).decode({"n": "1", "strict": False}) == Rule(n=1, strict=False)


def test_what_is_accepted_is_compared_by_its_types_alone() -> None:
    assert Accepts((Say,)) == Accepts((Say,))
    assert hash(Accepts((Say,))) == hash(Accepts((Say,)))
    assert Accepts((Say,)) != Accepts((Say,), binary=True)
    assert repr(Accepts((), binary=True)) == "Accepts(models=(), binary=True)"


# What the peer is told: our words, no input, no name that it made up.


def test_an_invalid_payloads_response_has_the_reason_and_the_errors() -> None:
    assert invalid((["body"], "missing", "is required")).response() == {
        "reason": "invalid payload",
        "errors": [{"loc": ["body"], "type": "missing", "msg": "is required"}],
    }


class Told(Message):
    """A field for each kind of complaint; all may be left out."""

    string: str = ""
    integer: int = 0
    number: float = 0
    boolean: bool = False
    decimal: Annotated[Decimal, Field(max_digits=4, decimal_places=1)] = Decimal(0)
    date: dt.date = dt.date.min
    past: Annotated[dt.date, Field(lt=dt.date(2026, 1, 1))] = dt.date.min
    at: dt.datetime = dt.datetime.min
    aware: AwareDatetime | None = None
    naive: NaiveDatetime | None = None
    span: dt.timedelta = dt.timedelta()
    colour: Colour = Colour.RED
    literal: Literal["a"] = "a"
    items: Annotated[list[int], Field(min_length=1, max_length=2)] = Field(default=[1])
    pair: tuple[int, int] = (0, 0)
    small: Annotated[int, Field(gt=0, lt=10)] = 1
    even: Annotated[int, Field(ge=0, le=10, multiple_of=2)] = 0
    name: Annotated[str, Field(min_length=2, max_length=3, pattern="^a")] = "ab"
    data: Annotated[bytes, Field(max_length=2)] = b""
    nothing: None = None


@pytest.mark.parametrize(
    ("field", "value", "kind", "msg"),
    [
        ("string", 1, "string_type", "must be a string"),
        ("integer", "x", "int_parsing", "must be a whole number"),
        ("integer", 1.5, "int_from_float", "must be a whole number"),
        ("integer", None, "int_type", "must be a whole number"),
        ("number", "x", "float_parsing", "must be a number"),
        ("boolean", "perhaps", "bool_parsing", "must be a boolean"),
        ("decimal", "x", "decimal_parsing", "must be a decimal number"),
        ("decimal", "12345", "decimal_max_digits", "must have at most 4 digits"),
        ("decimal", "1.25", "decimal_max_places", "must have at most 1 decimal places"),
        ("date", "x", "date_from_datetime_parsing", "must be a date"),
        ("date", "2026-01-01T01:00:00", "date_from_datetime_inexact", "must be a date"),
        ("past", "2026-01-01", "less_than", "must be less than 2026-01-01"),
        ("at", "x", "datetime_from_date_parsing", "must be a date and time"),
        ("aware", "2026-01-01T00:00:00", "timezone_aware", "must have a time zone"),
        ("naive", "2026-01-01T00:00:00Z", "timezone_naive", "must have no time zone"),
        ("span", "x", "time_delta_parsing", "must be a duration"),
        ("colour", "blue", "enum", "must be one of the allowed values"),
        ("literal", "b", "literal_error", "must be one of the allowed values"),
        ("items", {}, "list_type", "must be a list"),
        ("items", [], "too_short", "must have at least 1 items"),
        ("items", [1, 2, 3], "too_long", "must have at most 2 items"),
        ("pair", 1, "tuple_type", "must be a list"),
        ("small", 0, "greater_than", "must be greater than 0"),
        ("small", 10, "less_than", "must be less than 10"),
        ("even", -2, "greater_than_equal", "must be at least 0"),
        ("even", 12, "less_than_equal", "must be at most 10"),
        ("even", 3, "multiple_of", "must be a multiple of 2"),
        ("name", "a", "string_too_short", "must have at least 2 characters"),
        ("name", "abcd", "string_too_long", "must have at most 3 characters"),
        ("name", "bb", "string_pattern_mismatch", "does not match the pattern"),
        ("data", "abc", "bytes_too_long", "must have at most 2 bytes"),
        ("nothing", 0, "none_required", "must be null"),
    ],
)
def test_a_complaint_is_in_our_words(field: str, value: JsonValue, kind: str, msg: str) -> None:
    assert Accepts((Told,)).decode({field: value}) == invalid(([field], kind, msg))


def test_an_authors_own_complaint_stays_here() -> None:
    class Checked(Message):
        a: int
        b: int

        @field_validator("a")
        @classmethod
        def refuse(cls, _: int) -> int:
            raise ValueError("the password is swordfish")

        @field_validator("b")
        @classmethod
        def refuse_in_style(cls, value: int) -> int:
            raise PydanticCustomError("odd", "{value} is secret", {"value": value})

    assert Accepts((Checked,)).decode({"a": 1, "b": 2}) == invalid(
        (["a"], "value_error", "is not valid"), (["b"], "odd", "is not valid")
    )


def test_places_name_fields_and_indices_and_mask_the_peers_own_keys() -> None:
    payload: JsonValue = {"inner": [{"x": 1}, {"y": 1}], "by_name": {"swordfish": {}}}

    assert Accepts((Nested,)).decode(payload) == invalid(
        (["inner", 1, "x"], "missing", "is required"),
        (["by_name", "*", "x"], "missing", "is required"),
    )


def test_an_unknown_fields_name_is_masked() -> None:
    class Closed(Message, extra="forbid"):
        pass

    assert Accepts((Closed,)).decode({"swordfish": 1}) == invalid(
        (["*"], "extra_forbidden", "is not a known field")
    )


def test_aliases_and_the_fields_of_inner_types_are_named() -> None:
    class Point(BaseModel):
        x: int

    class Options(TypedDict):
        depth: int

    @dataclass
    class Span:
        first: int

    class Shape(Message):
        kind: int = Field(alias="shapeKind")
        at: Point
        options: Options
        span: Span

    payload: JsonValue = {"shapeKind": "x", "at": {}, "options": {}, "span": {}}

    told = Accepts((Shape,)).decode(payload)

    assert isinstance(told, Invalid)
    assert [error["loc"] for error in told.errors] == [
        ["shapeKind"],
        ["at", "x"],
        ["options", "depth"],
        ["span", "first"],
    ]


def test_a_unions_arms_are_not_named() -> None:
    class Either(Message):
        value: int | Move

    told = Accepts((Either,)).decode({"value": {}})

    assert told == invalid(
        (["value", "*"], "int_type", "must be a whole number"),
        (["value", "*", "x"], "missing", "is required"),
    )


def nested(moves: int) -> JsonValue:
    """That many moves, each without its x."""
    return {"inner": [{"y": n} for n in range(moves)]}


def test_ten_errors_are_told_at_most() -> None:
    told = Accepts((Nested,)).decode(nested(50))

    assert isinstance(told, Invalid)
    assert [error["loc"] for error in told.errors] == [["inner", n, "x"] for n in range(10)]


def test_of_a_payload_with_a_thousand_errors_none_is_listed() -> None:
    told = Accepts((Nested,)).decode(nested(1001))

    assert told == invalid(([], "too_many_errors", "has too many errors to list"))


# What a handler answers.


SETTLED: list[tuple[Verdict, Answer | None]] = [
    (Say(body="hi"), ("ok", Say(body="hi"))),
    (Open(payload=[1]), ("ok", [1])),
    (b"\x00", ("ok", b"\x00")),
    (Ok(), ("ok", {})),
    (RoomFull(limit=5), ("error", {"reason": "room_full", "limit": 5})),
    (None, None),
]


@pytest.mark.parametrize(("result", "answer"), SETTLED, ids=repr)
def test_a_declared_result_settles_the_answer(result: Verdict, answer: Answer | None) -> None:
    declared = Answers((Say, Open, bytes, Ok), (RoomFull,), silent=True)

    assert declared.settle(result) == answer


@pytest.mark.parametrize(
    "result", [Move(x=1), RoomFull(limit=5), b"", Ok(), None, {"body": "hi"}, "hi"], ids=repr
)
def test_an_undeclared_result_is_the_programs_fault(result: Any) -> None:
    declared = Answers((Say,), (), silent=False)

    with pytest.raises(LocalProtocolError, match=f"^returned {type(result).__name__}, which its"):
        declared.settle(result)


def test_what_is_answered_is_compared_by_its_types_alone() -> None:
    declared = Answers((Say,), (RoomFull,), silent=False)

    assert declared == Answers((Say,), (RoomFull,), silent=False)
    assert hash(declared) == hash(Answers((Say,), (RoomFull,), silent=False))
    assert declared != Answers((Say,), (RoomFull,), silent=True)


def test_of_a_subclass_only_the_declared_fields_go_out() -> None:
    class Signed(Say):
        secret: str

    declared = Answers((Say,), (), silent=False)

    assert declared.settle(Signed(body="hi", secret="x")) == ("ok", Say(body="hi"))


def test_a_subclass_goes_out_as_the_nearest_declared_class() -> None:
    class Signed(Say):
        by: str

    class Sealed(Signed):
        seal: str

    sealed = Sealed(body="hi", by="ann", seal="x")

    assert narrowed(sealed, (Say, Signed)) == Signed(body="hi", by="ann")
    assert narrowed(sealed, (Say,)) == Say(body="hi")
    assert narrowed(sealed, (Sealed, Say)) is sealed
    assert narrowed(sealed, (Move,)) is None


def test_a_refusal_is_narrowed_like_a_message() -> None:
    class VeryFull(RoomFull):
        secret: str

    declared = Answers((), (RoomFull,), silent=True)

    response = {"reason": "room_full", "limit": 5}
    assert declared.settle(VeryFull(limit=5, secret="x")) == ("error", response)


def test_a_subclass_of_bytes_is_no_declared_reply() -> None:
    class Sealed(bytes):
        pass

    assert narrowed(Sealed(b"x"), (bytes,)) is None


# What goes on the wire.


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (Say(body="hi"), Say(body="hi")),
        (Open(payload={"a": 1}), {"a": 1}),
        (Open(payload=b"x"), b"x"),
        (b"x", b"x"),
        (RoomFull(limit=5), {"reason": "room_full", "limit": 5}),
        (Ok(), {}),
        (None, {}),
    ],
    ids=repr,
)
def test_a_typed_value_has_its_form_on_the_wire(value: Verdict, content: object) -> None:
    assert body(value) == content


@pytest.mark.parametrize(
    "message", [Say(body="hi"), Open(payload={}), Open(payload=b"x"), b"x"], ids=repr
)
def test_objects_and_binary_can_be_pushed(message: Message | bytes) -> None:
    assert pushable(message) == body(message)


@pytest.mark.parametrize("payload", [None, 1, "x", [], True])
def test_nothing_else_can_be_pushed(payload: JsonValue) -> None:
    """protocol.md B1.3 rule 9; C5: a payload that is no map raises."""
    with pytest.raises(LocalProtocolError, match="must be a JSON object or bytes, got"):
        pushable(Open(payload=payload))

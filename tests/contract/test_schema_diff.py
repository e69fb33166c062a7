"""Two schemas, compared as the values they allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from channelkit.contract.changes import Kind
from channelkit.contract.schema_diff import Difference, SchemaDiff

if TYPE_CHECKING:
    from channelkit.contract.form import Schema


def schema(of: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of a type, and those it refers to."""
    made = TypeAdapter(of).json_schema(ref_template="#/schemas/{model}")
    return made, made.pop("$defs", {})


def found(old: Any, new: Any) -> list[tuple[str, str]]:
    """Where what differs."""
    (before, olds), (after, news) = schema(old), schema(new)
    return [
        (".".join(difference.path), difference.kind)
        for difference in SchemaDiff(olds, news).compare(before, after)
    ]


class Point(BaseModel):
    x: int
    y: int = 0


class Point3(BaseModel):
    x: int
    y: int = 0
    z: int


class Point3Maybe(BaseModel):
    x: int
    y: int = 0
    z: int = 0


class PointX(BaseModel):
    x: int


class PointStrict(PointX):
    model_config = ConfigDict(extra="forbid")


class PointExtra(PointX):
    model_config = ConfigDict(extra="allow")


class PointExtraInts(PointX):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int]  # pyright: ignore[reportIncompatibleVariableOverride]


class PointY(BaseModel):
    x: int
    y: int


class PointFar(BaseModel):
    x: int
    y: int = 9


class Tree(BaseModel):
    value: int
    children: list[Tree] = []


class TreeOfText(BaseModel):
    value: str
    children: list[TreeOfText] = []


class Circle(BaseModel):
    kind: Literal["circle"]
    radius: int


class Square(BaseModel):
    kind: Literal["square"]
    side: int


Form = Annotated[Circle | Square, Field(discriminator="kind")]
Short = Annotated[str, Field(max_length=5)]
Long = Annotated[str, Field(max_length=9)]


@pytest.mark.parametrize(
    ("old", "new", "differences"),
    [
        (int, int, []),
        (int, str, [("", "type changed")]),
        (int, float, [("", "type changed")]),
        (Any, int, [("", "shape removed")]),
        (int, Any, [("", "shape added")]),
        (Any, Any, []),
        # Bounds.
        (Short, Long, [("", "loosened")]),
        (Long, Short, [("", "tightened")]),
        (str, Short, [("", "tightened")]),
        (Short, str, [("", "loosened")]),
        (Annotated[int, Field(ge=0)], Annotated[int, Field(ge=1)], [("", "tightened")]),
        (Annotated[int, Field(ge=1)], Annotated[int, Field(ge=0)], [("", "loosened")]),
        (
            Annotated[int, Field(ge=0)],
            Annotated[int, Field(gt=0)],
            [("", "loosened"), ("", "tightened")],
        ),
        (str, Annotated[str, Field(pattern="a")], [("", "tightened")]),
        (Annotated[str, Field(pattern="a")], str, [("", "loosened")]),
        (
            Annotated[str, Field(pattern="a")],
            Annotated[str, Field(pattern="b")],
            [("", "constraint changed")],
        ),
        (int, Annotated[int, Field(multiple_of=2)], [("", "constraint changed")]),
        # Values.
        (Literal["a", "b"], Literal["a"], [("", "value removed")]),
        (Literal["a"], Literal["a", "b"], [("", "value added")]),
        (Literal["a", "b"], Literal["b", "a"], []),
        (Literal["a"], str, [("", "shape added")]),
        (str, Literal["a"], [("", "shape removed")]),
        (Literal["a"], Short, [("", "shape added"), ("", "tightened")]),
        # Unions.
        (int, int | None, [("", "shape added")]),
        (int | None, int, [("", "shape removed")]),
        (int | str, str | int, []),
        (int | Short, int | Long, [("", "loosened")]),
        (int | str, int | bool, [("", "shape removed"), ("", "shape added")]),
        (Form, Form, []),
        (Form, Circle, [("", "shape removed")]),
        # Containers.
        (list[int], list[str], [("[]", "type changed")]),
        (dict[str, int], dict[str, str], [("*", "type changed")]),
        (tuple[int, str], tuple[int, int], [("[1]", "type changed")]),
        (
            tuple[int, str],
            tuple[int],
            [("", "loosened"), ("", "tightened"), ("[]", "type changed")],
        ),
        (
            list[int],
            Annotated[list[int], Field(max_length=2)],
            [("", "tightened")],
        ),
        # Fields.
        (Point, Point3, [("z", "required field added")]),
        (Point, Point3Maybe, [("z", "optional field added")]),
        (Point, PointX, [("y", "field removed")]),
        (
            Point,
            PointStrict,
            [
                ("y", "field removed"),
                ("y", "other fields forbidden"),
                ("", "other fields forbidden"),
            ],
        ),
        (PointX, PointStrict, [("", "other fields forbidden")]),
        (PointStrict, PointX, [("", "other fields allowed")]),
        (Point, PointY, [("y", "became required")]),
        (PointY, Point, [("y", "became optional")]),
        (Point, PointFar, [("y", "default changed")]),
        (PointExtra, Point, [("y", "optional field added"), ("y", "shape removed")]),
        (PointExtra, PointExtraInts, [("*", "shape removed")]),
        (PointExtraInts, Point, [("y", "optional field added"), ("*", "shape added")]),
        (Point, PointExtraInts, [("y", "field removed"), ("*", "shape removed")]),
        # Models that hold themselves.
        (Tree, Tree, []),
        (Tree, TreeOfText, [("value", "type changed")]),
        (list[Point], list[PointX], [("[].y", "field removed")]),
    ],
)
def test_schemas_differ_as_their_values_do(
    old: Any, new: Any, differences: list[tuple[str, str]]
) -> None:
    assert found(old, new) == differences


def test_what_was_and_what_is_are_told() -> None:
    assert SchemaDiff({}, {}).compare(schema(Short)[0], schema(Long)[0]) == [
        Difference((), Kind.LOOSENED, "maxLength 5", "maxLength 9")
    ]
    assert SchemaDiff({}, {}).compare({"type": "string"}, {"type": "string", "format": "date"}) == [
        Difference((), Kind.TYPE_CHANGED, "string", "string (date)")
    ]


def test_words_for_people_are_no_difference() -> None:
    old: Schema = {"type": "string", "title": "A", "description": "a", "examples": ["a"]}

    assert SchemaDiff({}, {}).compare(old, {"type": "string", "title": "B"}) == []


class Left(BaseModel):
    right: Right | None = None


class Right(BaseModel):
    left: Left | str | None = None
    number: int


class OtherLeft(BaseModel):
    right: OtherRight | None = None


class OtherRight(BaseModel):
    left: OtherLeft | str | None = None
    number: str


def test_models_that_may_hold_each_other_are_compared_once() -> None:
    assert found(Left, Left) == []
    assert found(Left, OtherLeft) == [("right.number", Kind.TYPE_CHANGED)]

"""validate.js against jsonschema: the same verdict on whatever pydantic writes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from ..npm import NODE, needs_node

HERE = Path(__file__).parent
TEMPLATE: Final = "#/$defs/{model}"

pytestmark = [pytest.mark.node, pytest.mark.slow, needs_node]


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Field(ge=0, le=9)] = 9


class Dog(BaseModel):
    kind: Literal["dog"]
    name: Annotated[str, StringConstraints(min_length=1, max_length=5, pattern=r"^\w+$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    colour: Colour = Colour.RED
    note: str | None = None


class Tree(BaseModel):
    value: int
    below: list[Tree] = []
    by_name: dict[str, Tree] = {}


class Wide(BaseModel):
    pair: tuple[int, str]
    ids: Annotated[set[int], Field(min_length=1, max_length=3)]
    ratio: Annotated[float, Field(gt=0, lt=1)]
    step: Annotated[float, Field(multiple_of=0.5)] = 0.5
    price: Decimal = Decimal(1)
    when: datetime | None = None
    id: UUID | None = None
    anything: Any = None
    either: int | list[str] | None = None
    scores: Annotated[
        dict[Annotated[str, StringConstraints(pattern="^[a-z]+$")], int], Field(max_length=2)
    ] = {}


TREE: dict[str, Any] = {
    "value": 1,
    "below": [{"value": 2, "below": []}],
    "by_name": {"a": {"value": 3}},
}
WIDE = {
    "pair": [1, "a"],
    "ids": [1, 2],
    "ratio": 0.5,
    "step": 1.5,
    "price": "1.5",
    "when": "2026-01-01T00:00:00Z",
    "either": ["x"],
    "scores": {"ab": 1},
}
EXAMPLES: list[tuple[Any, list[Any]]] = [
    (
        Strict,
        [
            {"pet": {"kind": "cat"}},
            {"pet": {"kind": "dog", "name": "Rex"}, "note": "é", "colour": "blue"},
        ],
    ),
    (Tree, [TREE, {"value": 1}]),
    (Wide, [WIDE, {"pair": [1, "a"], "ids": [1], "ratio": 0.1}]),
    (list[Cat | None], [[{"kind": "cat", "lives": 1}, None]]),
    (Annotated[str, StringConstraints(min_length=2, max_length=3)], ["ab", "😀😀", "abcd"]),
    (bool | Annotated[int, Field(multiple_of=3)], [True, 3, 4]),
    (dict[int, float], [{"1": 1.5}, {"a": 1}]),
]

# Keywords that pydantic writes only where one asks for them.
SCHEMAS: list[tuple[Any, list[Any]]] = [
    (True, [1, {}]),
    (False, [1, {}]),
    ({"not": {"type": "null"}}, [None, 1]),
    ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, [1, 3]),
    ({"oneOf": [{"type": "integer"}, {"minimum": 2}]}, [1, 2, 2.5]),
    ({"uniqueItems": True}, [[1, 1], [{"a": 1}, {"a": 1}], [1, "1", 2]]),
    ({"const": {"a": [1]}}, [{"a": [1]}, {"a": [2]}]),
    (
        {"patternProperties": {"^a": {"type": "integer"}}, "additionalProperties": False},
        [{"ab": 1}, {"b": 1}],
    ),
    ({"minProperties": 1, "maxProperties": 2}, [{}, {"a": 1}, {"a": 1, "b": 2, "c": 3}]),
    ({"exclusiveMinimum": 0, "exclusiveMaximum": 10, "multipleOf": 0.5}, [0, 10, 9.5, 9.25]),
    ({"prefixItems": [{"type": "integer"}], "items": False}, [[1], [1, 2], ["a"]]),
    ({"type": ["string", "null"], "enum": ["a", None]}, ["a", None, "b"]),
]

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 12)
    | st.sampled_from([0.1, 0.3, 0.5, 1.0, 2.5])
    | st.text("abé😀1", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "kind", "pet", "value"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@dataclass
class Judge:
    """node, that judges by our validator."""

    process: subprocess.Popen[str]

    def problems(self, schema: Any, schemas: dict[str, Any], value: Any) -> list[dict[str, Any]]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([schema, schemas, value]), file=self.process.stdin, flush=True)
        found: list[dict[str, Any]] = json.loads(self.process.stdout.readline())
        return found


@pytest.fixture(scope="module")
def judge() -> Generator[Judge]:
    with subprocess.Popen(
        [NODE, HERE / "validating.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Judge(process)
        assert process.stdin is not None
        process.stdin.close()


@st.composite
def mutated(draw: st.DrawFn, value: Any) -> Any:
    """The value with something else at one place of it, or without that place."""
    if not isinstance(value, (dict, list)) or not value or draw(st.integers(0, 4)) == 0:
        return draw(JSON)
    copy: Any = cast("Any", value).copy()
    keys: list[Any] = list(copy) if isinstance(value, dict) else list(range(len(copy)))
    key = draw(st.sampled_from(keys))
    match draw(st.sampled_from(["inside", "inside", "away", "beside"])):
        case "inside":
            copy[key] = draw(mutated(copy[key]))
        case "away":
            del copy[key]
        case _ if isinstance(value, dict):
            copy[draw(st.sampled_from(["a", "more", "__proto__", "constructor"]))] = draw(JSON)
        case _:
            copy.append(draw(JSON))
    return copy


KINDS = [(TypeAdapter(kind).json_schema(), values) for kind, values in EXAMPLES] + SCHEMAS


@pytest.mark.parametrize(("schema", "values"), KINDS, ids=range(len(KINDS)))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_it_judges_as_jsonschema_does(
    judge: Judge, schema: Any, values: list[Any], data: st.DataObject
) -> None:
    value = data.draw(
        st.sampled_from(values).flatmap(lambda value: st.just(value) | mutated(value))
    )

    schemas: dict[str, Any] = {} if isinstance(schema, bool) else schema.get("$defs", {})
    validator: Any = Draft202012Validator(schema)
    problems = judge.problems(schema, schemas, value)

    assert (problems == []) is validator.is_valid(value), (value, problems)


NOTED: list[tuple[Any, Any, list[tuple[list[Any], str]]]] = [
    (
        Strict,
        {"pet": {"kind": "dog", "name": "abcdef"}},
        [(["pet", "name"], "at most 5 characters")],
    ),
    (Strict, {"pet": {"kind": "cat"}, "x": 1}, [(["x"], "there is no such field")]),
    (Strict, {}, [(["pet"], "required")]),
    (
        Tree,
        {"value": 1, "below": [{"value": "a"}]},
        [(["below", 0, "value"], "expected a whole number")],
    ),
    (Wide, {**WIDE, "pair": [1]}, [(["pair"], "at least 2 items")]),
    (Wide, {**WIDE, "ids": [1, 1]}, [(["ids", 1], "stands in the list already")]),
    (str | None, 1, [([], "none of the alternatives fits: expected a text; or expected null")]),
    (list[Cat | None], [{"kind": "cat", "lives": 10}], [([0, "lives"], "at most 9")]),
    (Colour, "green", [([], 'must be one of "red", "blue"')]),
]


@pytest.mark.parametrize(("kind", "value", "noted"), NOTED)
def test_it_says_where_and_what(judge: Judge, kind: Any, value: Any, noted: list[Any]) -> None:
    schema = TypeAdapter(kind).json_schema()

    problems = judge.problems(schema, schema.get("$defs", {}), value)

    assert [(problem["path"], problem["message"]) for problem in problems] == noted


@pytest.mark.parametrize("value", [0.7, 0.3, 0.25, 1e9, 0])
def test_a_multiple_is_one_as_pydantic_counts_in_floats(judge: Judge, value: float) -> None:
    tenth = TypeAdapter(Annotated[float, Field(multiple_of=0.1)])
    try:
        fits = tenth.validate_python(value) == value
    except ValidationError:
        fits = False

    assert (judge.problems(tenth.json_schema(), {}, value) == []) is fits


def test_what_javascript_cannot_read_is_left_to_the_server(judge: Judge) -> None:
    assert judge.problems({"pattern": "(?i)^a++$"}, {}, "b") == []


def test_a_schema_that_goes_round_in_a_circle_ends(judge: Judge) -> None:
    assert judge.problems({"$ref": "#/schemas/A"}, {"A": {"$ref": "#/schemas/A"}}, 1) == []

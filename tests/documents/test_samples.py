"""A sample is what its schema asks for, and what the author gave as an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from channelkit.documents.samples import Samples

from .contracts import CONTRACTS
from .models import models

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from channelkit.contract import Contract
    from channelkit.contract.form import Schema


def fits(schema: dict[str, Any], value: object) -> bool:
    return bool(cast("Any", Draft202012Validator)(schema).is_valid(value))


def sample(schema: Schema, name: str = "", *, optional: bool = False) -> JsonValue:
    return Samples({}).value(schema, name, optional=optional)


@given(models)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_a_sample_is_what_the_model_accepts(model: type[BaseModel]) -> None:
    modes: tuple[Literal["validation", "serialization"], ...] = ("validation", "serialization")
    for mode in modes:
        schema = model.model_json_schema(
            mode=mode,
            ref_template="#/schemas/{model}",
        )
        schemas = schema.get("$defs", {})
        for optional in (False, True):
            value = Samples(schemas).value(schema, optional=optional)

            assert fits({**schema, "schemas": schemas}, value)
            if mode == "validation":
                model.model_validate(value)


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_every_schema_of_a_contract_has_a_sample(contract: Contract) -> None:
    samples = Samples(contract.schemas)

    for name, schema in contract.schemas.items():
        value = samples.named(f"#/schemas/{name}")
        assert fits({**schema, "schemas": contract.schemas}, value), name


def test_the_authors_example_comes_first() -> None:
    schema: Schema = {"type": "object", "properties": {"color": {"examples": ["#00ff00"]}}}

    assert sample(schema) == {"color": "#00ff00"}
    assert sample({**schema, "examples": [{"color": "red"}]}) == {"color": "red"}


def test_optional_fields_are_there_when_asked_for() -> None:
    schema: Schema = {"type": "object", "properties": {"open": {"type": "boolean"}}}

    assert sample(schema) == {}
    assert sample(schema, optional=True) == {"open": True}
    assert sample({"properties": {"never": False}}, optional=True) == {}


def test_names_are_hints() -> None:
    text: Schema = {"type": "string"}

    assert sample(text, "name") == "ann"
    assert sample({"type": "string", "maxLength": 2}, "name") == "an"
    assert sample(text, "token") == "token"
    assert sample(text) == "text"
    assert sample({"type": "integer"}, "room_id") == 42
    assert sample({"type": "array", "items": text}, "names") == ["ann"]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (True, "text"),
        ({}, "text"),
        ({"const": None}, None),
        ({"enum": [None, "a"]}, "a"),
        ({"enum": [None]}, None),
        ({"type": ["null", "integer"]}, 1),
        ({"type": ["null"]}, None),
        ({"type": "boolean", "default": False}, False),
        ({"type": "integer", "default": 50}, 50),
        ({"type": "integer", "default": 5, "maximum": 3}, 1),
        ({"type": "integer", "maximum": -3}, -3),
        ({"type": "integer", "minimum": 7, "multipleOf": 5}, 10),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5}, 0.005),
        ({"type": "string", "format": "uuid7"}, "01234567-89ab-7def-8123-456789abcdef"),
        ({"type": "string", "pattern": "^a$", "maxLength": 3}, "a"),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, 1),
        ({"oneOf": [False, {"type": "null"}]}, None),
        ({"properties": {"a": True}, "required": ["a"]}, {"a": "text"}),
        ({"items": {"type": "integer"}}, [1]),
        ({"pattern": "^b+$"}, "b"),
        ({"type": "array", "maxItems": 0}, []),
        ({"type": "array", "items": False}, []),
        ({"type": "array", "items": {"$ref": "#/schemas/Gone"}}, []),
        ({"type": "array", "prefixItems": [{"const": 1}], "minItems": 1}, [1]),
        ({"type": "array", "uniqueItems": True, "minItems": 2, "items": {"enum": [1, 2]}}, [1, 2]),
        (
            {"type": "array", "uniqueItems": True, "minItems": 2, "items": {"type": "boolean"}},
            [True, False],
        ),
        (
            {"type": "array", "uniqueItems": True, "minItems": 2, "items": {"type": "integer"}},
            [1, 0],
        ),
        (
            {"allOf": [{"properties": {"a": True}, "required": ["a"]}], "required": ["b"]}
            | {"properties": {"b": {"const": 1}}},
            {"b": 1, "a": "text"},
        ),
        (
            {"type": "object", "propertyNames": {"enum": ["x"]}, "additionalProperties": True},
            {"x": "text"},
        ),
        ({"type": "object", "propertyNames": True, "additionalProperties": True}, {"key": "text"}),
        ({"type": "object", "properties": {"a": False}}, {}),
        ({"type": "object", "patternProperties": {"^k[0-9]$": {"const": 1}}}, {"k0": 1}),
        (
            {"type": "object", "propertyNames": {"maxLength": 1}, "additionalProperties": True},
            {"k": "text"},
        ),
    ],
)
def test_a_sample_is_small(schema: JsonValue, value: JsonValue) -> None:
    assert sample({"allOf": [schema]}) == value
    assert sample({"items": schema, "minItems": 1, "type": "array"}) == [value]


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": []},
        {"anyOf": [False]},
        {"type": "array", "uniqueItems": True, "minItems": 3, "items": {"enum": [1, 2]}},
        {"type": "array", "uniqueItems": True, "minItems": 3, "items": {"type": "boolean"}},
        {"type": "number", "exclusiveMinimum": 0, "maximum": 0.5, "multipleOf": 0.6},
        {"$ref": "#/schemas/Gone"},
        {"type": "integer", "minimum": 1, "maximum": 0},
        {"type": "string", "pattern": "^(?=b)a$"},
        {"type": "string", "maxLength": -1},
        {"type": "array", "items": False, "minItems": 1},
        {"type": "array", "items": {"$ref": "#/schemas/Gone"}, "minItems": 1},
        {"type": "array", "uniqueItems": True, "minItems": 2, "items": {"const": 1}},
        {"type": "array", "uniqueItems": True, "minItems": 2, "items": True},
        {"type": "array", "uniqueItems": True, "minItems": 2, "items": {"type": "null"}},
        {
            "type": "array",
            "uniqueItems": True,
            "minItems": 2,
            "items": {"const": 1, "type": "string", "maxLength": 0},
        },
        {
            "type": "object",
            "minProperties": 30,
            "propertyNames": {"maxLength": 1},
            "additionalProperties": True,
        },
        {"type": "object", "properties": {"a": False}, "required": ["a"]},
        {"type": "object", "minProperties": 1, "additionalProperties": False},
    ],
)
def test_where_nothing_is_thought_of_it_is_null(schema: Schema) -> None:
    assert sample(schema) is None


def test_what_has_no_end_is_null() -> None:
    endless: Schema = {"properties": {"next": {"$ref": "#/schemas/Endless"}}, "required": ["next"]}

    assert Samples({"Endless": endless}).named("#/schemas/Endless") is None


def test_references_side_by_side_are_followed() -> None:
    schemas: dict[str, Schema] = {"A": {"properties": {"a": {"const": 1}}, "required": ["a"]}}
    several: Schema = {
        "type": "array",
        "uniqueItems": True,
        "minItems": 2,
        "items": {"$ref": "#/schemas/B"},
    }

    assert Samples(schemas).value({"allOf": [{"$ref": "#/schemas/A"}]}) == {"a": 1}
    assert Samples({"B": {"enum": ["x", "y"]}}).value(several) == ["x", "y"]

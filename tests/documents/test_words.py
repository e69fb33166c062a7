"""A schema in words: what a person has to know to write a value of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from channelkit.contract.form import Binary, Empty, Json, Model
from channelkit.documents.words import (
    FieldWords,
    Word,
    field_words,
    inline,
    name_of,
    payload_words,
    plain,
    schema_words,
)

from .models import models

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from channelkit.contract.form import Payload, Schema

SCHEMAS: dict[str, Schema] = {
    "Size": {"type": "object", "properties": {"width": {"type": "integer"}}},
    "Color": {"enum": ["red", "green", "blue"], "type": "string"},
    "Tree": {"type": "array", "items": {"$ref": "#/schemas/Tree"}},
}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (True, "any JSON"),
        (False, "nothing"),
        ({}, "any JSON"),
        ({"type": "null"}, "null"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"type": "string", "minLength": 1, "maxLength": 20}, "string, 1\u201320 characters"),
        ({"type": "string", "minLength": 1}, "string, at least 1 character"),
        ({"type": "string", "minLength": 0, "maxLength": 1}, "string, at most 1 character"),
        ({"type": "string", "minLength": 8, "maxLength": 8}, "string, 8 characters"),
        ({"type": "string", "pattern": "^a$"}, "string, matches ^a$"),
        ({"type": "string", "format": "date-time"}, "date and time (ISO 8601)"),
        ({"type": "string", "format": "isbn"}, "isbn"),
        ({"type": "integer", "minimum": 0}, "integer, 0 or more"),
        ({"type": "integer", "maximum": 9}, "integer, 9 or less"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "integer, 1 to 9"),
        (
            {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
            "number, more than 0, less than 1",
        ),
        ({"type": "integer", "multipleOf": 5}, "integer, a multiple of 5"),
        ({"const": "a"}, '"a"'),
        ({"enum": [1, None]}, "1 or null"),
        ({"$ref": "#/schemas/Color"}, '"red", "green" or "blue"'),
        ({"$ref": "#/schemas/Size"}, "Size"),
        ({"$ref": "#/schemas/Gone"}, "Gone"),
        ({"$ref": "#/schemas/Tree"}, "list of Tree"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "string or integer"),
        ({"allOf": [{"$ref": "#/schemas/Size"}, {"type": "object"}]}, "Size and object"),
        ({"type": "array", "items": {"$ref": "#/schemas/Size"}}, "list of Size"),
        ({"type": "array"}, "list of any JSON"),
        (
            {"type": "array", "items": {"type": "string", "maxLength": 3}, "maxItems": 9},
            "list of (string, at most 3 characters), at most 9 items",
        ),
        (
            {"type": "array", "uniqueItems": True, "items": {"type": "integer"}},
            "list of different integer",
        ),
        (
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
            "list of exactly integer, then string",
        ),
        ({"type": "object"}, "object"),
        ({"type": "object", "additionalProperties": False}, "object, no other fields"),
        ({"type": "object", "properties": {"a": True}}, "object"),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1},
            "object of integer, at least 1 key",
        ),
        (
            {"type": "object", "patternProperties": {"^k": {"type": "integer"}}},
            "object with keys that match ^k of integer",
        ),
    ],
)
def test_a_schema_is_told_in_words(schema: JsonValue, words: str) -> None:
    assert plain(schema_words(schema, SCHEMAS)) == words


def test_names_are_marked_as_code_and_references_as_something_to_link_to() -> None:
    assert schema_words({"type": "array", "items": {"$ref": "#/schemas/Size"}}, SCHEMAS) == (
        Word("list of "),
        Word("Size", code=True, ref="Size"),
    )
    assert schema_words({"const": 1}, SCHEMAS) == (Word("1", code=True),)


def test_the_fields_of_an_object_are_told_one_by_one() -> None:
    schema: Schema = {
        "type": "object",
        "properties": {
            "body": {"type": "string", "description": "What is said.", "examples": ["hi"]},
            "pin": {"type": "string", "writeOnly": True, "default": "0000", "deprecated": True},
            "any": True,
        },
        "required": ["body"],
    }

    body, pin, anything = field_words(schema, {})

    assert body == FieldWords(
        name="body",
        type=(Word("string"),),
        required=True,
        default=None,
        description="What is said.",
        examples=('"hi"',),
        secret=False,
        deprecated=False,
    )
    assert (pin.required, pin.default, pin.secret, pin.deprecated) == (False, '"0000"', True, True)
    assert plain(anything.type) == "any JSON"
    assert field_words({"type": "string"}, {}) == ()


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (Model(ref="#/schemas/Size"), Word("Size", code=True, ref="Size")),
        (Json(), Word("any JSON, or binary")),
        (Binary(), Word("binary")),
        (Empty(), Word("{}", code=True)),
    ],
)
def test_a_payload_is_told_by_its_kind(payload: Payload, words: Word) -> None:
    assert payload_words(payload) == (words,)


def test_what_is_no_object_is_told_in_place() -> None:
    assert inline(SCHEMAS["Color"])
    assert not inline(SCHEMAS["Size"])
    assert name_of("#/schemas/Size") == "Size"


@given(models)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_field_has_words(model: type[BaseModel]) -> None:
    schema = model.model_json_schema(ref_template="#/schemas/{model}")

    fields = field_words(schema, schema.get("$defs", {}))

    assert [field.name for field in fields] == list(model.model_fields)
    assert all(plain(field.type).strip() for field in fields)

"""JSON Schemas, read as a tree of types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit import Message
from channelkit.codegen.reading import read_definitions, read_type
from channelkit.codegen.types import (
    Anything,
    Array,
    Boolean,
    Definition,
    Dictionary,
    Field,
    Literals,
    Notes,
    Nothing,
    Null,
    Number,
    Reference,
    Structure,
    Text,
    Tuple,
    Type,
    Union,
    inner,
    reachable,
)
from channelkit.contract.schemas import Schemas

from .models import MODELS, Everything

if TYPE_CHECKING:
    from pydantic import JsonValue

    from channelkit.contract.schemas import Mode

WHOLE, NUMBER, TEXT = Number(whole=True), Number(), Text()


TYPES: list[tuple[JsonValue, Type]] = [
    ({}, Anything()),
    (True, Anything()),
    ({"title": "Any"}, Anything()),
    (False, Nothing()),
    ({"type": "null"}, Null()),
    ({"type": "boolean"}, Boolean()),
    ({"type": "integer"}, WHOLE),
    (
        {"type": "number", "maximum": 9, "minimum": 0.5},
        Number(bounds=(("maximum", 9), ("minimum", 0.5))),
    ),
    ({"type": "string", "format": "uuid"}, Text(format="uuid")),
    (
        {"type": "string", "pattern": "^a", "maxLength": 3},
        Text(bounds=(("maxLength", 3), ("pattern", "^a"))),
    ),
    ({"type": ["string", "null"]}, Union(arms=(TEXT, Null()))),
    ({"type": "something"}, Anything()),
    ({"type": 3}, Anything()),
    # Values.
    ({"const": "a", "type": "string"}, Literals(("a",))),
    ({"const": None}, Null()),
    ({"enum": [1, "a", None, True]}, Union(arms=(Literals((1, "a", True)), Null()))),
    ({"enum": []}, Nothing()),
    (
        {"const": [1, [None]]},
        Tuple(items=(Literals((1,)), Tuple(items=(Null(),), least=1)), least=2),
    ),
    (
        {"const": {"a": 1}},
        Structure(fields=(Field(name="a", type=Literals((1,)), required=True),), closed=True),
    ),
    # Lists.
    ({"type": "array"}, Array(items=Anything())),
    (
        {"type": "array", "items": {"type": "integer"}, "maxItems": 3, "uniqueItems": True},
        Array(items=WHOLE, bounds=(("maxItems", 3), ("uniqueItems", True))),
    ),
    ({"type": "array", "maxItems": 0}, Tuple(items=(), least=0)),
    ({"type": "array", "items": False}, Tuple(items=(), least=0)),
    (
        {
            "type": "array",
            "prefixItems": [{"type": "integer"}, {}],
            "minItems": 1,
            "maxItems": 2,
        },
        Tuple(items=(WHOLE, Anything()), least=1),
    ),
    (
        {"type": "array", "prefixItems": [{"type": "integer"}], "minItems": 4},
        Tuple(items=(WHOLE,), least=1, rest=Anything()),
    ),
    (
        {"type": "array", "prefixItems": [{}], "items": {"type": "string"}},
        Tuple(items=(Anything(),), least=0, rest=TEXT),
    ),
    # Objects.
    ({"type": "object"}, Structure(fields=())),
    ({"type": "object", "additionalProperties": False}, Structure(fields=(), closed=True)),
    ({"type": "object", "additionalProperties": True}, Dictionary(values=Anything())),
    (
        {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1},
        Dictionary(values=WHOLE, bounds=(("minProperties", 1),)),
    ),
    (
        {"type": "object", "additionalProperties": {}, "propertyNames": {"enum": ["a"]}},
        Dictionary(keys=Literals(("a",)), values=Anything()),
    ),
    (
        {"type": "object", "additionalProperties": {}, "propertyNames": {"minLength": 1}},
        Dictionary(values=Anything()),
    ),
    (
        {
            "type": "object",
            "patternProperties": {"^a": {"type": "integer"}, "^b": {"type": "string"}},
            "additionalProperties": False,
        },
        Dictionary(values=Union(arms=(WHOLE, TEXT))),
    ),
    (
        {
            "type": "object",
            "properties": {"a": {"type": "integer"}},
            "additionalProperties": {},
        },
        Structure(fields=(Field(name="a", type=WHOLE, required=False),), extra=Anything()),
    ),
    (
        {"type": "object", "required": ["a", 3]},
        Structure(fields=(Field(name="a", type=Anything(), required=True),)),
    ),
    (
        {
            "type": "object",
            "properties": {
                "a": {
                    "type": "integer",
                    "default": None,
                    "title": "A",
                    "description": "It.",
                    "deprecated": True,
                    "writeOnly": True,
                    "examples": [1, "é"],
                }
            },
        },
        Structure(
            fields=(
                Field(
                    name="a",
                    type=WHOLE,
                    required=False,
                    default="null",
                    notes=Notes(
                        title="A",
                        description="It.",
                        deprecated=True,
                        secret=True,
                        examples=("1", '"é"'),
                    ),
                ),
            )
        ),
    ),
    # Unions.
    ({"anyOf": [{"type": "integer"}]}, WHOLE),
    ({"anyOf": []}, Nothing()),
    ({"anyOf": [{"type": "integer"}, {}]}, Anything()),
    ({"anyOf": [{"type": "integer"}, False, {"type": "integer"}]}, WHOLE),
    (
        {"anyOf": [{"const": 1}, {"const": True}]},
        Union(arms=(Literals((1,)), Literals((True,)))),
    ),
    (
        {"anyOf": [{"type": "integer"}, {"oneOf": [{"type": "string"}, {"type": "null"}]}]},
        Union(arms=(WHOLE, TEXT, Null())),
    ),
    (
        {
            "oneOf": [{"type": "string"}, {"type": "null"}],
            "discriminator": {"propertyName": "a"},
        },
        Union(arms=(TEXT, Null()), discriminator="a"),
    ),
    ({"allOf": [{"type": "integer"}]}, WHOLE),
    ({"allOf": [{"type": "integer"}, {"maximum": 3}]}, Anything()),
    # References.
    ({"$ref": "#/schemas/Known", "description": "It."}, Reference("Known")),
    ({"$ref": "#/schemas/a~1b~0c"}, Reference("a/b~c")),
    ({"$ref": "#/schemas/Unknown"}, Anything()),
    ({"$ref": "https://example.org/schema"}, Anything()),
    ({"$ref": 3}, Anything()),
    ({"$ref": "#/$defs/A", "$defs": {"A": {"type": "integer"}}}, WHOLE),
    (
        {
            "$ref": "#/$defs/A",
            "$defs": {"A": {"type": "array", "items": {"$ref": "#/$defs/A"}}},
        },
        Array(items=Anything()),
    ),
    # What is not understood.
    ({"$ref": "#/schemas/Known", "type": "object"}, Anything()),
    ({"anyOf": [{"type": "integer"}], "type": "integer"}, Anything()),
    ({"anyOf": 3}, Nothing()),
    ("nonsense", Anything()),
]


@pytest.mark.parametrize(("schema", "kind"), TYPES)
def test_a_schema_is_read_as_a_type(schema: JsonValue, kind: Type) -> None:
    assert repr(read_type(schema, {"Known", "a/b~c"})) == repr(kind)


def test_definitions_keep_their_names_and_what_is_told_of_them() -> None:
    schemas: dict[str, Any] = {
        "b.Msg": {"type": "object", "title": "Msg", "description": "One."},
        "A": {"$ref": "#/schemas/b.Msg"},
    }

    assert list(read_definitions(schemas).values()) == [
        Definition(
            name="b.Msg", type=Structure(fields=()), notes=Notes(title="Msg", description="One.")
        ),
        Definition(name="A", type=Reference("b.Msg")),
    ]


def test_a_definition_that_is_nothing_but_itself_is_anything() -> None:
    schemas: dict[str, Any] = {
        "A": {"anyOf": [{"$ref": "#/schemas/B"}, {"$ref": "#/schemas/C"}]},
        "B": {"$ref": "#/schemas/A"},
        "C": {"anyOf": [{"type": "array", "items": {"$ref": "#/schemas/C"}}, {"type": "null"}]},
        "D": {"anyOf": [{"$ref": "#/schemas/C"}, {"$ref": "#/schemas/E"}]},
        "E": {"anyOf": [{"$ref": "#/schemas/C"}, {"type": "string"}]},
    }

    found = {name: definition.type for name, definition in read_definitions(schemas).items()}

    assert found == {
        "A": Anything(),
        "B": Reference("A"),
        "C": Union(arms=(Array(items=Reference("C")), Null())),
        "D": Union(arms=(Reference("C"), Reference("E"))),
        "E": Union(arms=(Reference("C"), TEXT)),
    }


def test_what_a_definition_is_made_of_is_found_however_deep() -> None:
    made = Structure(
        fields=(Field(name="a", type=Array(items=Reference("B")), required=True),),
        extra=Dictionary(
            keys=Reference("C"), values=Tuple(items=(TEXT,), least=1, rest=Reference("D"))
        ),
    )
    types: dict[str, Type] = {
        "A": made,
        "B": Union(arms=(Reference("A"), Null())),
        "C": TEXT,
        "D": Tuple(items=(), least=0),
        "E": Structure(fields=()),
    }
    definitions = {name: Definition(name=name, type=kind) for name, kind in types.items()}

    assert reachable(["A"], definitions) == {"A", "B", "C", "D"}
    assert reachable(["E"], definitions) == {"E"}


# Properties.


def schemas_of(*models: type[Message]) -> Schemas:
    modes: tuple[Mode, ...] = ("validation", "serialization")
    return Schemas([(model, mode) for model in models for mode in modes])


def all_of(kind: Type) -> list[Type]:
    return [kind, *(deeper for one in inner(kind) for deeper in all_of(one))]


def test_everything_that_pydantic_has_a_schema_for_is_understood() -> None:
    """Only what is left open is any JSON."""
    schemas = schemas_of(Everything)
    definitions = read_definitions(schemas.schemas)

    given = definitions[schemas.ref(Everything, "validation").removeprefix("#/schemas/")].type
    written = definitions[schemas.ref(Everything, "serialization").removeprefix("#/schemas/")].type
    assert isinstance(given, Structure)
    assert isinstance(written, Structure)
    open_ones = [field.name for field in given.fields if Anything() in all_of(field.type)]
    assert open_ones == ["anything"]
    assert definitions["JsonValue"].type == Anything()
    assert {field.name for field in given.fields if not field.required} == {
        "null", "maybe", "numbers", "text", "odd-name: */"
    }  # fmt: skip
    assert all(field.required for field in written.fields)


@given(st.lists(MODELS, min_size=1, max_size=2))
def test_the_schemas_of_every_model_can_be_read(models: list[type[Message]]) -> None:
    schemas = schemas_of(*models)

    definitions = read_definitions(schemas.schemas)

    assert reachable(definitions, definitions) == set(definitions)
    for model in models:
        name = schemas.ref(model, "serialization").removeprefix("#/schemas/")
        kind = definitions[name].type
        assert isinstance(kind, Structure)
        assert all(field.required for field in kind.fields)


OF_TYPES = ["$ref", "$defs", "allOf", "anyOf", "oneOf", "const", "enum", "type", "format", "A"]
OF_LISTS = ["items", "prefixItems", "minItems", "maxItems", "default", "title", "examples"]
OF_OBJECTS = ["properties", "required", "additionalProperties", "patternProperties"]
KEYWORDS = st.sampled_from([*OF_TYPES, *OF_LISTS, *OF_OBJECTS, "propertyNames", "discriminator"])
WORDS = st.sampled_from(["object", "array", "string", "integer", "#/schemas/A", "#/$defs/A", "A"])
ODD: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(KEYWORDS, ODD), ODD)
def test_no_schema_however_odd_is_beyond_reading(odd: dict[str, Any], other: Any) -> None:
    definitions = read_definitions(cast("Any", {"A": odd, "B": {"anyOf": [other]}}))

    reachable(definitions, definitions)
    for definition in definitions.values():
        all_of(definition.type)

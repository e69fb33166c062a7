"""One schema → its annotation and its default in Python."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from channelkit.codegen.python.annotations import Types
from channelkit.codegen.python.defaults import Defaults
from channelkit.codegen.python.naming import Imports
from channelkit.codegen.python.text import flat, value
from channelkit.codegen.reading import read_definitions, read_type

if TYPE_CHECKING:
    from channelkit.contract.form import Schema

KIND: dict[str, Any] = {"type": "object", "required": ["kind"]}
SCHEMAS: dict[str, Schema] = {
    "Size": {"type": "object", "properties": {"width": {"type": "integer"}}},
    "Cat": {**KIND, "properties": {"kind": {"const": "cat"}, "class": {"const": "a"}}},
    "Dog": {**KIND, "properties": {"kind": {"const": "dog"}, "class": {"const": "b"}}},
    "Name": {"type": "string"},
    "Other": {"$ref": "#/schemas/Name"},
    "Tree": {"anyOf": [{"type": "array", "items": {"$ref": "#/schemas/Tree"}}, {"type": "null"}]},
}
DEFINITIONS = read_definitions(SCHEMAS)
CLASSES = {name: name for name in DEFINITIONS}
ANY: Schema = {}
NONE: list[str] = []
OBJECTS: Any = [{}]
AHEAD = "^(?=a)b$"


def ref(name: str) -> Schema:
    return {"$ref": f"#/schemas/{name}"}


def annotation(schema: Schema) -> str:
    types = Types(DEFINITIONS, CLASSES, Imports(CLASSES))
    return flat(types.of(read_type(schema, CLASSES)))


def default(schema: Schema, given: object) -> str | None:
    defaults = Defaults(DEFINITIONS, CLASSES, Imports(CLASSES))
    found = defaults.of(read_type(schema, CLASSES), json.loads(json.dumps(given)))
    return None if found is None else flat(found)


def arms(*schemas: Any) -> Schema:
    return {"anyOf": [*schemas]}


def text(**more: Any) -> Schema:
    return {"type": "string", **more}


def items(kind: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": kind, **more}


INTEGER: Schema = {"type": "integer"}
NULL: Schema = {"type": "null"}
PETS: Schema = {
    "oneOf": [ref("Cat"), ref("Dog")],
    "discriminator": {"propertyName": "kind", "mapping": {}},
}
EXTRA = "Field(json_schema_extra="


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (ANY, "JsonValue"),
        (NULL, "None"),
        ({"type": "boolean"}, "bool"),
        ({"not": {}}, "JsonValue"),
        (INTEGER, "int"),
        ({"type": "number", "exclusiveMinimum": 0}, "Annotated[float, Field(gt=0)]"),
        (text(), "str"),
        (text(minLength=1, maxLength=2), "Annotated[str, Field(max_length=2, min_length=1)]"),
        (text(pattern=AHEAD), f'Annotated[str, {EXTRA}{{"pattern": "{AHEAD}"}})]'),
        (text(format="uri"), f'Annotated[str, {EXTRA}{{"format": "uri"}})]'),
        (text(format="date-time"), "dt.datetime"),
        (text(format="duration"), "dt.timedelta"),
        (text(format="uuid"), "UUID"),
        (text(format="binary", maxLength=9), "Annotated[bytes, Field(max_length=9)]"),
        (text(format="decimal"), "Decimal"),
        ({"enum": ["a", 1, True, None]}, 'Literal["a", 1, True] | None'),
        ({"enum": ["a", 0.5]}, 'Literal["a"] | float'),
        ({"enum": [0.5, 1.5]}, "float"),
        (items(text()), "list[str]"),
        (items(INTEGER, uniqueItems=True), "set[int]"),
        (items(ref("Name"), uniqueItems=True), "set[Name]"),
        (
            items(ref("Other"), uniqueItems=True),
            f'Annotated[list[Other], {EXTRA}{{"uniqueItems": True}})]',
        ),
        (
            items(ref("Size"), uniqueItems=True, minItems=1),
            'Annotated[list[Size], Field(min_length=1, json_schema_extra={"uniqueItems": True})]',
        ),
        ({"type": "array", "maxItems": 0}, "tuple[()]"),
        (
            {"type": "array", "prefixItems": [INTEGER, text()], "minItems": 2, "maxItems": 2},
            "tuple[int, str]",
        ),
        (
            {"type": "array", "prefixItems": [INTEGER, text()], "minItems": 1, "maxItems": 2},
            "tuple[int] | tuple[int, str]",
        ),
        ({"type": "array", "prefixItems": [INTEGER], "maxItems": 1}, "tuple[()] | tuple[int]"),
        (
            {"type": "array", "prefixItems": [INTEGER] * 4, "maxItems": 4},
            "Annotated[list[int], Field(max_length=4)]",
        ),
        (
            {"type": "array", "prefixItems": [INTEGER], "items": text(), "minItems": 1},
            "Annotated[list[int | str], Field(min_length=1)]",
        ),
        ({"type": "object", "properties": {"a": INTEGER}}, "dict[str, JsonValue]"),
        (
            {"type": "object", "additionalProperties": INTEGER, "maxProperties": 3},
            "Annotated[dict[str, int], Field(max_length=3)]",
        ),
        (arms(INTEGER, NULL, text()), "int | str | None"),
        (arms(text(format="date"), text(format="uuid")), "dt.date | UUID"),
        (
            arms(text(format="uri"), text(format="uri")),
            f'Annotated[str, {EXTRA}{{"format": "uri"}})]',
        ),
        (PETS, 'Annotated[Cat | Dog, Field(discriminator="kind")]'),
        (arms(PETS, NULL), 'Annotated[Cat | Dog, Field(discriminator="kind")] | None'),
        ({**PETS, "discriminator": {"propertyName": "class"}}, "Cat | Dog"),
        ({**PETS, "oneOf": [ref("Cat"), ref("Name")]}, "Cat | Name"),
        ({**PETS, "oneOf": [ref("Cat"), INTEGER]}, "Cat | int"),
        ({**PETS, "oneOf": [ref("Cat"), ref("Size")]}, "Cat | Size"),
        (ref("Size"), "Size"),
        (items({"type": "string", "minLength": 1}), "list[Annotated[str, Field(min_length=1)]]"),
    ],
)
def test_a_schema_has_an_annotation(schema: Schema, expected: str) -> None:
    assert annotation(schema) == expected


def test_what_no_value_fits_is_never() -> None:
    types = Types(DEFINITIONS, CLASSES, Imports(CLASSES))

    assert flat(types.of(read_type(False))) == "Never"


@pytest.mark.parametrize(
    ("schema", "given", "expected"),
    [
        (NULL, None, "None"),
        (INTEGER, 1, "1"),
        (INTEGER, 1.5, None),
        (INTEGER, True, None),
        ({"type": "number"}, 1.5, "1.5"),
        ({"type": "boolean"}, False, "False"),
        (text(), "a", '"a"'),
        (text(), None, None),
        (text(format="uri"), "a:b", '"a:b"'),
        (text(format="binary"), "\x00a", r'b"\x00a"'),
        (text(format="binary"), "ä", None),
        (text(format="date"), "2026-01-02", 'dt.date.fromisoformat("2026-01-02")'),
        (text(format="date"), "today", None),
        (text(format="uuid"), "0" * 32, f'UUID("{"0" * 32}")'),
        (text(format="uuid"), "none", None),
        (text(format="duration"), "PT1H", "dt.timedelta(seconds=3600)"),
        (text(format="duration"), "P1DT0.5S", "dt.timedelta(days=1, microseconds=500000)"),
        (text(format="duration"), "PT0S", "dt.timedelta(seconds=0)"),
        (text(format="duration"), "soon", None),
        (text(format="decimal"), "1.50", 'Decimal("1.50")'),
        (text(format="decimal"), "much", None),
        ({"enum": ["a", 1]}, 1, "1"),
        ({"enum": ["a", 1]}, True, None),
        ({"enum": ["a", 1]}, "b", None),
        (ANY, "a", '"a"'),
        (ANY, [1], None),
        (items(INTEGER), [1, 2], "Field(default=[1, 2])"),
        (items(text(format="uuid")), ["0" * 32], None),
        (items(ref("Size")), OBJECTS, None),
        (items(ref("Size")), NONE, "Field(default=[])"),
        (items(INTEGER, uniqueItems=True), [1], None),
        ({"type": "object", "additionalProperties": INTEGER}, {"a": 1}, 'Field(default={"a": 1})'),
        ({"type": "array", "prefixItems": [INTEGER], "minItems": 1, "maxItems": 1}, [1], "(1,)"),
        (
            {"type": "array", "prefixItems": [ref("Size")], "minItems": 1, "maxItems": 1},
            OBJECTS,
            None,
        ),
        (arms(INTEGER, text()), "a", '"a"'),
        (arms(INTEGER, text()), None, None),
        (ref("Name"), "ann", '"ann"'),
        (ref("Other"), "ann", None),
        (ref("Tree"), None, None),
        (ref("Size"), 1, None),
        (
            ref("Size"),
            {"width": 1},
            'Field(default_factory=lambda: Size.model_validate({"width": 1}), '
            'json_schema_extra={"default": {"width": 1}})',
        ),
    ],
)
def test_a_default_is_said_where_python_can(
    schema: Schema, given: object, expected: str | None
) -> None:
    assert default(schema, given) == expected


def test_what_only_the_schema_tells_stands_in_one_field() -> None:
    types = Types(DEFINITIONS, CLASSES, Imports(CLASSES))
    uri = types.of(read_type(text(format="uri")))

    told = types.annotated(uri, json_schema_extra=value({"default": 1}), alias=value("a"))

    assert flat(told) == (
        'Annotated[str, Field(json_schema_extra={"format": "uri", "default": 1}, alias="a")]'
    )

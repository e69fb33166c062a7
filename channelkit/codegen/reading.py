"""JSON Schemas → the tree of types. Pure.

Reading never fails: what is not understood becomes `Anything`, which is always
right, only less exact. Constraints that no type can say stay as bounds.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final, final

from .types import (
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
    Union,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pydantic import JsonValue

    from ..contract.form import Schema
    from .types import Bounds, Definitions, Type

__all__ = ["read_definitions", "read_type"]

PREFIXES: Final = ("#/schemas/", "#/$defs/")

# Keywords that decide by themselves what a value is. Two of them in one schema are an
# intersection, which is not understood, unless it is told below.
SHAPES: Final = frozenset(
    {"$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "const", "enum", "type"}
)
BOUNDS: Final = {
    "number": ("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"),
    "string": ("maxLength", "minLength", "pattern"),
    "array": ("maxItems", "minItems", "uniqueItems"),
    "object": ("maxProperties", "minProperties"),
}


def read_definitions(schemas: Mapping[str, Schema]) -> dict[str, Definition]:
    """The types of a contract's schemas, under the same names in the same order."""
    reader = _Reader(schemas, {})
    read = {
        name: Definition(name=name, type=reader.type(schema), notes=_notes(schema))
        for name, schema in schemas.items()
    }
    for name in read:
        if _is_itself(name, read):
            read[name] = replace(read[name], type=Anything())
    return read


def read_type(schema: JsonValue, names: Collection[str] = ()) -> Type:
    """The type that one schema describes, as that of a topic's parameter.

    Args:
        names: What its references may lead to; its own ``$defs`` are put in their place.
    """
    return _Reader(names, _schema(_schema(schema).get("$defs"))).type(schema)


@final
class _Reader:
    """Reads schemas.

    Args:
        names: What references may lead to.
        local: Schemas whose types stand where they are referred to.
    """

    def __init__(self, names: Collection[str], local: Mapping[str, JsonValue]) -> None:
        self._names = names
        self._local = local
        self._open: set[str] = set()

    def type(self, value: JsonValue) -> Type:
        if value is False:
            return Nothing()
        schema = _schema(value)
        match sorted(SHAPES & schema.keys()):
            case ["$ref"]:
                return self._reference(schema["$ref"])
            case ["anyOf"] | ["oneOf"] as keyword:
                return self._union(schema, schema[keyword[0]])
            case ["allOf"]:
                parts = _list(schema["allOf"])
                return self.type(parts[0]) if len(parts) == 1 else Anything()
            case ["const"] | ["const", "type"]:
                return self._values([schema["const"]])
            case ["enum"] | ["enum", "type"]:
                return self._values(_list(schema["enum"]))
            case ["type"]:
                return self._typed(schema, schema["type"])
            case _:
                return Anything()

    def _reference(self, ref: JsonValue) -> Type:
        text = ref if isinstance(ref, str) else ""
        prefix = next((prefix for prefix in PREFIXES if text.startswith(prefix)), text)
        name = text.removeprefix(prefix).replace("~1", "/").replace("~0", "~")
        if name in self._local and name not in self._open:
            self._open.add(name)
            kind = self.type(self._local[name])
            self._open.discard(name)
            return kind
        return Reference(name) if name in self._names else Anything()

    def _union(self, schema: Schema, arms: JsonValue) -> Type:
        told = _schema(schema.get("discriminator")).get("propertyName")
        return _joined(
            [self.type(arm) for arm in _list(arms)], told if isinstance(told, str) else None
        )

    def _values(self, values: list[JsonValue]) -> Type:
        scalars = [value for value in values if isinstance(value, (str, int, float))]
        whole = [
            self._constant(value) for value in values if not isinstance(value, (str, int, float))
        ]
        literals = [Literals(tuple(scalars))] if scalars else []
        return _joined([*literals, *whole])

    def _constant(self, value: JsonValue) -> Type:
        """The type of one value alone that is no scalar."""
        match value:
            case list():
                items = tuple(self._values([item]) for item in value)
                return Tuple(items=items, least=len(items))
            case dict():
                fields = [
                    Field(name=name, type=self._values([item]), required=True)
                    for name, item in value.items()
                ]
                return Structure(fields=tuple(fields), closed=True)
            case _:
                return Null()

    def _typed(self, schema: Schema, name: JsonValue) -> Type:
        match name:
            case list():
                return _joined([self._typed(schema, one) for one in name])
            case "null":
                return Null()
            case "boolean":
                return Boolean()
            case "integer" | "number":
                return Number(whole=name == "integer", bounds=_bounds(schema, "number"))
            case "string":
                form = schema.get("format")
                bounds = _bounds(schema, "string")
                return Text(format=form if isinstance(form, str) else None, bounds=bounds)
            case "array":
                return self._array(schema)
            case "object":
                return self._object(schema)
            case _:
                return Anything()

    def _array(self, schema: Schema) -> Type:
        most, rest = schema.get("maxItems"), schema.get("items", True)
        if "prefixItems" not in schema and (most != 0 and rest is not False):
            return Array(items=self.type(rest), bounds=_bounds(schema, "array"))
        items = tuple(self.type(item) for item in _list(schema.get("prefixItems")))
        ends = rest is False or (isinstance(most, int) and most <= len(items))
        least = schema.get("minItems")
        return Tuple(
            items=items,
            least=min(least, len(items)) if isinstance(least, int) else 0,
            rest=None if ends else self.type(rest),
        )

    def _object(self, schema: Schema) -> Type:
        properties = _schema(schema.get("properties"))
        required = _list(schema.get("required"))
        extra = self._extra(schema)
        if not properties and not required and extra is not None:
            keys = self.type(schema.get("propertyNames", _keys(schema)))
            return Dictionary(
                keys=keys if isinstance(keys, (Text, Literals, Reference)) else Text(),
                values=extra,
                bounds=_bounds(schema, "object"),
            )
        fields = [
            Field(
                name=name,
                type=self.type(value),
                required=name in required,
                default=_json(_schema(value)["default"]) if "default" in _schema(value) else None,
                notes=_notes(value),
            )
            for name, value in properties.items()
        ]
        unnamed = [name for name in required if isinstance(name, str) and name not in properties]
        fields += [Field(name=name, type=Anything(), required=True) for name in unnamed]
        closed = schema.get("additionalProperties") is False and extra is None
        return Structure(fields=tuple(fields), extra=extra, closed=closed)

    def _extra(self, schema: Schema) -> Type | None:
        """The type of the values whose keys have no name of their own."""
        told = [*_schema(schema.get("patternProperties")).values()]
        if schema.get("additionalProperties", False) is not False:
            told.append(schema["additionalProperties"])
        return _joined([self.type(value) for value in told]) if told else None


def _is_itself(name: str, read: Definitions) -> bool:
    """Whether a definition leads back to itself without being anything on the way."""
    seen: set[str] = set()
    waiting = [read[name].type]
    while waiting:
        match waiting.pop():
            case Union(arms=arms):
                waiting += arms
            case Reference(name=other) if other == name:
                return True
            case Reference(name=other) if other not in seen:
                seen.add(other)
                waiting.append(read[other].type)
            case _:
                pass
    return False


def _joined(arms: list[Type], discriminator: str | None = None) -> Type:
    """A union of these, flat, each of them once."""
    flat: dict[str, Type] = {}
    for arm in arms:
        for one in arm.arms if isinstance(arm, Union) else (arm,):
            flat.setdefault(repr(one), one)  # equality takes 1 for true
    kinds = [kind for kind in flat.values() if kind != Nothing()]
    if Anything() in kinds:
        return Anything()
    if len(kinds) < 2:
        return kinds[0] if kinds else Nothing()
    match [arm for arm in arms if arm != Null()]:
        case [Union(discriminator=told)]:  # one that may be null
            discriminator = told
        case _:
            pass
    return Union(arms=tuple(kinds), discriminator=discriminator)


def _notes(value: JsonValue) -> Notes:
    schema = _schema(value)
    title, description = schema.get("title"), schema.get("description")
    return Notes(
        title=title if isinstance(title, str) else "",
        description=description if isinstance(description, str) else "",
        deprecated=schema.get("deprecated") is True,
        secret=schema.get("writeOnly") is True,
        examples=tuple(map(_json, _list(schema.get("examples")))),
    )


def _bounds(schema: Schema, kind: str) -> Bounds:
    told = [(keyword, schema[keyword]) for keyword in BOUNDS[kind] if keyword in schema]
    return tuple(
        (keyword, value) for keyword, value in told if isinstance(value, (str, int, float))
    )


def _keys(schema: Schema) -> Schema:
    """What the keys are where one pattern tells of all of them."""
    patterns = [*_schema(schema.get("patternProperties"))]
    if len(patterns) != 1 or schema.get("additionalProperties", False) is not False:
        return {"type": "string"}
    return {"type": "string", "pattern": patterns[0]}


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def _schema(value: JsonValue) -> Schema:
    """An object where there may be none: then there is nothing in it."""
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []

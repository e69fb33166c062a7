"""A sample value of a JSON Schema: valid, small, the same every time. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar, final

from .scalars import PLAIN, WORDS, count, number, numbers, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic import JsonValue

    from ..contract.form import Schema

__all__ = ["Samples"]

_Object: TypeAlias = "dict[str, JsonValue]"

_Found = TypeVar("_Found")


class _None(Exception):
    """Nothing small fits, or nothing that ends."""


@final
class Samples:
    """Sample values of the schemas of a contract.

    Args:
        schemas: What the references of the schemas lead to, by name.
    """

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas

    def value(self, schema: Schema, name: str = "", *, optional: bool = False) -> JsonValue:
        """A value that the schema accepts, an example of the author's where there is one.

        Where none is found (it needs what a schema cannot say in types, bounds,
        formats and patterns, or never ends) it is null.

        Args:
            name: What it is called: a hint at what it is about.
            optional: Whether fields that may be left out are there, too.
        """
        try:
            return _Sampling(self._schemas, optional=optional).value(schema, name)
        except (_None, RecursionError):
            return None

    def named(self, ref: str, *, optional: bool = False) -> JsonValue:
        """A value of the schema at a reference, ``#/schemas/NewMsg``; see `value`."""
        return self.value({"$ref": ref}, optional=optional)


@final
class _Sampling:
    """One value in the making."""

    def __init__(self, schemas: Mapping[str, Schema], *, optional: bool) -> None:
        self._schemas = schemas
        self._optional = optional
        self._within: list[str] = []

    def value(self, schema: JsonValue, name: str) -> JsonValue:
        if not isinstance(schema, dict):
            if schema is False:
                raise _None
            return WORDS.get(name, PLAIN)
        if "const" in schema:
            return schema["const"]
        examples = schema.get("examples")
        if isinstance(examples, list) and examples:
            return examples[0]
        if "$ref" in schema:
            return self._referred(str(schema["$ref"]), name)
        return self._made(schema, name)

    def _referred(self, ref: str, name: str) -> JsonValue:
        if ref in self._within:
            raise _None
        schema = self._schemas.get(ref.rpartition("/")[2])
        if schema is None:
            raise _None
        self._within.append(ref)
        try:
            return self.value(schema, name)
        finally:
            self._within.pop()

    def _made(self, schema: Schema, name: str) -> JsonValue:
        enum = schema.get("enum")
        if isinstance(enum, list):
            return self._first(enum)
        for word in ("anyOf", "oneOf"):
            arms = schema.get(word)
            if isinstance(arms, list):
                rest = {key: inner for key, inner in schema.items() if key not in (word, "default")}
                return self._any([_merged(rest, arm) for arm in arms if arm is not False], name)
        every = schema.get("allOf")
        if isinstance(every, list):
            rest = {key: inner for key, inner in schema.items() if key != "allOf"}
            return self.value(_merged(rest, *map(self._resolved, every)), name)
        return self._typed(schema, name)

    def _resolved(self, schema: JsonValue) -> JsonValue:
        """What a schema that only refers refers to."""
        if isinstance(schema, dict) and "$ref" in schema:
            return self._schemas.get(str(schema["$ref"]).rpartition("/")[2], {})
        return schema

    @staticmethod
    def _first(values: list[JsonValue]) -> JsonValue:
        for value in values:
            if value is not None:
                return value
        if values:
            return None
        raise _None

    def _any(self, arms: list[Schema], name: str) -> JsonValue:
        """A value of the first arm that has one, null last."""
        for arm in sorted(arms, key=lambda arm: arm.get("type") == "null"):
            try:
                return self.value(arm, name)
            except _None:
                continue
        raise _None

    def _typed(self, schema: Schema, name: str) -> JsonValue:
        match _type(schema):
            case "string":
                return _found(text(schema, name))
            case "integer" | "number" as kind:
                return _found(number(schema, name, whole=kind == "integer"))
            case "boolean":
                default = schema.get("default")
                return default if isinstance(default, bool) else True
            case "null":
                return None
            case "array":
                return self._list(schema, name)
            case "object":
                return self._object(schema)
            case _:
                return WORDS.get(name, PLAIN)

    def _list(self, schema: Schema, name: str) -> JsonValue:
        least, most = count(schema, "minItems"), count(schema, "maxItems")
        places = schema.get("prefixItems")
        made = [self.value(place, "") for place in places] if isinstance(places, list) else []
        items = schema.get("items", not made)
        wanted = max(least or 0, min(1, 1 if most is None else most)) - len(made)
        if wanted <= 0:
            return made
        try:
            if schema.get("uniqueItems"):
                return [*made, *self._different(items, name, wanted)]
            return [*made, *[self.value(items, name.removesuffix("s"))] * wanted]
        except _None:
            if len(made) >= (least or 0):
                return made
            raise

    def _different(self, items: JsonValue, name: str, wanted: int) -> list[JsonValue]:
        found: list[JsonValue] = []
        for value in self._several(items, name):
            if value not in found:
                found.append(value)
            if len(found) == wanted:
                return found
        raise _None

    def _several(self, items: JsonValue, name: str) -> Iterator[JsonValue]:
        """Several values of a schema, as far as they are easily told."""
        schema = self._resolved(items)
        yield self.value(items, name.removesuffix("s"))
        if not isinstance(schema, dict) or "const" in schema:
            return
        kind, enum = _type(schema), schema.get("enum")
        if isinstance(enum, list):
            yield from enum
        elif kind == "boolean":
            yield from (True, False)
        elif kind in ("integer", "number"):
            yield from numbers(schema, whole=kind == "integer")
        elif kind == "string" and "format" not in schema:
            yield from texts(schema)

    def _object(self, schema: Schema) -> JsonValue:
        made: _Object = {}
        required = schema.get("required")
        needed = required if isinstance(required, list) else []
        properties = schema.get("properties")
        for name, inner in (properties if isinstance(properties, dict) else {}).items():
            told = isinstance(inner, dict) and ("examples" in inner or "const" in inner)
            wanted = told or self._optional
            if name in needed or wanted:
                try:
                    made[name] = self.value(inner, name)
                except _None:
                    if name in needed:
                        raise
        self._add_others(schema, made)
        return made

    def _add_others(self, schema: Schema, made: _Object) -> None:
        """Fields that have no name of their own, one if none is asked for."""
        least = count(schema, "minProperties") or 0
        wanted = max(least, 0 if schema.get("properties") else 1)
        try:
            names, inner = self._others(schema)
            for name in names:
                if len(made) >= wanted:
                    return
                made.setdefault(name, self.value(inner, name))
        except _None:
            pass
        if len(made) < least:
            raise _None

    def _others(self, schema: Schema) -> tuple[Iterable[str], JsonValue]:
        patterns = schema.get("patternProperties")
        if isinstance(patterns, dict) and patterns:
            pattern, inner = next(iter(patterns.items()))
            return texts({"pattern": pattern}), inner
        inner = schema.get("additionalProperties", False)
        naming = self._resolved(schema.get("propertyNames", {}))
        naming = naming if isinstance(naming, dict) else {}
        enum = naming.get("enum")
        names = list(map(str, enum)) if isinstance(enum, list) else [_found(text(naming, "key"))]
        return (*names, *texts(naming)), inner


def _type(schema: Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    for word, meant in (("properties", "object"), ("items", "array"), ("pattern", "string")):
        if word in schema:
            return meant
    return ""


def _merged(*parts: JsonValue) -> Schema:
    """One schema that asks for what all of these ask for."""
    whole: Schema = {}
    for part in parts:
        for key, inner in (part if isinstance(part, dict) else {}).items():
            before = whole.get(key)
            if isinstance(before, dict) and isinstance(inner, dict):
                whole[key] = {**before, **inner}
            elif key == "required" and isinstance(before, list) and isinstance(inner, list):
                whole[key] = [*before, *inner]
            else:
                whole[key] = inner
    return whole


def _found(value: _Found | None) -> _Found:
    if value is None:
        raise _None
    return value

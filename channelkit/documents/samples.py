"""A sample value of a JSON Schema: valid, small, the same every time. Pure."""

from __future__ import annotations

import math
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Final, TypeAlias, cast, final

from .patterns import accepts, matching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pydantic import JsonValue

    from ..contract.form import Schema

__all__ = ["Samples"]

_Object: TypeAlias = "dict[str, JsonValue]"
_Number: TypeAlias = "int | float"

WORDS: Final = {
    "name": "ann",
    "user": "ann",
    "username": "ann",
    "nick": "ann",
    "author": "ann",
    "body": "hello",
    "text": "hello",
    "message": "hello",
    "content": "hello",
    "title": "A title",
    "email": "ann@example.com",
    "url": "https://example.com/",
    "color": "#336699",
    "colour": "#336699",
    "room": "lobby",
}
"""What a text may well be, by the name of its field."""

FORMATS: Final = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "time": "03:04:05Z",
    "duration": "PT1H",
    "email": "ann@example.com",
    "name-email": "Ann <ann@example.com>",
    "uuid": "01234567-89ab-4def-8123-456789abcdef",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "ipvanyaddress": "192.0.2.1",
    "ipv4network": "192.0.2.0/24",
    "ipv6network": "2001:db8::/32",
    "ipv4interface": "192.0.2.1/24",
    "ipv6interface": "2001:db8::1/32",
    "json-string": "{}",
    "base64url": "aGVsbG8=",
    "binary": "hello",
}
FORMATS_BY_VERSION: Final = {f"uuid{version}": version for version in range(1, 9)}

BOUNDS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "minimum": ge,
    "maximum": le,
    "exclusiveMinimum": gt,
    "exclusiveMaximum": lt,
    "multipleOf": lambda number, step: number % step == 0,
}

PLAIN: Final = "text"
SHOWN: Final = 42
"""A number for what is called an id."""


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
                return _text(schema, name)
            case "integer" | "number" as kind:
                return _number(schema, name, whole=kind == "integer")
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
        least, most = _count(schema, "minItems", 0), _count(schema, "maxItems", None)
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
            yield from _numbers(schema, whole=kind == "integer")
        elif kind == "string" and "format" not in schema:
            yield from _texts(schema)

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
        least = _count(schema, "minProperties", 0) or 0
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
            return _texts({"pattern": pattern}), inner
        inner = schema.get("additionalProperties", False)
        naming = self._resolved(schema.get("propertyNames", {}))
        naming = naming if isinstance(naming, dict) else {}
        enum = naming.get("enum")
        names = list(map(str, enum)) if isinstance(enum, list) else [_text(naming, "key")]
        return (*names, *_texts(naming)), inner


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


def _count(schema: Schema, word: str, otherwise: int | None) -> int | None:
    found = schema.get(word)
    return int(found) if isinstance(found, (int, float)) else otherwise


def _text(schema: Schema, name: str) -> str:
    form = str(schema.get("format", ""))
    if form in FORMATS:
        return FORMATS[form]
    if form in FORMATS_BY_VERSION:
        return FORMATS["uuid"].replace("4def", f"{FORMATS_BY_VERSION[form]}def")
    for text in _texts(schema, WORDS.get(name, name or PLAIN)):
        return text
    raise _None


def _texts(schema: Schema, word: str = PLAIN) -> Iterator[str]:
    """Different texts of a schema."""
    least, most = _count(schema, "minLength", 0) or 0, _count(schema, "maxLength", None)
    pattern = schema.get("pattern")
    for number in ("", *range(2, 100)):
        suffix = str(number)
        room = None if most is None else most - len(suffix)
        if room is not None and room < 0:
            return
        text = word[:room].ljust(least - len(suffix), "x") + suffix
        if not isinstance(pattern, str) or accepts(pattern, text):
            yield text
    if isinstance(pattern, str):
        found = (matching(pattern, least + more, most) for more in range(20))
        yield from filter(None, found)


def _number(schema: Schema, name: str, *, whole: bool) -> _Number:
    default = schema.get("default")
    wanted: list[_Number] = []
    if isinstance(default, (int, float)) and not isinstance(default, bool):
        wanted.append(default)
    if name == "id" or name.endswith("_id"):
        wanted.append(SHOWN)
    for number in (*wanted, *_numbers(schema, whole=whole)):
        if _fits(schema, number, whole=whole):
            return number
    raise _None


def _numbers(schema: Schema, *, whole: bool) -> Iterator[_Number]:
    """Different numbers of a schema."""
    step = cast("_Number", schema.get("multipleOf", 1)) or 1
    low = _bound(schema, "minimum", "exclusiveMinimum")
    high = _bound(schema, "maximum", "exclusiveMaximum")
    begin = low if low is not None else min(high, 0) if high is not None else 0
    for number in (1, 0, 1.5):
        if _fits(schema, number, whole=whole):
            yield number
    for count in range(100):
        for number in (
            (math.floor(begin / step) + count) * step,
            (math.floor(begin / step) - count) * step,
        ):
            if _fits(schema, number, whole=whole):
                yield number
    if not whole and low is not None and high is not None:
        for part in range(1, 100):
            number = low + (high - low) * part / 100
            if _fits(schema, number, whole=False):
                yield number


def _bound(schema: Schema, *words: str) -> _Number | None:
    for word in words:
        found = schema.get(word)
        if isinstance(found, (int, float)):
            return found
    return None


def _fits(schema: Schema, number: _Number, *, whole: bool) -> bool:
    if whole and not float(number).is_integer():
        return False
    for word, bound in schema.items():
        if word in BOUNDS and isinstance(bound, (int, float)) and not BOUNDS[word](number, bound):
            return False
    return True

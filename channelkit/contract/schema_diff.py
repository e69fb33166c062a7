"""Two JSON Schemas, compared as the values they allow. Pure.

Only what is certain is called a widening: a schema is compared part by part,
and what is not understood counts as changed both ways. Equal schemas mean
equal types, as far as JSON tells: whether a model is strict is not seen.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast, final

from .changes import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import JsonValue

    from .form import Schema

__all__ = ["Difference", "SchemaDiff"]

_Path: TypeAlias = tuple[str, ...]

LEAST: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
MOST: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
WORDS: Final = frozenset(
    {"title", "description", "examples", "deprecated", "readOnly", "writeOnly", "discriminator"}
)
"""Keywords that allow nothing and forbid nothing."""

APART: Final = frozenset(
    {*LEAST, *MOST, *WORDS}
    | {"$ref", "type", "anyOf", "oneOf", "allOf", "enum", "const", "default", "pattern"}
    | {"properties", "required", "additionalProperties", "items", "prefixItems"}
)
"""Keywords that are compared by rules of their own."""


class Difference(NamedTuple):
    """One difference between two schemas, and where in a value it is."""

    path: _Path
    kind: Kind
    old: str | None = None
    new: str | None = None


@final
class SchemaDiff:
    """Compares schemas of two contracts.

    Args:
        old: The schemas that references in the old one mean, by name.
        new: The same for the new one.
    """

    def __init__(self, old: Mapping[str, Schema], new: Mapping[str, Schema]) -> None:
        self._old = old
        self._new = new
        self._open: set[tuple[int, int]] = set()

    def compare(self, old: Schema, new: Schema, path: _Path = ()) -> list[Difference]:
        """All differences; none where both allow the same values."""
        return [*self._differences(old, new, path)]

    def _differences(self, old: Schema, new: Schema, path: _Path) -> Iterator[Difference]:
        if "default" in old and "default" in new and old["default"] != new["default"]:
            defaults = _text(old["default"]), _text(new["default"])
            yield Difference(path, Kind.DEFAULT_CHANGED, *defaults)
        olds, news = _arms(old, self._old), _arms(new, self._new)
        if len(olds) == len(news) == 1:
            yield from self._one(olds[0], news[0], path)
        else:
            yield from self._many(olds, news, path)

    def _many(
        self, olds: Sequence[Schema], news: Sequence[Schema], path: _Path
    ) -> Iterator[Difference]:
        """Compare unions: arms that are equal go out in pairs, then those of one type."""
        left, right = [*olds], [*news]
        for same in (self._equal, _same_type):
            for arm in [*left]:
                partner = next((other for other in right if same(arm, other)), None)
                if partner is not None:
                    left.remove(arm)
                    right.remove(partner)
                    yield from self._one(arm, partner, path)
        for arm in left:
            yield Difference(path, Kind.SHAPE_REMOVED, old=_name(arm))
        for arm in right:
            yield Difference(path, Kind.SHAPE_ADDED, new=_name(arm))

    def _equal(self, old: Schema, new: Schema) -> bool:
        return not [*self._one(old, new, ())]

    def _one(self, old: Schema, new: Schema, path: _Path) -> Iterator[Difference]:
        """Compare two schemas that are no unions."""
        pair = id(old), id(new)
        if pair in self._open:  # recursive models: this pair is being compared
            return
        self._open.add(pair)
        try:
            yield from self._plain(old, new, path)
        finally:
            self._open.discard(pair)

    def _plain(self, old: Schema, new: Schema, path: _Path) -> Iterator[Difference]:
        if _anything(old) or _anything(new):
            if not _anything(new):
                yield Difference(path, Kind.SHAPE_REMOVED, "anything", _name(new))
            elif not _anything(old):
                yield Difference(path, Kind.SHAPE_ADDED, _name(old), "anything")
            return
        if old.get("type") != new.get("type") or old.get("format") != new.get("format"):
            yield Difference(path, Kind.TYPE_CHANGED, _name(old), _name(new))
            return
        yield from _values(old, new, path)
        yield from _bounds(old, new, path)
        yield from self._fields(old, new, path)
        yield from self._items(old, new, path)
        for keyword in sorted((old.keys() | new.keys()) - APART):
            if old.get(keyword) != new.get(keyword):
                texts = _keyword(keyword, old), _keyword(keyword, new)
                yield Difference(path, Kind.CONSTRAINT_CHANGED, *texts)

    def _fields(self, old: Schema, new: Schema, path: _Path) -> Iterator[Difference]:
        before, after = _properties(old), _properties(new)
        needed, needs = _required(old), _required(new)
        for name in before:
            if name not in after:
                yield Difference((*path, name), Kind.FIELD_REMOVED, old=_name(before[name]))
                yield from self._now_extra(before[name], new, (*path, name))
                continue
            if (name in needed) != (name in needs):
                kind = Kind.BECAME_REQUIRED if name in needs else Kind.BECAME_OPTIONAL
                yield Difference((*path, name), kind)
            yield from self.compare(before[name], after[name], (*path, name))
        for name in after:
            if name not in before:
                kind = Kind.REQUIRED_ADDED if name in needs else Kind.OPTIONAL_ADDED
                yield Difference((*path, name), kind, new=_name(after[name]))
                extra = old.get("additionalProperties", False)
                if extra is not False:  # it could be sent before, and mean anything
                    yield from self.compare(_schema(extra), after[name], (*path, name))
        yield from self._extras(old, new, path)

    def _now_extra(self, field: Schema, new: Schema, path: _Path) -> Iterator[Difference]:
        """What becomes of a field that has no schema of its own any more."""
        extra = new.get("additionalProperties")
        if extra is False:
            yield Difference(path, Kind.EXTRAS_FORBIDDEN, old=_name(field))
        elif isinstance(extra, dict):
            yield from self.compare(field, extra, path)

    def _extras(self, old: Schema, new: Schema, path: _Path) -> Iterator[Difference]:
        """What is allowed of fields that have no schema of their own."""
        before, after = old.get("additionalProperties"), new.get("additionalProperties")
        if (before is False) != (after is False):
            yield Difference(path, Kind.EXTRAS_FORBIDDEN if after is False else Kind.EXTRAS_ALLOWED)
        else:
            yield from self.compare(_schema(before), _schema(after), (*path, "*"))

    def _items(self, old: Schema, new: Schema, path: _Path) -> Iterator[Difference]:
        befores, afters = _list(old, "prefixItems"), _list(new, "prefixItems")
        if len(befores) != len(afters):
            counts = str(len(befores)), str(len(afters))
            yield Difference((*path, "[]"), Kind.TYPE_CHANGED, *counts)
            return
        for index, pair in enumerate(zip(befores, afters, strict=True)):
            yield from self.compare(*pair, (*path, f"[{index}]"))
        before, after = _schema(old.get("items")), _schema(new.get("items"))
        yield from self.compare(before, after, (*path, "[]"))


def _arms(schema: Schema, schemas: Mapping[str, Schema]) -> list[Schema]:
    """What a schema may be, references followed."""
    ref = schema.get("$ref")
    if isinstance(ref, str):
        return _arms(schemas[ref.removeprefix("#/schemas/")], schemas)
    for keyword in ("anyOf", "oneOf", "allOf"):
        arms = _list(schema, keyword)
        if arms and (keyword != "allOf" or len(arms) == 1):
            return [inner for arm in arms for inner in _arms(arm, schemas)]
    return [schema]


def _values(old: Schema, new: Schema, path: _Path) -> Iterator[Difference]:
    before, after = _enum(old), _enum(new)
    if before is None and after is None:
        return
    if before is None or after is None:
        kind = Kind.SHAPE_REMOVED if before is None else Kind.SHAPE_ADDED
        yield Difference(path, kind, _name(old), _name(new))
        return
    for value in before:
        if value not in after:
            yield Difference(path, Kind.VALUE_REMOVED, old=value)
    for value in after:
        if value not in before:
            yield Difference(path, Kind.VALUE_ADDED, new=value)


def _bounds(old: Schema, new: Schema, path: _Path) -> Iterator[Difference]:
    for keywords, sign in ((LEAST, 1), (MOST, -1)):
        for keyword in keywords:
            before, after = old.get(keyword), new.get(keyword)
            if before != after:
                tighter = before is None or (after is not None and _above(after, before, sign))
                kind = Kind.TIGHTENED if tighter else Kind.LOOSENED
                yield Difference(path, kind, _keyword(keyword, old), _keyword(keyword, new))
    before, after = old.get("pattern"), new.get("pattern")
    if before != after:
        texts = _keyword("pattern", old), _keyword("pattern", new)
        kind = Kind.TIGHTENED if before is None else Kind.CONSTRAINT_CHANGED
        yield Difference(path, Kind.LOOSENED if after is None else kind, *texts)


def _above(one: JsonValue, other: JsonValue, sign: int) -> bool:
    return sign * cast("float", one) > sign * cast("float", other)


def _anything(schema: Schema) -> bool:
    return not schema.keys() - WORDS - {"default"}


def _same_type(old: Schema, new: Schema) -> bool:
    return (old.get("type"), old.get("format")) == (new.get("type"), new.get("format"))


def _enum(schema: Schema) -> list[str] | None:
    if "const" in schema:
        return [_text(schema["const"])]
    values = schema.get("enum")
    return [_text(value) for value in values] if isinstance(values, list) else None


def _properties(schema: Schema) -> dict[str, Schema]:
    return cast("dict[str, Schema]", schema.get("properties", {}))


def _required(schema: Schema) -> list[str]:
    return cast("list[str]", schema.get("required", []))


def _list(schema: Schema, keyword: str) -> list[Schema]:
    return cast("list[Schema]", schema.get(keyword, []))


def _schema(value: JsonValue) -> Schema:
    """A schema where there may be none, or true: then everything is allowed."""
    return value if isinstance(value, dict) else {}


def _name(schema: Schema) -> str:
    """A schema in a word or two."""
    values = _enum(schema)
    if values is not None:
        return " | ".join(values)
    kind = schema.get("title") if schema.get("type") == "object" else schema.get("type")
    form = schema.get("format")
    return f"{kind or 'anything'}" + (f" ({form})" if form else "")


def _keyword(keyword: str, schema: Schema) -> str | None:
    return f"{keyword} {_text(schema[keyword])}" if keyword in schema else None


def _text(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)

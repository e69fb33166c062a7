"""Defaults, as JSON has them → as Python says them. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, final
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from ..types import (
    Anything,
    Array,
    Boolean,
    Dictionary,
    Literals,
    Null,
    Number,
    Reference,
    Structure,
    Text,
    Tuple,
    Union,
)
from .annotations import DECIMAL
from .text import Group, Name, called, quoted, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic import JsonValue

    from ..types import Definitions, Type
    from .naming import Imports
    from .text import Expr

__all__ = ["Defaults"]

_READ: Final[Mapping[str, tuple[str, Callable[[str], object]]]] = {
    "date-time": ("dt.datetime.fromisoformat", datetime.fromisoformat),
    "date": ("dt.date.fromisoformat", date.fromisoformat),
    "time": ("dt.time.fromisoformat", time.fromisoformat),
    "uuid": ("UUID", UUID),
}
_DURATIONS: Final = TypeAdapter(timedelta)


@final
@dataclass(frozen=True, slots=True)
class Defaults:
    """Writes defaults.

    Args:
        definitions: What references lead to.
        classes: The name of each definition in the module.
        imports: Takes what defaults need.
    """

    definitions: Definitions
    classes: Mapping[str, str]
    imports: Imports

    def of(self, kind: Type, given: JsonValue) -> Expr | None:
        """A default as its type has it; None where Python cannot say it in place."""
        match kind, given:
            case Union(arms=arms), _:
                found = (self.of(arm, given) for arm in arms)
                return next((one for one in found if one is not None), None)
            case Reference(name), _:
                return self._referred(name, given)
            case (Null(), None) | (Boolean(), bool()):
                return value(given)
            case Number(whole=whole), int() | float() if not isinstance(given, bool):
                return value(given) if isinstance(given, int) or not whole else None
            case Text(), str():
                return self._text_default(kind, given)
            case Literals(values), str() | int():
                same = [one for one in values if one == given and type(one) is type(given)]
                return value(given) if same else None
            case Array(items=items), list() if dict(kind.bounds).get("uniqueItems") is not True:
                return self._whole(given, [(items, item) for item in given])
            case Tuple(items=items, rest=None), list() if len(items) == len(given) > 0:
                pairs = zip(items, given, strict=True)
                return Group("", tuple(map(value, given)), "()") if self._are_plain(pairs) else None
            case Dictionary(values=values, keys=Text(format=None)), dict():
                return self._whole(given, [(values, item) for item in given.values()])
            case Anything(), str() | int() | float() | None:
                return value(given)
            case _:
                return None

    def can_say(self, kind: Type, given: str) -> bool:
        """Whether a default, as JSON text, is one that `of` can say."""
        return self.of(kind, json.loads(given)) is not None

    def _referred(self, name: str, given: JsonValue) -> Expr | None:
        kind = self.definitions[name].type
        if isinstance(kind, (Reference, Union, Array, Dictionary)):
            return None  # it may lead back here
        if not isinstance(kind, Structure):
            return self.of(kind, given)
        if not isinstance(given, dict):
            return None
        made = f"lambda: {self.classes[name]}.model_validate"
        return self._field(
            default_factory=called(made, value(given)), json_schema_extra=value({"default": given})
        )

    def _text_default(self, kind: Text, given: str) -> Expr | None:
        form = kind.format or ""
        if form in _READ:
            name, read = _READ[form]
            try:
                read(given)
            except ValueError:
                return None
            return called(self._named(name), value(given))
        if form == DECIMAL:
            try:
                Decimal(given)
            except InvalidOperation:
                return None
            return called(self.imports.name("decimal", "Decimal"), value(given))
        if form == "binary":
            return Name(f"b{quoted(given)}") if given.isascii() else None
        if form == "duration":
            return _duration(given, self._named("dt.timedelta"))
        return value(given)

    def _named(self, name: str) -> str:
        """What reads a text, imported."""
        if name == "UUID":
            return self.imports.name("uuid", name)
        self.imports.module("datetime", "dt")
        return name

    def _whole(self, given: JsonValue, items: Iterable[tuple[Type, JsonValue]]) -> Expr | None:
        """A list or dict whose items are what JSON has."""
        return self._field(default=value(given)) if self._are_plain(items) else None

    def _are_plain(self, items: Iterable[tuple[Type, JsonValue]]) -> bool:
        """Whether Python writes all of them as JSON does."""
        kinds = Number, Boolean, Literals, Text, Anything
        return all(
            isinstance(kind, kinds) and self.of(kind, item) == value(item) for kind, item in items
        )

    def _field(self, **named: Expr) -> Expr:
        return called(self.imports.name("pydantic", "Field"), **named)


def _duration(given: str, kind: str) -> Expr | None:
    try:
        read = _DURATIONS.validate_python(given)
    except ValidationError:
        return None
    parts = {"days": read.days, "seconds": read.seconds, "microseconds": read.microseconds}
    told = {name: value(part) for name, part in parts.items() if part}
    return called(kind, **(told or {"seconds": value(0)}))

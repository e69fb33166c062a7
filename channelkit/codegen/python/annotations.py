"""Types of the neutral tree → annotations of Python, and defaults. Pure."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, final

from pydantic import Field as PydanticField
from pydantic import TypeAdapter
from pydantic_core import SchemaError

from ..types import (
    Anything,
    Array,
    Boolean,
    Dictionary,
    Literals,
    Nothing,
    Null,
    Number,
    Reference,
    Structure,
    Text,
    Tuple,
    Union,
    inner,
)
from .naming import stays
from .text import Arms, Group, Name, Pair, called, subscript, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic import JsonValue

    from ..types import Bounds, Definitions, Scalar, Type
    from .naming import Imports
    from .text import Expr

__all__ = ["DECIMAL", "MOMENTS", "Types", "references"]

DECIMAL: Final = "decimal"
"""The format of a text that is a decimal number; of our own."""

BOUNDS: Final = {
    "minimum": "ge",
    "exclusiveMinimum": "gt",
    "maximum": "le",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "minItems": "min_length",
    "maxItems": "max_length",
    "minProperties": "min_length",
    "maxProperties": "max_length",
}
"""JSON Schema's words in pydantic's."""

MOMENTS: Final = {"date-time": "datetime", "date": "date", "time": "time", "duration": "timedelta"}


@final
class Types:
    """Writes annotations.

    Args:
        definitions: What references lead to.
        classes: The name of each definition in the module.
        imports: Takes what annotations need.
    """

    def __init__(
        self, definitions: Definitions, classes: Mapping[str, str], imports: Imports
    ) -> None:
        self._definitions = definitions
        self._classes = classes
        self._imports = imports

    def of(self, kind: Type) -> Expr:
        """The annotation of a type."""
        match kind:
            case Anything():
                return Name(self._imports.name("pydantic", "JsonValue"))
            case Nothing():
                return Name(self._imports.name("typing", "Never"))
            case Null():
                return Name("None")
            case Boolean():
                return Name("bool")
            case Number(whole=whole, bounds=bounds):
                return self._bounded(Name("int" if whole else "float"), bounds)
            case Text():
                return self._text(kind)
            case Literals(values):
                return self._literals(values)
            case Array():
                return self._array(kind)
            case Tuple():
                return self._tuple(kind)
            case Structure():
                return subscript("dict", Name("str"), self.of(Anything()))
            case Dictionary(values=values, keys=keys, bounds=bounds):
                found = subscript("dict", self.of(keys), self.of(values))
                return self._bounded(found, bounds)
            case Union():
                return self._union(kind)
            case Reference(name):
                return Name(self._classes[name])

    def annotated(self, base: Expr, *marks: Expr, **named: Expr) -> Expr:
        """``Annotated[base, mark, Field(name=...)]``, in one with what is there already."""
        head = self._imports.name("typing", "Annotated")
        field = self._imports.name("pydantic", "Field") if named else ""
        items = [base]
        if isinstance(base, Group) and base.head == head:
            items = [*base.items]
        if named:
            last = items[-1]
            if isinstance(last, Group) and last.head == field:
                items[-1] = _joined(last, called(field, **named))
            else:
                items.append(called(field, **named))
        items[1:1] = marks
        return subscript(head, *items) if len(items) > 1 else base

    def optional(self, base: Expr) -> Expr:
        """Of this type, or None."""
        arms = base.items if isinstance(base, Arms) else (base,)
        return base if Name("None") in arms else Arms((*arms, Name("None")))

    def _bounded(self, base: Expr, bounds: Bounds, **more: Expr) -> Expr:
        told = {BOUNDS[word]: value(bound) for word, bound in bounds if word in BOUNDS}
        return self.annotated(base, **told, **more)

    def _extra(self, **schema: JsonValue) -> dict[str, Expr]:
        """What only the JSON Schema tells."""
        return {"json_schema_extra": value(schema)}

    def _text(self, kind: Text) -> Expr:
        form, bounds = kind.format, kind.bounds
        pattern = dict(bounds).get("pattern")
        more: dict[str, JsonValue] = {}
        if isinstance(pattern, str) and not _is_usable(pattern):
            bounds = tuple(bound for bound in bounds if bound[0] != "pattern")
            more["pattern"] = pattern
        if form in MOMENTS:
            self._imports.module("datetime", "dt")
            return Name(f"dt.{MOMENTS[form]}")
        if form == "uuid":
            return Name(self._imports.name("uuid", "UUID"))
        if form == DECIMAL:
            return self._bounded(Name(self._imports.name("decimal", "Decimal")), bounds)
        if form == "binary":
            return self._bounded(Name("bytes"), bounds)
        if form is not None:
            more = {"format": form, **more}
        return self._bounded(Name("str"), bounds, **(self._extra(**more) if more else {}))

    def _literals(self, values: tuple[Scalar, ...]) -> Expr:
        exact = [value(one) for one in values if not isinstance(one, float)]
        arms: list[Expr] = []
        if exact:
            arms.append(subscript(self._imports.name("typing", "Literal"), *exact))
        if len(exact) < len(values):
            arms.append(Name("float"))  # no literal may be a fraction
        return arms[0] if len(arms) == 1 else Arms(tuple(arms))

    def _array(self, kind: Array) -> Expr:
        items = self.of(kind.items)
        if dict(kind.bounds).get("uniqueItems") is not True:
            return self._bounded(subscript("list", items), kind.bounds)
        if self._is_hashable(kind.items):
            return self._bounded(subscript("set", items), kind.bounds)
        extra = self._extra(uniqueItems=True)
        return self._bounded(subscript("list", items), kind.bounds, **extra)

    def _is_hashable(self, kind: Type) -> bool:
        match kind:
            case Reference(name):
                found = self._definitions[name].type
                return not isinstance(found, Reference) and self._is_hashable(found)
            case _:
                return isinstance(kind, (Text, Number, Boolean, Literals))

    def _tuple(self, kind: Tuple) -> Expr:
        items = tuple(map(self.of, kind.items))
        if kind.rest is None and len(items) <= kind.least + 2:
            lengths = range(max(kind.least, 1), len(items) + 1)
            none = () if kind.least else (Name("tuple[()]"),)
            return _union((*none, *(subscript("tuple", *items[:end]) for end in lengths)))
        rest = () if kind.rest is None else (self.of(kind.rest),)
        least: Bounds = (("minItems", kind.least),) if kind.least else ()
        most: Bounds = () if rest else (("maxItems", len(items)),)
        return self._bounded(subscript("list", _union((*items, *rest))), (*least, *most))

    def _union(self, kind: Union) -> Expr:
        null = [arm for arm in kind.arms if isinstance(arm, Null)]
        others = [arm for arm in kind.arms if not isinstance(arm, Null)]
        found = _union(tuple(dict.fromkeys(map(self.of, others))))
        told = kind.discriminator
        if told is not None and isinstance(found, Arms) and self._tells(told, others):
            found = self.annotated(found, discriminator=value(told))
        return self.optional(found) if null else found

    def _tells(self, field: str, arms: Iterable[Type]) -> bool:
        """Whether a field is a literal in each arm, a model, under the same name."""
        return all(isinstance(arm, Reference) and self._has_literal(field, arm) for arm in arms)

    def _has_literal(self, field: str, arm: Reference) -> bool:
        model = self._definitions[arm.name].type
        if not isinstance(model, Structure):
            return False
        literals = {one.name for one in model.fields if isinstance(one.type, Literals)}
        return field in literals and stays(field, self._classes.values())


def _union(arms: tuple[Expr, ...]) -> Expr:
    flat = [one for arm in arms for one in (arm.items if isinstance(arm, Arms) else (arm,))]
    unique = tuple(dict.fromkeys(flat))
    return unique[0] if len(unique) == 1 else Arms(unique)


def _joined(one: Group, other: Group) -> Group:
    """Two calls as one; what only the JSON Schema tells comes from both."""
    items = {item.head: item for item in one.items if isinstance(item, Pair)}
    for item in other.items:
        assert isinstance(item, Pair)
        earlier = items.get(item.head)
        if earlier is not None and isinstance(earlier.value, Group):
            more = item.value.items if isinstance(item.value, Group) else ()
            item = replace(item, value=replace(earlier.value, items=(*earlier.value.items, *more)))
        items[item.head] = item
    return replace(one, items=tuple(items.values()))


def references(kind: Type) -> Iterator[str]:
    """The definitions that a type names, in order."""
    if isinstance(kind, Reference):
        yield kind.name
    for part in inner(kind):
        yield from references(part)


@cache
def _is_usable(pattern: str) -> bool:
    """Whether pydantic's own engine knows the pattern; it has no look-around."""
    kind: Any = Annotated[str, PydanticField(pattern=pattern)]
    try:
        TypeAdapter(kind)
    except SchemaError:
        return False
    return True

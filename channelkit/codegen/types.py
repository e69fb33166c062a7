"""A neutral tree of types: what schemas say, for whatever language is written of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "Anything",
    "Array",
    "Boolean",
    "Bounds",
    "Definition",
    "Definitions",
    "Dictionary",
    "Field",
    "Literals",
    "Notes",
    "Nothing",
    "Null",
    "Number",
    "Reference",
    "Scalar",
    "Structure",
    "Text",
    "Tuple",
    "Type",
    "Union",
    "inner",
    "reachable",
]

Scalar: TypeAlias = str | int | float | bool
"""What a literal may be."""

Bounds: TypeAlias = tuple[tuple[str, Scalar], ...]
"""Keywords of JSON Schema that bound a value, as ``("maxLength", 40)``; sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What is told to people about a type or a field."""

    title: str = ""
    description: str = ""
    deprecated: bool = False
    secret: bool = False
    """Whether it is marked with `Secret`, or a `SecretStr`."""
    examples: tuple[str, ...] = ()
    """Each as JSON text."""


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No value is one."""


@dataclass(frozen=True, slots=True)
class Null:
    """null."""


@dataclass(frozen=True, slots=True)
class Boolean:
    """true or false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number."""

    whole: bool = False
    bounds: Bounds = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string."""

    format: str | None = None
    """As JSON Schema and pydantic call it: ``date-time``, ``uuid``, ``binary``, …"""
    bounds: Bounds = ()


@dataclass(frozen=True, slots=True)
class Literals:
    """One of these values; at least one, and null is not among them."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """A list of any length."""

    items: Type
    bounds: Bounds = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuple:
    """A list whose items have types of their own."""

    items: tuple[Type, ...]
    least: int
    """How many of them are always there."""
    rest: Type | None = None
    """What may follow them, None if nothing may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A named value of an object."""

    name: str
    type: Type
    required: bool
    default: str | None = None
    """What stands for it where it is left out, as JSON text; None if that is not told."""
    notes: Notes = Notes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """An object with fields."""

    fields: tuple[Field, ...]
    extra: Type | None = None
    """The type of declared fields without a name; None if there are none.
    Undeclared ones are ignored by the server, or refused where `closed`."""
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """An object whose keys are data."""

    values: Type
    keys: Type = Text()
    """`Text`, `Literals`, or a `Reference` to one."""
    bounds: Bounds = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Union:
    """One of several types; at least two, none of them a union or `Anything`."""

    arms: tuple[Type, ...]
    discriminator: str | None = None
    """The field whose literals tell the arms apart, where one does."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A definition, by the name of its schema."""

    name: str


Type: TypeAlias = (
    Anything
    | Nothing
    | Null
    | Boolean
    | Number
    | Text
    | Literals
    | Array
    | Tuple
    | Structure
    | Dictionary
    | Union
    | Reference
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A schema with a name, and so a type with one."""

    name: str
    type: Type
    notes: Notes = Notes()


Definitions: TypeAlias = Mapping[str, Definition]
"""By name. Every `Reference` in them leads to one of them."""


def inner(kind: Type) -> Iterator[Type]:
    """The types that one is directly made of."""
    match kind:
        case Array(items=items):
            yield items
        case Tuple(items=items, rest=rest):
            yield from items
            if rest is not None:
                yield rest
        case Structure(fields=fields, extra=extra):
            yield from (field.type for field in fields)
            if extra is not None:
                yield extra
        case Dictionary(keys=keys, values=values):
            yield keys
            yield values
        case Union(arms=arms):
            yield from arms
        case _:
            pass


def reachable(names: Iterable[str], definitions: Definitions) -> set[str]:
    """These definitions, and all that they are made of, however deep."""
    found: set[str] = set()
    waiting: list[Type] = [Reference(name) for name in names]
    while waiting:
        kind = waiting.pop()
        if not isinstance(kind, Reference):
            waiting += inner(kind)
        elif kind.name not in found:
            found.add(kind.name)
            waiting.append(definitions[kind.name].type)
    return found

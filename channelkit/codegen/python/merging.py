"""What a server reads and what it writes, made one class where they differ in no way that counts.

pydantic has two schemas, ``Stroke-Input`` and ``Stroke-Output``, for a model that is used
both ways and has a default: the field may be left out, and never is. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias, final

from ..types import (
    Array,
    Definition,
    Dictionary,
    Number,
    Reference,
    Structure,
    Text,
    Tuple,
    Union,
)
from .annotations import DECIMAL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..types import Definitions, Field, Type

__all__ = ["READ", "merged"]

READ: Final = "-Input"
WRITTEN: Final = "-Output"


Sayable: TypeAlias = "Callable[[Type, str], bool]"
"""Whether Python can say a default, given as JSON text, of a type."""


def merged(
    definitions: Definitions, sayable: Sayable
) -> tuple[dict[str, Definition], dict[str, str]]:
    """The definitions with every pair made one that can be, and where each name went.

    Args:
        sayable: A default that Python cannot say is left out where it is sent, and so
            could not be relied upon where it is received.
    """
    bases = {name.removesuffix(READ) for name in definitions if name.endswith(READ)}
    pairs = {base for base in bases if f"{base}{WRITTEN}" in definitions}
    while True:
        names = {f"{base}{end}": base for base in pairs for end in (READ, WRITTEN)}
        writer = _Merging(sayable)
        one = {base: writer.pair(base, definitions, names) for base in sorted(pairs)}
        apart = {base for base, found in one.items() if found is None}
        if not apart:
            break
        pairs -= apart  # what refers to them is no longer one either
    every = {
        name: replace(definition, type=_renamed(definition.type, names))
        for name, definition in definitions.items()
        if name not in names
    }
    made = {base: found for base, found in one.items() if found is not None}
    every |= {
        base: replace(definitions[f"{base}{READ}"], name=base, type=t) for base, t in made.items()
    }
    return every, {name: names.get(name, name) for name in definitions}


@final
@dataclass(frozen=True, slots=True)
class _Merging:
    """Makes one type of two."""

    sayable: Sayable

    def pair(self, base: str, definitions: Definitions, names: Mapping[str, str]) -> Type | None:
        read, written = (definitions[f"{base}{end}"].type for end in (READ, WRITTEN))
        return self._one(_renamed(read, names), _renamed(written, names))

    def _one(self, read: Type, written: Type) -> Type | None:
        """The one type that is read and written like this, None if there is none."""
        if read == written:
            return read
        match read, written:
            case Union(arms=[Number(whole=False, bounds=bounds), Text(format=None)]), Text(
                format=None
            ):
                return Text(format=DECIMAL, bounds=bounds)
            case Union(), Union():
                return self._unions(read, written)
            case Array(), Array() if read.bounds == written.bounds:
                items = self._one(read.items, written.items)
                return None if items is None else replace(read, items=items)
            case Dictionary(), Dictionary() if (read.keys, read.bounds) == (
                written.keys,
                written.bounds,
            ):
                values = self._one(read.values, written.values)
                return None if values is None else replace(read, values=values)
            case Tuple(), Tuple() if (read.least, read.rest) == (written.least, written.rest):
                all_items = self._each(read.items, written.items)
                return None if all_items is None else replace(read, items=all_items)
            case Structure(), Structure() if (read.extra, read.closed) == (
                written.extra,
                written.closed,
            ):
                return self._structures(read, written)
            case _:
                return None

    def _unions(self, read: Union, written: Union) -> Type | None:
        """Two unions, arm by arm; a decimal number is read in two forms and written in one."""
        match read.arms:
            case (Number(whole=False), Text(format=None), *_) if len(read.arms) > len(written.arms):
                decimal = self._one(Union(arms=read.arms[:2]), written.arms[0])
                arms = self._each(read.arms[2:], written.arms[1:])
                if decimal is None or arms is None:
                    return None
                return replace(read, arms=(decimal, *arms))
            case _:
                arms = self._each(read.arms, written.arms)
                same = read.discriminator == written.discriminator
                return None if arms is None or not same else replace(read, arms=arms)

    def _structures(self, read: Structure, written: Structure) -> Type | None:
        if [field.name for field in read.fields] != [field.name for field in written.fields]:
            return None
        fields: list[Field] = []
        for one, other in zip(read.fields, written.fields, strict=True):
            kind = self._one(one.type, other.type)
            told = one.default is not None and self.sayable(one.type, one.default)
            same = one.required == other.required or (told and other.required)
            if kind is None or not same:
                return None
            fields.append(replace(one, type=kind))
        return replace(read, fields=tuple(fields))

    def _each(self, read: Sequence[Type], written: Sequence[Type]) -> tuple[Type, ...] | None:
        if len(read) != len(written):
            return None
        found = [self._one(one, other) for one, other in zip(read, written, strict=True)]
        return None if None in found else tuple(kind for kind in found if kind is not None)


def _renamed(kind: Type, names: Mapping[str, str]) -> Type:
    """The type with references to where they lead now."""
    match kind:
        case Reference(name):
            return Reference(names.get(name, name))
        case Array():
            return replace(kind, items=_renamed(kind.items, names))
        case Dictionary():
            return replace(
                kind, keys=_renamed(kind.keys, names), values=_renamed(kind.values, names)
            )
        case Tuple():
            rest = None if kind.rest is None else _renamed(kind.rest, names)
            return replace(kind, items=tuple(_renamed(one, names) for one in kind.items), rest=rest)
        case Union():
            return replace(kind, arms=tuple(_renamed(one, names) for one in kind.arms))
        case Structure():
            extra = None if kind.extra is None else _renamed(kind.extra, names)
            fields = (replace(one, type=_renamed(one.type, names)) for one in kind.fields)
            return replace(kind, fields=tuple(fields), extra=extra)
        case _:
            return kind

"""Types of the tree as TypeScript: expressions, and the declarations that they name. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never, final

from ..names import Style, identifiers
from ..types import (
    Anything,
    Array,
    Boolean,
    Dictionary,
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
    reachable,
)
from .text import comment, indented, key, literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ..types import Definition, Field, Type

__all__ = ["INHERITED", "Shapes"]

INHERITED: Final = frozenset(
    {"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString"}
    | {"toString", "valueOf"}
)
"""What every object of JavaScript has, `{}` as well."""


@final
class Shapes:
    """The types of one module.

    Args:
        definitions: Those that payloads may refer to.
        sent: The names of those that clients send. Lists in them may be read-only ones.
        received: The names of those that clients receive.
        reserved: Names that mean something else in the module.
    """

    def __init__(
        self,
        definitions: Mapping[str, Definition],
        sent: Iterable[str],
        received: Iterable[str],
        reserved: Collection[str],
    ) -> None:
        self._definitions = definitions
        self._sent = reachable(sent, definitions)
        used = self._sent | reachable(received, definitions)
        style = Style(case="pascal", reserved=reserved, empty="Type")
        self._names = identifiers(used, style)

    @property
    def names(self) -> Collection[str]:
        """The names of all declarations."""
        return self._names.values()

    def name(self, definition: str) -> str:
        """What a definition is called."""
        return self._names[definition]

    def is_optional(self, definition: str) -> bool:
        """Whether `{}` is one of its values, for TypeScript too."""
        kind = self._resolved(Reference(definition))
        return isinstance(kind, Structure) and not any(
            field.required or field.name in INHERITED for field in kind.fields
        )

    def declarations(self) -> str:
        """All declarations, by their names."""
        found = sorted((self._names[name], name) for name in self._names)
        return "\n".join(self._declaration(*names) for names in found)

    def _declaration(self, name: str, definition: str) -> str:
        declared = self._definitions[definition]
        about = comment([declared.notes.description, *_told(declared.type, Notes())])
        text = self.expression(declared.type, sent=definition in self._sent)
        return f"{about}export type {name} = {text};\n"

    def expression(self, kind: Type, *, sent: bool) -> str:
        """A type, in place."""
        match kind:
            case Anything():
                return "Json"
            case Nothing():
                return "never"
            case Null():
                return "null"
            case Boolean():
                return "boolean"
            case Number():
                return "number"
            case Text():
                return "string"
            case Literals(values=values):
                return " | ".join(map(literal, values))
            case Array(items=items):
                return f"{'readonly ' if sent else ''}{self._item(items, sent=sent)}[]"
            case Tuple():
                return self._tuple(kind, sent=sent)
            case Structure():
                return self._structure(kind, sent=sent)
            case Dictionary(keys=keys, values=values):
                return f"{{ {self._keys(keys)}: {self.expression(values, sent=sent)} }}"
            case Union(arms=arms, discriminator=tag):
                return " | ".join(self._arm(arm, tag if sent else None, sent=sent) for arm in arms)
            case Reference(name=name):
                return self._names[name]
            case _:
                assert_never(kind)

    def _item(self, kind: Type, *, sent: bool) -> str:
        text = self.expression(kind, sent=sent)
        compound = isinstance(kind, (Union, Array, Tuple, Literals))
        return f"({text})" if compound else text

    def _arm(self, kind: Type, tag: str | None, *, sent: bool) -> str:
        text = self.expression(kind, sent=sent)
        told = self._tag(kind, tag)
        if told is not None:
            return f"{text} & {{ {key(told.name)}: {self.expression(told.type, sent=sent)} }}"
        return f"({text})" if text.startswith("readonly ") else text

    def _tag(self, kind: Type, name: str | None) -> Field | None:
        """What tells this arm from the others, if it may be left out: not so in a union."""
        found = self._resolved(kind)
        fields = found.fields if isinstance(found, Structure) else ()
        return next((one for one in fields if one.name == name and not one.required), None)

    def _tuple(self, kind: Tuple, *, sent: bool) -> str:
        items = [
            self._item(item, sent=sent) + ("" if number < kind.least else "?")
            for number, item in enumerate(kind.items)
        ]
        if kind.rest is not None:
            items.append(f"...{self._item(kind.rest, sent=sent)}[]")
        return f"{'readonly ' if sent else ''}[{', '.join(items)}]"

    def _structure(self, kind: Structure, *, sent: bool) -> str:
        fields = "".join(self._field(field, sent=sent) for field in kind.fields)
        if kind.extra is not None:
            fields += "[key: string]: unknown;\n"
        return f"{{\n{indented(fields)}}}" if fields else "Empty"

    def _field(self, field: Field, *, sent: bool) -> str:
        about = comment(
            [
                field.notes.description,
                *_told(field.type, field.notes, field.default),
            ]
        )
        text = self.expression(field.type, sent=sent)
        optional = text if field.required else f"{text} | undefined"
        return f"{about}{key(field.name)}{'' if field.required else '?'}: {optional};\n"

    def _keys(self, kind: Type) -> str:
        match self._resolved(kind):
            case Literals(values=values) if all(type(value) in {int, str} for value in values):
                return f"[key in {self.expression(kind, sent=False)}]?"
            case _:
                return "[key: string]"

    def _resolved(self, kind: Type) -> Type:
        """What a reference leads to in the end. None leads to itself."""
        while isinstance(kind, Reference):
            kind = self._definitions[kind.name].type
        return kind


def _told(kind: Type, notes: Notes, default: str | None = None) -> list[str]:
    """What a type says beyond TypeScript's types, a paragraph of tags."""
    bounds = getattr(kind, "bounds", ())
    tags = [f"@{keyword} {literal(value)}" for keyword, value in bounds]
    match kind:
        case Number(whole=True):
            tags.insert(0, "@type integer")
        case Text(format=str(form)):
            tags.insert(0, f"@format {form}")
        case _:
            pass
    tags += [] if default is None else [f"@default {default}"]
    tags += [f"@example {example}" for example in notes.examples]
    if notes.deprecated:
        tags.append("@deprecated")
    return ["\n".join(tags)]

"""Definitions → classes and type aliases of a Python module. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypeAlias, final

from ...messages import snake_case
from ..types import Anything, Dictionary, Null, Structure, Union
from .annotations import references
from .naming import field_names
from .roles import Role
from .text import (
    Name,
    assigned,
    called,
    docstring,
    flat,
    laid,
    quoted,
    subscript,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from ..types import Definition, Field, Type
    from .annotations import Types
    from .defaults import Defaults
    from .naming import Imports
    from .text import Expr

__all__ = ["Models"]

INDENT: Final = "    "
Lines: TypeAlias = list[str]


@final
class Models:
    """Writes classes.

    Args:
        classes: The name of each definition in the module.
        types: Writes their annotations.
        defaults: Writes their defaults.
        imports: Takes what they need.
    """

    def __init__(
        self, classes: Mapping[str, str], types: Types, defaults: Defaults, imports: Imports
    ) -> None:
        self._classes = classes
        self._types = types
        self._defaults = defaults
        self._imports = imports

    def alias(self, definition: Definition, known: Container[str]) -> Lines:
        """A type with a name.

        Args:
            known: The definitions that stand above it.
        """
        head = self._imports.name("typing_extensions", "TypeAliasType")
        name = self._classes[definition.name]
        kind = self._types.of(definition.type)
        if not all(one in known for one in references(definition.type)):
            kind = Name(quoted(flat(kind)))
        told = docstring(definition.notes.description, "")
        return [*laid(f"{name} = ", called(head, Name(quoted(name)), kind)), *told]

    def model(self, name: str, definition: Definition, role: Role) -> Lines:
        """A class, of an object."""
        structure = definition.type
        if isinstance(structure, Dictionary):
            structure = Structure(fields=(), extra=structure.values)
        assert isinstance(structure, Structure)
        says = role.base == "Refusal" and role.reason is not None
        fields = [one for one in structure.fields if not (says and one.name == "reason")]
        names = field_names((one.name for one in fields), self._classes.values())
        body = [line for one in fields for line in self._field(one, names[one.name])]
        settings = self._settings(structure, role)
        if any(names[one.name] != one.name for one in fields):
            settings["validate_by_name"] = Name("True")
        extras = self._extras(structure.extra)
        return self._class(name, role, settings, definition.notes.description, [*extras, *body])

    def opened(self, name: str, event: str | None, description: str) -> Lines:
        """A payload whose shape is left open, or is no object."""
        return self._class(name, Role(base="Open", event=event), {}, description, [])

    def pushed_as(self, name: str, base: str, event: str) -> Lines:
        """A model that is pushed as something else too."""
        told = {} if snake_case(name) == event else {"event": value(event)}
        return [*laid("", called(f"class {name}", Name(base), **told), ":"), f"{INDENT}pass"]

    def _class(
        self, name: str, role: Role, settings: dict[str, Expr], description: str, body: Lines
    ) -> Lines:
        module = "pydantic" if role.base == "BaseModel" else "channelkit"
        base = Name(self._imports.name(module, role.base))
        statement = called(f"class {name}", base, **self._told(name, role), **settings)
        told = docstring(description, INDENT)
        gap = [""] if told and body else []
        inner = [*told, *gap, *body] or [f"{INDENT}pass"]
        return [*laid("", statement, ":"), *inner]

    def _told(self, name: str, role: Role) -> dict[str, Expr]:
        """What stands in the class statement about the wire."""
        told: dict[str, Expr] = {}
        natural = snake_case(name)
        if role.event is not None and role.event != natural:
            told["event"] = value(role.event)
        if role.base == "Refusal":
            if role.reason != natural:
                told["reason"] = value(role.reason)
            if role.status not in {None, 403}:
                told["status"] = value(role.status)
        return told

    def _settings(self, structure: Structure, role: Role) -> dict[str, Expr]:
        if structure.extra is not None:
            return {"extra": value("allow")}
        # To a client that forbids them, a field that the server adds would be a break.
        forbids = structure.closed and not role.is_received
        return {"extra": value("forbid")} if forbids else {}

    def _extras(self, kind: Type | None) -> Lines:
        """Of which type the fields without a name are."""
        if kind is None or kind == Anything():
            return []
        extras = flat(subscript("dict", Name("str"), self._types.of(kind)))
        why = "# pyright: ignore[reportIncompatibleVariableOverride]"
        return [f"{INDENT}__pydantic_extra__: {extras}  {why}"]

    def _field(self, one: Field, attribute: str) -> Lines:
        kind, given = self._kind(one)
        if one.notes.secret:
            kind = self._types.annotated(kind, called(self._imports.name("channelkit", "Secret")))
        named: dict[str, Expr] = {}
        if attribute != one.name:
            named["alias"] = value(one.name)
        if one.notes.deprecated:
            named["deprecated"] = Name("True")
        if named:
            kind = self._types.annotated(kind, **named)
        if isinstance(given, Name) and len(given.text) > 40:
            given = called(self._imports.name("pydantic", "Field"), default=given)
        lines = assigned(attribute, kind, given, INDENT)
        return [*lines, *docstring(one.notes.description, INDENT)]

    def _kind(self, one: Field) -> tuple[Expr, Expr | None]:
        """The annotation of a field, and its default."""
        kind = self._types.of(one.type)
        if one.default is None:
            return (kind, None) if one.required else (self._omitted(one.type, kind), Name("None"))
        given = json.loads(one.default)
        default = self._defaults.of(one.type, given)
        if default is not None:
            return kind, default
        if one.required:
            told = value({"default": given})
            return self._types.annotated(kind, json_schema_extra=told), None
        return self._omitted(one.type, kind, default=value(given)), Name("None")

    def _omitted(self, kind: Type, base: Expr, **named: Expr) -> Expr:
        """A field that is left out where it is None."""
        if _takes_null(kind):
            named = {"nullable": Name("True"), **named}
        mark = called(self._imports.name("channelkit.omitted", "omitted"), **named)
        return self._types.annotated(self._types.optional(base), mark)


def _takes_null(kind: Type) -> bool:
    arms = kind.arms if isinstance(kind, Union) else (kind,)
    return any(isinstance(arm, (Null, Anything)) for arm in arms)

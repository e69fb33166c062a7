"""Which names a Python module of a client uses: its own, and what it imports. Pure."""

from __future__ import annotations

from keyword import iskeyword, kwlist
from typing import TYPE_CHECKING, Final, final
from unicodedata import normalize

from ...channel import Channel
from ...messages import Message, Refusal
from ..names import Style, identifier, identifiers
from .text import WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Imports", "class_names", "distinct", "field_names", "fits", "method_names", "stays"]

THIRD: Final = frozenset({"channelkit", "channelkit.omitted", "pydantic", "typing_extensions"})
"""What is imported that Python does not bring itself."""

LONGEST: Final = 40
"""Signs of a name that is taken as it is: generic models have long ones."""

WRITTEN: Final = frozenset({"bool", "bytes", "dict", "dt", "float", "int", "list", "set"}) | {
    "str",
    "tuple",
}
"""What annotations are made of, beside what is imported by its name."""

_IN_FIELDS: Final = ("Annotated", "Decimal", "Field", "JsonValue", "Literal", "Never", "Secret")
_IN_CHANNELS: Final = ("Any", "AsyncIterator", "Ok", "Open", "Presence", "channel", "on_event")
IMPORTED: Final = frozenset(
    f"{name}{end}"
    for name in (*_IN_FIELDS, *_IN_CHANNELS, "UUID", "omitted", "on_join")
    for end in ("", "_")  # as it is called where a class has its name
)
"""What is imported for the annotations of fields and handlers, and their decorators."""

TAKEN_IN_MODELS: Final = frozenset({*dir(Message), *dir(Refusal), "model_config", "payload"})
TAKEN_IN_CHANNELS: Final = frozenset(dir(Channel))


def fits(name: str) -> bool:
    """Whether it is an identifier that means itself, and is nobody's secret."""
    plain = name.isidentifier() and normalize("NFKC", name) == name
    return plain and not iskeyword(name) and not name.startswith("_")


def class_names(names: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """A class name for each name; one that reads well as a Python name stays as it is."""
    every = sorted({*names})
    reserved = {*taken, *WRITTEN}
    good = (name for name in every if fits(name) and "__" not in name and len(name) <= LONGEST)
    kept = {name: name for name in good if name not in reserved}
    style = Style(case="pascal", reserved={*reserved, *kept, *kwlist}, empty="Model")
    return kept | identifiers((name for name in every if name not in kept), style)


def field_names(names: Iterable[str], classes: Iterable[str]) -> dict[str, str]:
    """An attribute for each field; one that Python can have stays as it is."""
    every = [*dict.fromkeys(names)]
    reserved = _taken_in_models(classes)
    kept = [name for name in every if stays(name, classes)]
    style = Style(case="snake", reserved={*reserved, *kwlist}, lead="field_", empty="field")
    found = {name: name for name in kept}
    for name in every:
        if name not in found:
            found[name] = distinct(identifier(name, style).removeprefix("model_"), found.values())
    return found


def stays(field: str, classes: Iterable[str]) -> bool:
    """Whether a field's name can be that of its attribute."""
    taken = field.startswith("model_") or field in _taken_in_models(classes)
    return fits(field) and not taken


def method_names(events: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """A method for each event."""
    reserved = {*TAKEN_IN_CHANNELS, *WRITTEN, *IMPORTED, *taken, *kwlist}
    style = Style(case="snake", reserved=reserved, lead="event_", empty="event")
    return identifiers(events, style)


def distinct(name: str, taken: Iterable[str]) -> str:
    """The name, or with underscores behind it until nobody has it."""
    others = {*taken}
    while name in others or not fits(name):
        name = f"{name}_"
    return name


def _taken_in_models(classes: Iterable[str]) -> set[str]:
    return {*TAKEN_IN_MODELS, *WRITTEN, *IMPORTED, *classes}


@final
class Imports:
    """What a module imports, under names that it has not given itself.

    Args:
        taken: The names of its own classes.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken}
        self._names: dict[tuple[str, str], str] = {}
        self._modules: dict[str, str] = {}

    def module(self, name: str, short: str) -> str:
        """A module, by its short name."""
        self._modules[name] = short
        return short

    def name(self, module: str, name: str) -> str:
        """A name from a module, as it is called here."""
        key = module, name
        if key not in self._names:
            self._names[key] = distinct(name, self._taken)
            self._taken.add(self._names[key])
        return self._names[key]

    def lines(self) -> list[str]:
        """The statements, in the order that formatters want."""
        own = [module for module, _ in self._names if module not in THIRD]
        others = [module for module, _ in self._names if module in THIRD]
        plain = [f"import {name} as {short}" for name, short in sorted(self._modules.items())]
        first = [*plain, *(line for module in sorted({*own}) for line in self._from(module))]
        second = [line for module in sorted({*others}) for line in self._from(module)]
        return [*first, "", *second] if first and second else [*first, *second]

    def _from(self, module: str) -> list[str]:
        found = {name: short for (source, name), short in self._names.items() if source == module}
        names = [
            name if found[name] == name else f"{name} as {found[name]}"
            for name in sorted(found, key=lambda name: (name[:1].islower(), name))
        ]
        line = f"from {module} import {', '.join(names)}"
        if len(line) <= WIDTH:
            return [line]
        return [f"from {module} import (", *(f"    {name}," for name in names), ")"]

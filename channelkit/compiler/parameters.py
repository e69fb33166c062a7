"""A channel's topic parameters: their annotations, and how their texts are read. Pure."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NewType, get_args, get_origin
from uuid import UUID

from pydantic import PlainValidator, TypeAdapter
from pydantic.errors import PydanticUserError

from ..topics import segment
from .annotations import arms, shown
from .class_codes import ClassCode
from .marks import annotated, body, is_shared
from .problems import did_you_mean
from .secret_marks import IN_TOPIC, check_unmarked
from .signatures import Scope, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..channel import AnyChannel
    from ..errors import Place
    from ..topics import TopicPattern
    from .payload_types import Reading

__all__ = ["read_parameters"]

_SIMPLE: Final = (str, int, bool, UUID, date)


def read_parameters(
    channel: type[AnyChannel], pattern: TopicPattern, reading: Reading
) -> dict[str, TypeAdapter[Any]]:
    """What reads each parameter of the pattern; those that cannot be read are reported."""
    given, written = body(channel), annotated(channel)
    bare = {
        name: (owner, annotation)
        for name, (owner, annotation) in written.items()
        if name not in given and not is_shared(annotation)
    }
    _check_names(channel, pattern, bare, reading)
    adapters: dict[str, TypeAdapter[Any]] = {}
    for name in pattern.parameters:
        if name in bare:
            owner, annotation = bare[name]
            place = reading.findings.places.of_attribute(owner, name)
            scope = Scope.of_body(owner, place.file, reading.bound.get(owner, {}))
            meant = resolve(annotation, scope, place, reading.findings)
            check_unmarked(meant, place, IN_TOPIC, reading.findings)
            if meant is not None:
                adapters |= _read_type(meant, pattern, name, place, reading)
    return adapters


def _check_names(
    channel: type[AnyChannel],
    pattern: TopicPattern,
    bare: Mapping[str, tuple[type, object]],
    reading: Reading,
) -> None:
    """Each parameter has a bare annotation, and the reverse."""
    places = reading.findings.places
    strangers = [name for name in bare if name not in pattern.parameters]
    lost = [name for name in pattern.parameters if name not in bare]
    for name in lost:
        state = annotated(channel).get(name)
        there = (places.of_attribute(state[0], name),) if state else ()
        reading.findings.report(
            ClassCode.PARAMETER_NOT_ANNOTATED,
            *there,
            places.of_pattern(channel),
            got=f"{name} as a ClassVar or with a default" if state else f"none for {name}",
            hint=did_you_mean(name, strangers),
            parameter=name,
        )
    for name in strangers:
        reading.findings.report(
            ClassCode.NO_SUCH_PARAMETER,
            places.of_attribute(bare[name][0], name),
            places.of_pattern(channel),
            got=name,
            hint=did_you_mean(name, lost),
            pattern=pattern.text,
            parameters=", ".join(pattern.parameters) or "there are none",
        )


def _read_type(
    meant: object, pattern: TopicPattern, name: str, place: Place, reading: Reading
) -> dict[str, TypeAdapter[Any]]:
    """The parameter's adapter under its name; nothing where there can be none."""
    kind = _kind(meant)
    if name == pattern.rest and kind is not str:
        reading.findings.report(ClassCode.REST_TYPE, place, got=shown(meant), parameter=name)
        return {}
    try:
        return {name: _adapter(meant, kind)}
    except (TypeError, ValueError, PydanticUserError) as error:
        reading.findings.report(
            ClassCode.PARAMETER_TYPE, place, got=f"{name}: {shown(meant)} ({error})"
        )
        return {}


def _kind(meant: object) -> object:
    """The type beneath `Annotated`, aliases and `NewType`."""
    match arms(meant):
        case (NewType() as alias,):
            return _kind(alias.__supertype__)
        case (kind,):
            return kind
        case _:
            return meant


def _adapter(meant: Any, kind: object) -> TypeAdapter[Any]:
    """What turns a parameter's text into its value.

    Raises:
        TypeError: No text in a topic has this type.
        ValueError: Some of its values have no text of their own.
    """
    if any(kind is simple for simple in _SIMPLE):
        return TypeAdapter(meant)
    values = _values(kind)
    table = {segment(value): value for value in values}
    if not values:
        raise TypeError("it has no form in a topic")
    if len(table) < len(values):
        raise ValueError("two of its values have the same text")
    if any(not text or ":" in text for text in table):
        raise ValueError("not every value is one segment of a topic")
    # Literals and enumerations of int take no text by themselves.
    reader = PlainValidator(_one_of(table), json_schema_input_type=kind)
    read: Any = Annotated[meant, reader]
    return TypeAdapter(read)


def _values(kind: object) -> list[object]:
    """The values of a literal or an enumeration of texts and numbers; none for another type."""
    if get_origin(kind) is Literal:
        values = [(value, value) for value in get_args(kind)]
    elif isinstance(kind, type) and issubclass(kind, Enum):
        values = [(member, member.value) for member in kind]
    else:
        return []
    plain = all(type(value) in {str, int} for _, value in values)
    return [member for member, _ in values] if plain else []


def _one_of(table: Mapping[str, object]) -> Callable[[str], object]:
    def read(text: str) -> object:
        if text not in table:
            raise ValueError("none of the values")
        return table[text]

    return read

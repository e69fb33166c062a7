"""Which fields of a payload are secrets by their type, read from pydantic's schemas. Pure.

A schema becomes a graph of places, which is walked along with a value. Where
a union or a recursive model makes several places of one, all are looked at:
what one of them calls a secret is masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast, final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = ["Secret", "SecretPlace", "secret_place"]

_MARK: Final = "channelkit_secret"
"""What `Secret` leaves in the metadata of a schema."""


@final
@dataclass(frozen=True, slots=True)
class Secret:
    """Marks a value that is shown nowhere: in no log line, no instrument, no repr.

    It goes over the wire as it is; in JSON Schema it is ``writeOnly``.
    pydantic's ``SecretStr`` has the same effect without the mark.

    Example:
        ```python
        class Login(Message):
            name: str
            pin: Annotated[str, Secret()]
            answers: list[Annotated[str, Secret()]] = []
        ```
    """

    # Class methods, so that `Secret` without the parentheses is a mark as well.

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = cast("dict[str, Any]", handler(source))
        marked = {**schema, "metadata": {**schema.get("metadata", {}), _MARK: True}}
        return cast("CoreSchema", marked)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {**handler(schema), "writeOnly": True}


@final
class SecretPlace:
    """A place in a schema at which, or below which, something is secret.

    Attributes:
        whole: All that stands here is secret.
        same: Other places that this one may be: a union's arms, what a wrapper holds.
        fields: The named fields here, by every name they can have. Those
            without a secret are known, and lead nowhere.
        values: The values of a mapping here, and of fields without a name.
        items: The items of a list here.
    """

    __slots__ = ("fields", "items", "same", "values", "whole")

    def __init__(self) -> None:
        self.whole = False
        self.same: list[SecretPlace] = []
        self.fields: dict[str, list[SecretPlace]] = {}
        self.values: list[SecretPlace] = []
        self.items: list[SecretPlace] = []

    @property
    def ways(self) -> list[list[SecretPlace]]:
        """The lists of places one step on."""
        return [self.same, self.values, self.items, *self.fields.values()]


_Schema: TypeAlias = "Mapping[str, Any]"


def secret_place(schema: object) -> SecretPlace | None:
    """Where the secrets in a core schema stand, None if it holds none."""
    graph = _Graph()
    start = graph.place(cast("_Schema", schema))
    graph.prune()
    return start if graph.leads_to_secret(start) else None


@final
class _Graph:
    """Reads one schema."""

    def __init__(self) -> None:
        self._places: list[SecretPlace] = []
        self._named: dict[str, SecretPlace] = {}
        self._secret: set[SecretPlace] = set()

    def place(self, schema: _Schema) -> SecretPlace:
        """The place that a schema describes, and all below it."""
        place = self._at(schema.get("ref"))
        place.whole = _is_marked(schema)
        match schema["type"]:
            case "definitions":
                self._all(schema["definitions"])  # what they name is referred to
                place.same.append(self.place(schema["schema"]))
            case "definition-ref":
                place.same.append(self._at(schema["schema_ref"]))
            case "model-fields" | "typed-dict":
                for name, field in schema["fields"].items():
                    self._field(place, name, field)
                place.values += self._all(schema.get("extras_schema"))
            case "dataclass-args":
                for field in schema["fields"]:
                    self._field(place, field["name"], field)
            case "named-tuple" | "arguments":  # of a NamedTuple, by newer and older pydantics
                for field in schema.get("fields") or schema["arguments_schema"]:
                    place.items.append(self._field(place, field["name"], field))
            case "dict":
                place.values += self._all(schema.get("values_schema"))
                keys = self._all(schema.get("keys_schema"))
                place.whole |= any(key.whole for key in keys)
            case "list" | "set" | "frozenset" | "generator" | "tuple":
                place.items += self._all(schema.get("items_schema"))
            case _:
                inner = (schema[key] for key in schema.keys() - _NO_SCHEMAS)
                place.same += [found for value in inner for found in self._all(value)]
        for field in schema.get("computed_fields", ()):
            self._field(place, field["property_name"], {**field, "schema": field["return_schema"]})
        return place

    def prune(self) -> None:
        """Leave only the ways that lead to a secret."""
        self._secret = {place for place in self._places if place.whole}
        before = -1
        while before < len(self._secret):
            before = len(self._secret)
            self._secret.update(filter(self._leads_on, self._places))
        for place in self._places:
            for way in place.ways:
                way[:] = filter(self.leads_to_secret, way)

    def leads_to_secret(self, place: SecretPlace) -> bool:
        """Whether something here or below is secret; known once it is pruned."""
        return place in self._secret

    def _leads_on(self, place: SecretPlace) -> bool:
        return any(not self._secret.isdisjoint(way) for way in place.ways)

    def _at(self, name: str | None) -> SecretPlace:
        """The place of a schema, by the name that others refer to it by."""
        if name in self._named:
            return self._named[name]
        place = SecretPlace()
        self._places.append(place)
        if name is not None:
            self._named[name] = place
        return place

    def _field(self, place: SecretPlace, name: str, field: _Schema) -> SecretPlace:
        """The place of a named field, led to by every name of it."""
        inner = self.place(field["schema"])
        place.fields.setdefault(name, []).append(inner)
        for path in _aliases(field):
            self._along(place, path, inner)
        return inner

    def _along(self, place: SecretPlace, path: list[str | int], inner: SecretPlace) -> None:
        """Lead from a place to another one by the path of an alias."""
        *steps, last = path
        for step in steps:
            between = self._at(None)
            _next(place, step).append(between)
            place = between
        _next(place, last).append(inner)

    def _all(self, value: object) -> list[SecretPlace]:
        """The places of all schemas in a part of a schema."""
        match value:
            case {"type": str()}:
                return [self.place(cast("_Schema", value))]
            case dict():
                inner = list(cast("dict[object, object]", value).values())
            case list() | tuple():
                inner = list(cast("list[object]", value))
            case _:
                inner = []
        return [place for one in inner for place in self._all(one)]


_NO_SCHEMAS: Final = frozenset({"type", "ref", "cls", "config", "default", "expected", "metadata"})


def _is_marked(schema: _Schema) -> bool:
    if _MARK in schema.get("metadata", {}):
        return True
    # pydantic's SecretStr, SecretBytes and Secret[...]: they have nothing else in common.
    function = schema.get("serialization", {}).get("function")
    return getattr(function, "__name__", "").startswith("_serialize_secret")


def _aliases(field: _Schema) -> Iterator[list[str | int]]:
    """The names of a field beside its own, each as a path."""
    for key in ("validation_alias", "serialization_alias", "alias"):
        alias: Any = field.get(key)
        if isinstance(alias, str):
            yield [alias]
        elif alias:  # one path, or several to choose from
            yield from alias if isinstance(alias[0], list) else [alias]


def _next(place: SecretPlace, step: str | int) -> list[SecretPlace]:
    return place.items if isinstance(step, int) else place.fields.setdefault(step, [])

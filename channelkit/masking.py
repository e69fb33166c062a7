"""Payloads and models fit to be shown: their secrets masked, by name and by type. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias, cast, final
from weakref import WeakKeyDictionary

from pydantic import BaseModel, RootModel

from .filters import MASK, FilterParameters
from .secrecy import secret_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic import JsonValue

    from .secrecy import SecretPlace

__all__ = ["Masked", "Secrets", "masked", "shown_fields"]

USUAL: Final = FilterParameters()

MAX_VALUES: Final = 1000
"""Values of one payload that are shown; the rest is cut."""

MAX_TEXT: Final = 1000
"""Characters of one text that are shown."""

CUT: Final = "…"

_Places: TypeAlias = "Sequence[SecretPlace]"


@final
class Secrets:
    """Where in the payloads of some models secrets stand by their type.

    Attributes:
        paths: The secret fields, as ``login.pin`` or ``cards[].number``; ``{}``
            stands for the values of a mapping. What holds itself is told once.
    """

    __slots__ = ("_places", "paths")

    def __init__(self, payloads: Iterable[tuple[type[BaseModel], str | None]] = ()) -> None:
        """Read the models.

        Args:
            payloads: Complete models; with the name of a field where the
                payload is no more than that field.
        """
        self._places = [place for model, field in payloads for place in _inside(model, field)]
        self.paths = tuple(dict.fromkeys(_paths(self._places, "", frozenset())))

    def masked(self, payload: object, filters: FilterParameters = USUAL) -> JsonValue:
        """A payload as it came, fit to be shown; what is very long in it is cut."""
        return cast("JsonValue", _Walk(filters).masked(payload, self._places))


def masked(payload: object, filters: FilterParameters = USUAL) -> JsonValue:
    """A payload of no known type, fit to be shown: secrets are masked by their name."""
    return cast("JsonValue", _Walk(filters).masked(payload, ()))


@final
class Masked:
    """A payload that is masked when it is read, and not before."""

    __slots__ = ("_filters", "_payload", "_secrets")

    def __init__(self, payload: object, secrets: Secrets, filters: FilterParameters) -> None:
        self._payload = payload
        self._secrets = secrets
        self._filters = filters

    @property
    def value(self) -> JsonValue:
        """What may be shown of it."""
        return self._secrets.masked(self._payload, self._filters)

    def __repr__(self) -> str:
        return repr(self.value)


def shown_fields(
    model: type[BaseModel], fields: Iterable[tuple[str | None, object]]
) -> Iterator[tuple[str | None, object]]:
    """What a model's repr shows of its fields: secrets by type are masked, at any depth."""
    if not model.__pydantic_complete__:  # its types are not known yet, nor its secrets
        yield from ((name, MASK) for name, _ in fields)
        return
    places = _meant(_places(model))
    for name, value in fields:
        root = issubclass(model, RootModel)
        yield name, _shown(value, places if root else _in_field(places, name or ""))


# Masking by type stops where nothing below is secret: `places` is empty then. Where something
# is, a value that is not of the declared shape is masked whole; it may be the secret, misplaced.


@final
class _Walk:
    """Masks one payload, which may be as big as a peer likes: what nobody would read is cut."""

    def __init__(self, filters: FilterParameters) -> None:
        self._filters = filters
        self._left = MAX_VALUES

    def masked(self, value: object, places: _Places, *, kept: bool = False) -> object:
        """The value, masked.

        Args:
            kept: Above it stands a field of a name that the filters keep.
        """
        self._left -= 1
        places = _meant(places)
        if any(place.whole for place in places):
            return MASK
        match value:
            case BaseModel():
                dumped = value.model_dump(mode="json", by_alias=True, fallback=repr, warnings=False)
                return self.masked(dumped, [*places, *_places(type(value))], kept=kept)
            case dict() if not places or _has_fields(places):
                return self._fields(cast("dict[str, object]", value), places, kept=kept)
            case list() if not places or _has_items(places):
                items = [item for place in places for item in place.items]
                return self._items(cast("list[object]", value), items, kept=kept)
            case None:
                return None
            case _ if places or not (kept or self._filters.kept is None):
                return MASK
            case bytes():
                return f"<{len(value)} bytes>"
            case str():
                return self._text(value, kept=kept)
            case _:
                return value

    def _fields(
        self, fields: dict[str, object], places: _Places, *, kept: bool
    ) -> dict[str, object]:
        filters, shown = self._filters, dict[str, object]()
        for name, field in fields.items():
            if self._left <= 0:
                shown[CUT] = CUT
                break
            if not kept and filters.hides(name):
                self._left -= 1
                shown[_cut(name)] = MASK
            else:
                keep = kept or (filters.kept is not None and name in filters.kept)
                shown[_cut(name)] = self.masked(field, _in_field(places, name), kept=keep)
        return shown

    def _items(self, items: list[object], places: _Places, *, kept: bool) -> list[object]:
        shown: list[object] = []
        for item in items:
            if self._left <= 0:
                shown.append(CUT)
                break
            shown.append(self.masked(item, places, kept=kept))
        return shown

    def _text(self, text: str, *, kept: bool) -> str:
        shown = _cut(text)
        return MASK if not kept and self._filters.hides_text(shown) else shown


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + CUT


def _shown(value: object, places: _Places) -> object:
    """The value with a repr that holds no secret by type; itself, if its own holds none."""
    places = _meant(places)
    if any(place.whole for place in places):
        return MASK
    match value:
        case BaseModel():
            return _shown_model(value)
        case dict() if not places or _has_fields(places):
            mapping = cast("dict[object, object]", value)
            fields = {key: _shown(one, _in_field(places, str(key))) for key, one in mapping.items()}
            same = all(fields[key] is one for key, one in mapping.items())
            return mapping if same else fields
        case list() | tuple() | set() | frozenset() if not places or _has_items(places):
            whole = tuple(cast("Iterable[object]", value))
            items = [item for place in places for item in place.items]
            parts = [_shown(item, items) for item in whole]
            same = all(part is item for part, item in zip(parts, whole, strict=True))
            return cast("object", value) if same else parts
        case _:
            return MASK if places and value is not None else value


def _shown_model(model: BaseModel) -> object:
    """A model that may be none of ours, whose own repr hides nothing."""
    if not any(_places(type(model))):
        return model
    fields = shown_fields(type(model), model.__repr_args__())
    return _Words(f"{type(model).__name__}({', '.join(f'{n}={value!r}' for n, value in fields)})")


class _Words:
    """Shows as it was told to."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


# Walking through the places.


_KNOWN: Final[WeakKeyDictionary[type[BaseModel], SecretPlace | None]] = WeakKeyDictionary()


def _places(model: type[BaseModel]) -> list[SecretPlace]:
    """Where a model's secrets stand: at most one place, none where it has no secrets."""
    if model not in _KNOWN:
        _KNOWN[model] = secret_place(model.__pydantic_core_schema__)
    place = _KNOWN[model]
    return [] if place is None else [place]


def _inside(model: type[BaseModel], field: str | None) -> list[SecretPlace]:
    places = _places(model)
    return places if field is None else _in_field(_meant(places), field)


def _meant(places: _Places) -> list[SecretPlace]:
    """All places that these may stand for."""
    found = list(places)
    for place in found:  # it grows meanwhile
        found.extend(other for other in place.same if other not in found)
    return found


def _in_field(places: _Places, name: str) -> list[SecretPlace]:
    return [inner for place in places for inner in place.fields.get(name, place.values)]


def _has_fields(places: _Places) -> bool:
    return any(place.fields or place.values for place in places)


def _has_items(places: _Places) -> bool:
    return any(place.items for place in places)


def _paths(places: _Places, path: str, above: frozenset[SecretPlace]) -> Iterator[str]:
    for place in _meant(places):
        if place.whole:
            yield path
        elif place not in above:
            within = above | {place}
            for name, inner in place.fields.items():
                yield from _paths(inner, f"{path}.{name}" if path else name, within)
            yield from _paths(place.values, path + "{}", within)
            yield from _paths(place.items, path + "[]", within)

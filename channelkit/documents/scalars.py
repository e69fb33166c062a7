"""Sample texts and numbers: valid ones, told by what they are called. Pure."""

from __future__ import annotations

import math
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from .patterns import accepts, matching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..contract.form import Schema

__all__ = ["PLAIN", "WORDS", "count", "number", "numbers", "text", "texts"]

_Number: TypeAlias = int | float

WORDS: Final = {
    "name": "ann",
    "user": "ann",
    "username": "ann",
    "nick": "ann",
    "author": "ann",
    "body": "hello",
    "text": "hello",
    "message": "hello",
    "content": "hello",
    "title": "A title",
    "email": "ann@example.com",
    "url": "https://example.com/",
    "color": "#336699",
    "colour": "#336699",
    "room": "lobby",
}
"""What a text may well be, by the name of its field."""

FORMATS: Final = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "time": "03:04:05Z",
    "duration": "PT1H",
    "email": "ann@example.com",
    "name-email": "Ann <ann@example.com>",
    "uuid": "01234567-89ab-4def-8123-456789abcdef",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "ipvanyaddress": "192.0.2.1",
    "ipv4network": "192.0.2.0/24",
    "ipv6network": "2001:db8::/32",
    "ipv4interface": "192.0.2.1/24",
    "ipv6interface": "2001:db8::1/32",
    "json-string": "{}",
    "base64url": "aGVsbG8=",
    "binary": "hello",
}
UUIDS: Final = {f"uuid{version}": version for version in range(1, 9)}

BOUNDS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "minimum": ge,
    "maximum": le,
    "exclusiveMinimum": gt,
    "exclusiveMaximum": lt,
    "multipleOf": lambda found, step: found % step == 0,
}

PLAIN: Final = "text"
SHOWN: Final = 42
"""A number for what is called an id."""


def count(schema: Schema, word: str) -> int | None:
    """How many a keyword asks for, None where it does not stand there."""
    found = schema.get(word)
    return int(found) if isinstance(found, (int, float)) else None


def text(schema: Schema, name: str) -> str | None:
    """A text that the schema accepts, None where none is thought of.

    Args:
        name: What it is called.
    """
    form = str(schema.get("format", ""))
    if form in FORMATS:
        return FORMATS[form]
    if form in UUIDS:
        return FORMATS["uuid"].replace("4def", f"{UUIDS[form]}def")
    return next(texts(schema, WORDS.get(name, name or PLAIN)), None)


def texts(schema: Schema, word: str = PLAIN) -> Iterator[str]:
    """Different texts of a schema."""
    least, most = count(schema, "minLength") or 0, count(schema, "maxLength")
    pattern = schema.get("pattern")
    for ending in ("", *map(str, range(2, 100))):
        room = None if most is None else most - len(ending)
        if room is not None and room < 0:
            return
        found = word[:room].ljust(least - len(ending), "x") + ending
        if not isinstance(pattern, str) or accepts(pattern, found):
            yield found
    if isinstance(pattern, str):
        written = (matching(pattern, least + more, most) for more in range(20))
        yield from filter(None, written)


def number(schema: Schema, name: str, *, whole: bool) -> _Number | None:
    """A number that the schema accepts, None where none is thought of.

    Args:
        name: What it is called.
        whole: Whether it has to be an integer.
    """
    default = schema.get("default")
    wanted: list[_Number] = []
    if isinstance(default, (int, float)) and not isinstance(default, bool):
        wanted.append(default)
    if name == "id" or name.endswith("_id"):
        wanted.append(SHOWN)
    several = (*wanted, *numbers(schema, whole=whole))
    return next((found for found in several if _fits(schema, found, whole=whole)), None)


def numbers(schema: Schema, *, whole: bool) -> Iterator[_Number]:
    """Different numbers of a schema."""
    for found in _likely(schema, whole=whole):
        if _fits(schema, found, whole=whole):
            yield found


def _likely(schema: Schema, *, whole: bool) -> Iterator[_Number]:
    """Numbers that may fit: small ones, then those near a bound, then those between two."""
    yield from (1, 0, 1.5)
    step = cast("_Number", schema.get("multipleOf", 1)) or 1
    low = _bound(schema, "minimum", "exclusiveMinimum")
    high = _bound(schema, "maximum", "exclusiveMaximum")
    begin = math.floor((low if low is not None else high or 0) / step)
    for away in range(100):
        yield (begin + away) * step
        yield (begin - away) * step
    if not whole and low is not None and high is not None:
        for part in range(1, 100):
            yield low + (high - low) * part / 100


def _bound(schema: Schema, *words: str) -> _Number | None:
    for word in words:
        found = schema.get(word)
        if isinstance(found, (int, float)):
            return found
    return None


def _fits(schema: Schema, found: _Number, *, whole: bool) -> bool:
    if whole and not float(found).is_integer():
        return False
    for word, bound in schema.items():
        if word in BOUNDS and isinstance(bound, (int, float)) and not BOUNDS[word](found, bound):
            return False
    return True

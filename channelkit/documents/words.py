"""A JSON Schema in words: ``string, at most 2000 characters``. Pure.

The words come in pieces, so that each document can write a name in its own
code signs and make of a reference its own link; `plain` joins them to a text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic import JsonValue

    from ..contract.form import Payload, Schema

__all__ = [
    "FieldWords",
    "Word",
    "field_words",
    "inline",
    "name_of",
    "payload_words",
    "plain",
    "schema_words",
]

FORMATS: Final = {
    "date-time": "date and time (ISO 8601)",
    "date": "date (ISO 8601)",
    "time": "time (ISO 8601)",
    "duration": "duration (ISO 8601)",
    "email": "email address",
    "uuid": "UUID",
    "uri": "URL",
    "binary": "bytes as text",
    "base64url": "bytes in URL-safe base64",
    "json-string": "JSON in a string",
    "ipv4": "IPv4 address",
    "ipv6": "IPv6 address",
}
UNITS: Final = {
    ("minLength", "maxLength"): ("character", "characters"),
    ("minItems", "maxItems"): ("item", "items"),
    ("minProperties", "maxProperties"): ("key", "keys"),
}
ANY: Final = "any JSON"
TO: Final = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a description.

    Attributes:
        code: Whether it is to be shown as it is written in code.
        ref: The name of the schema that it names, if it does: something to link to.
    """

    text: str
    code: bool = False
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """A field of an object, in words.

    Attributes:
        type: Its type with everything that is asked of it.
        default: What is taken where it is left out, as JSON; None where nothing is.
        examples: What the author gives as examples, as JSON.
        secret: Whether it is never shown (`Secret`).
    """

    name: str
    type: tuple[Word, ...]
    required: bool
    default: str | None
    description: str
    examples: tuple[str, ...]
    secret: bool
    deprecated: bool


def plain(words: Iterable[Word]) -> str:
    """The words as one text."""
    return "".join(word.text for word in words)


def name_of(ref: str) -> str:
    """The name of the schema that a reference leads to."""
    return ref.rpartition("/")[2]


def inline(schema: Schema) -> bool:
    """Whether a schema is told in place, in words, rather than as a table of its fields."""
    return not ("properties" in schema or schema.get("type") == "object")


def payload_words(payload: Payload) -> tuple[Word, ...]:
    """What a payload may be."""
    match payload.kind:
        case "model":
            name = name_of(payload.ref)
            return (Word(name, code=True, ref=name),)
        case "open":
            return (Word("any JSON, or binary"),)
        case "binary":
            return (Word("binary"),)
        case "empty":
            return (Word("{}", code=True),)
        case _ as unknown:
            assert_never(unknown)


def schema_words(schema: JsonValue, schemas: Mapping[str, Schema]) -> tuple[Word, ...]:
    """The type that a schema means, and what it asks beyond it."""
    return tuple(_words(schema, schemas, ()))


def field_words(schema: Schema, schemas: Mapping[str, Schema]) -> tuple[FieldWords, ...]:
    """The fields of an object, in the order in which they are declared."""
    properties = schema.get("properties")
    required = schema.get("required")
    names = required if isinstance(required, list) else []
    if not isinstance(properties, dict):
        return ()
    return tuple(
        _field(name, inner, schemas, required=name in names) for name, inner in properties.items()
    )


def _field(
    name: str, schema: JsonValue, schemas: Mapping[str, Schema], *, required: bool
) -> FieldWords:
    told = schema if isinstance(schema, dict) else {}
    examples = told.get("examples")
    return FieldWords(
        name=name,
        type=schema_words(schema, schemas),
        required=required,
        default=_json(told["default"]) if "default" in told else None,
        description=_text(told.get("description")),
        examples=tuple(map(_json, examples)) if isinstance(examples, list) else (),
        secret=told.get("writeOnly") is True,
        deprecated=told.get("deprecated") is True,
    )


def _words(
    schema: JsonValue, schemas: Mapping[str, Schema], within: tuple[str, ...]
) -> Iterator[Word]:
    """Args:
    within: The schemas that are being told in place, so that none is told in itself.
    """
    if not isinstance(schema, dict):
        yield Word("nothing" if schema is False else ANY)
        return
    ref = schema.get("$ref")
    if isinstance(ref, str):
        yield from _referred(name_of(ref), schemas, within)
    elif "const" in schema:
        yield Word(_json(schema["const"]), code=True)
    elif isinstance(values := schema.get("enum"), list):
        yield from _joined([(Word(_json(value), code=True),) for value in values])
    elif isinstance(arms := schema.get("anyOf", schema.get("oneOf")), list):
        yield from _joined([tuple(_words(arm, schemas, within)) for arm in arms])
    elif isinstance(parts := schema.get("allOf"), list):
        yield from _joined([tuple(_words(part, schemas, within)) for part in parts], " and ")
    else:
        yield from _typed(schema, schemas, within)


def _referred(name: str, schemas: Mapping[str, Schema], within: tuple[str, ...]) -> Iterator[Word]:
    schema = schemas.get(name)
    if schema is not None and inline(schema) and name not in within:
        yield from _words(schema, schemas, (*within, name))
    else:
        yield Word(name, code=True, ref=name)


def _joined(parts: list[tuple[Word, ...]], by: str = " or ") -> Iterator[Word]:
    """The alternatives: `a`, `b` or `c`."""
    for number, part in enumerate(parts):
        if number:
            last = number == len(parts) - 1
            yield Word(by if last or by != " or " else ", ")
        yield from part


def _typed(
    schema: Schema, schemas: Mapping[str, Schema], within: tuple[str, ...]
) -> Iterator[Word]:
    kinds = schema.get("type")
    kind = " or ".join(map(str, kinds)) if isinstance(kinds, list) else str(kinds or "")
    match kind:
        case "array":
            yield from _list(schema, schemas, within)
        case "object" if schema.get("properties"):
            yield Word("object")
        case "object":
            yield from _mapping(schema, schemas, within)
        case "string":
            form = schema.get("format")
            yield Word(FORMATS.get(str(form), str(form)) if form else "string")
        case "":
            yield Word(ANY)
        case _:
            yield Word(kind)
    yield from _asked(schema)


def _list(schema: Schema, schemas: Mapping[str, Schema], within: tuple[str, ...]) -> Iterator[Word]:
    places = schema.get("prefixItems")
    if isinstance(places, list):
        yield Word("list of exactly ")
        yield from _joined([tuple(_words(place, schemas, within)) for place in places], ", then ")
        return
    yield Word("list of different " if schema.get("uniqueItems") else "list of ")
    yield from _bracketed(_words(schema.get("items", True), schemas, within))


def _mapping(
    schema: Schema, schemas: Mapping[str, Schema], within: tuple[str, ...]
) -> Iterator[Word]:
    patterns = schema.get("patternProperties")
    values = schema.get("additionalProperties", True)
    yield Word("object")
    if isinstance(patterns, dict) and patterns:
        pattern, values = next(iter(patterns.items()))
        yield Word(" with keys that match ")
        yield Word(pattern, code=True)
    if isinstance(values, dict):
        yield Word(" of ")
        yield from _bracketed(_words(values, schemas, within))


def _bracketed(words: Iterable[Word]) -> Iterator[Word]:
    """In brackets where a comma or an "or" could be taken for one outside."""
    inner = tuple(words)
    if len(inner) > 1:
        yield from (Word("("), *inner, Word(")"))
    else:
        yield from inner


def _asked(schema: Schema) -> Iterator[Word]:
    """What is asked beyond the type, each behind a comma."""
    for (least, most), units in UNITS.items():
        counted = _counted(schema.get(least), schema.get(most), units)
        if counted:
            yield Word(f", {counted}")
    for bound in _bounds(schema):
        yield Word(f", {bound}")
    pattern = schema.get("pattern")
    if isinstance(pattern, str):
        yield Word(", matches ")
        yield Word(pattern, code=True)
    if schema.get("type") == "object" and schema.get("additionalProperties") is False:
        yield Word(", no other fields")


def _counted(least: JsonValue, most: JsonValue, units: tuple[str, str]) -> str:
    one, several = units
    if most is None:
        return "" if not least else f"at least {least} {one if least == 1 else several}"
    unit = one if most == 1 else several
    if not least:
        return f"at most {most} {unit}"
    return f"{least} {unit}" if least == most else f"{least}{TO}{most} {unit}"


def _bounds(schema: Schema) -> Iterator[str]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        yield f"{_json(least)} to {_json(most)}"
    elif least is not None:
        yield f"{_json(least)} or more"
    elif most is not None:
        yield f"{_json(most)} or less"
    if "exclusiveMinimum" in schema:
        yield f"more than {_json(schema['exclusiveMinimum'])}"
    if "exclusiveMaximum" in schema:
        yield f"less than {_json(schema['exclusiveMaximum'])}"
    if "multipleOf" in schema:
        yield f"a multiple of {_json(schema['multipleOf'])}"


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""

"""JSON Schemas of a contract → schemas of an AsyncAPI document. Pure.

A contract has draft 2020-12; AsyncAPI has a superset of draft 07, and its tools
replace a reference together with all that stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from ..ecmascript import reads

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ...contract.form import PresenceContract, Schema

__all__ = ["Object", "converted", "described", "nothing", "presence_schemas", "referred"]

Object: TypeAlias = "dict[str, JsonValue]"

ONE: Final = frozenset(
    {
        "additionalItems",
        "additionalProperties",
        "contains",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
    }
)
"""Keywords that hold a schema."""

SEVERAL: Final = frozenset({"allOf", "anyOf", "oneOf"})
NAMED: Final = frozenset({"patternProperties", "properties"})


def referred(ref: str) -> Object:
    """A reference to the schema that a contract's reference leads to."""
    return {"$ref": f"#/components/schemas/{ref.rpartition('/')[2]}"}


def described(text: str) -> Object:
    """A docstring: its first paragraph as the summary, all of it where there is more."""
    first, _, rest = text.strip().partition("\n\n")
    if not first:
        return {}
    summary = " ".join(first.split())
    return {"summary": summary, "description": text} if rest else {"summary": summary}


def nothing() -> Object:
    """The schema of the empty object."""
    return {"type": "object", "maxProperties": 0}


def converted(schema: JsonValue) -> JsonValue:
    """A schema of a contract as AsyncAPI has it."""
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        others = {key: value for key, value in schema.items() if key != "$ref"}
        reference = referred(str(schema["$ref"]))
        return {"allOf": [reference], **_keywords(others)} if others else reference
    return _keywords(schema)


def _keywords(schema: Schema) -> Object:
    made: Object = {}
    for word, value in schema.items():
        made.update(_keyword(word, value))
    if "prefixItems" in schema:
        places, rest = schema["prefixItems"], schema.get("items")
        made["items"] = _each(places)
        if rest is not None:
            made["additionalItems"] = converted(rest)
    return made


def _keyword(word: str, value: JsonValue) -> Object:
    if word in ONE:
        return {word: converted(value)}
    if word in SEVERAL:
        return {word: _each(value)}
    if word in NAMED and isinstance(value, dict):
        inner: Object = {name: converted(one) for name, one in value.items()}
        unread = [name for name in inner if word == "patternProperties" and not reads(name)]
        return {f"x-{word}": inner} if unread else {word: inner}
    if word == "pattern" and isinstance(value, str) and not reads(value):
        return {"x-pattern": value}  # another dialect: a tool would fail at it
    if word == "discriminator" and isinstance(value, dict):
        return {"x-discriminator": value.get("propertyName")}  # OpenAPI's, of another form
    return {} if word == "prefixItems" else {word: value}


def _each(schemas: JsonValue) -> JsonValue:
    return [converted(one) for one in schemas] if isinstance(schemas, list) else schemas


def presence_schemas(
    name: str, presence: PresenceContract, schemas: dict[str, Schema]
) -> dict[str, JsonValue]:
    """What the two events of presence carry in a channel, by name."""
    meta = _extended(
        schemas.get(presence.meta.ref.rpartition("/")[2], {}),
        {
            "phx_ref": {"type": "string", "description": "Which of the presences of its key."},
            "phx_ref_prev": {"type": "string", "description": "Which it took the place of."},
        },
        "phx_ref",
    )
    beside = {} if presence.beside is None else schemas[presence.beside.ref.rpartition("/")[2]]
    metas: Object = {"type": "array", "items": _own(name, "meta")}
    entry = _extended(beside, {"metas": metas}, "metas")
    state: Object = {"type": "object", "additionalProperties": _own(name, "key")}
    diff: Object = {
        "type": "object",
        "properties": {"joins": _own(name, "state"), "leaves": _own(name, "state")},
        "required": ["joins", "leaves"],
    }
    parts = {"meta": meta, "key": entry, "state": state, "diff": diff}
    return {
        f"{name}.presence_{part}": {"title": f"{name}Presence{part.capitalize()}", **schema}
        for part, schema in parts.items()
    }


def _own(name: str, part: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}.presence_{part}"}


def _extended(schema: Schema, fields: Object, required: str) -> Object:
    """An object with more fields: in a model that forbids others, they are no others."""
    made = converted({key: value for key, value in schema.items() if key != "title"})
    made = made if isinstance(made, dict) else {}
    properties, needed = made.get("properties"), made.get("required")
    return {
        **made,
        "type": "object",
        "properties": {**(properties if isinstance(properties, dict) else {}), **fields},
        "required": [*(needed if isinstance(needed, list) else []), required],
    }

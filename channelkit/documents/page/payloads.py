"""Payloads and refusals as lists of fields. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ...contract.form import Binary, Empty, Json, Model
from .elements import joined, tag
from .prose import inline, prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...contract.form import Payload, RefusalContract, Schema
    from .elements import Html

__all__ = ["fields", "payloads", "refusals"]


def payloads(shapes: Sequence[Payload], schemas: Mapping[str, Schema]) -> Html:
    """The shapes that a payload may have; of several the first that fits is meant."""
    told = [_payload(shape, schemas) for shape in shapes]
    if len(told) == 1:
        return told[0]
    items = (tag("li", shape, class_="shape") for shape in told)
    return joined(
        tag("p", "One of these; the first that fits is meant.", class_="note"),
        tag("ul", items, class_="shapes"),
    )


def refusals(declared: Sequence[RefusalContract], schemas: Mapping[str, Schema]) -> Html:
    """Each with its reason, and what it says beyond that."""
    return tag("ul", (_refusal(refusal, schemas) for refusal in declared), class_="refusals")


def fields(schema: Schema) -> Html:
    """The fields of an object, the required ones told apart."""
    required = cast("list[str]", schema.get("required", []))
    properties = cast("dict[str, Schema]", schema.get("properties", {}))
    if not properties:
        return tag("p", tag("code", "{}"), " It has no fields.", class_="note")
    items = (_field(name, value, required=name in required) for name, value in properties.items())
    return tag("ul", items, class_="fields")


def _payload(shape: Payload, schemas: Mapping[str, Schema]) -> Html:
    match shape:
        case Model():
            return fields(schemas[_name(shape.ref)])
        case Json():
            return tag(
                "p",
                "Any JSON object, or binary: what is in it, the program decides.",
                class_="note",
            )
        case Binary():
            return tag("p", "Bytes, in a binary frame.", class_="note")
        case Empty():
            return tag("p", "The empty object, ", tag("code", "{}"), ".", class_="note")


def _field(name: str, schema: Schema, *, required: bool) -> Html:
    return tag(
        "li",
        tag("p", _head(name, required=required), class_="field-head"),
        prose(str(schema.get("description", ""))),
        data_field=name,
    )


def _head(name: str, *, required: bool) -> Iterator[Html]:
    yield tag("code", name, class_="name")
    yield tag("span", "required" if required else "optional", class_="need")


def _refusal(refusal: RefusalContract, schemas: Mapping[str, Schema]) -> Html:
    name = _name(refusal.ref)
    schema = dict(schemas[name])
    properties = cast("dict[str, Schema]", schema.get("properties", {}))
    schema["properties"] = {key: value for key, value in properties.items() if key != "reason"}
    return tag(
        "li",
        tag(
            "p",
            tag("code", refusal.reason or name, class_="name"),
            None if refusal.status is None else tag("span", f"HTTP {refusal.status}"),
        ),
        tag("p", inline(refusal.description)) if refusal.description else None,
        fields(schema) if schema["properties"] else None,
        data_refusal=refusal.reason or name,
    )


def _name(ref: str) -> str:
    return ref.removeprefix("#/schemas/")

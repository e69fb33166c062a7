"""What the server reads and what it writes: one class where no client can tell them apart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from channelkit.codegen.python.annotations import DECIMAL
from channelkit.codegen.python.merging import merged
from channelkit.codegen.reading import read_definitions
from channelkit.codegen.types import Reference, Structure, Text

if TYPE_CHECKING:
    from channelkit.codegen.types import Definition, Type
    from channelkit.contract.form import Schema

TEXT: Any = {"type": "string"}
NUMBER: Any = {"type": "number"}
INTEGER: Any = {"type": "integer"}


def model(fields: dict[str, Any], *required: str, **more: Any) -> Schema:
    return {"type": "object", "properties": fields, "required": [*required], **more}


def ref(name: str) -> Any:
    return {"$ref": f"#/schemas/{name}"}


def one(**schemas: Schema) -> tuple[dict[str, Definition], dict[str, str]]:
    """The definitions of pairs; ``A_Input`` stands for ``A-Input``."""
    named = {name.replace("_", "-"): schema for name, schema in schemas.items()}
    return merged(read_definitions(named), can_say)


def can_say(kind: Type, given: str) -> bool:
    return given != '"unsayable"'


def fields(definition: Definition) -> dict[str, Type]:
    assert isinstance(definition.type, Structure)
    return {field.name: field.type for field in definition.type.fields}


def test_a_default_makes_no_two_classes() -> None:
    sent = model({"a": {**INTEGER, "default": 1}})

    definitions, went = one(A_Input=sent, A_Output={**sent, "required": ["a"]}, B=model({}))

    assert went == {"A-Input": "A", "A-Output": "A", "B": "B"}
    assert [*definitions] == ["B", "A"]
    structure = definitions["A"].type
    assert isinstance(structure, Structure)
    assert [(field.required, field.default) for field in structure.fields] == [(False, "1")]


def test_models_that_hold_each_other_become_one_together() -> None:
    definitions, went = one(
        A_Input=model({"b": ref("B-Input"), "n": {**INTEGER, "default": 1}}, "b"),
        A_Output=model({"b": ref("B-Output"), "n": {**INTEGER, "default": 1}}, "b", "n"),
        B_Input=model({"a": ref("A-Input")}),
        B_Output=model({"a": ref("A-Output")}),
        C=model({"a": ref("A-Output")}),
    )

    assert {*went.values()} == {"A", "B", "C"}
    assert fields(definitions["A"])["b"] == Reference("B")
    assert fields(definitions["C"])["a"] == Reference("A")


def test_what_holds_two_classes_is_two_itself() -> None:
    definitions, went = one(
        A_Input=model({"b": ref("B-Input")}),
        A_Output=model({"b": ref("B-Output")}),
        B_Input=model({}),
        B_Output=model({"computed": INTEGER}, "computed"),
    )

    assert went == {name: name for name in definitions}
    assert len(definitions) == 4


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ([NUMBER, TEXT], [TEXT]),
        ([NUMBER, TEXT, {"type": "null"}], [TEXT, {"type": "null"}]),
    ],
)
def test_a_number_that_is_read_in_two_forms_and_written_as_text_is_decimal(
    read: list[Any], written: list[Any]
) -> None:
    definitions, _ = one(
        A_Input=model({"price": {"anyOf": read}}), A_Output=model({"price": {"anyOf": written}})
    )

    kinds = fields(definitions["A"])["price"]
    assert Text(format=DECIMAL) in (kinds, *getattr(kinds, "arms", ()))


@pytest.mark.parametrize(
    "kind",
    [
        {"type": "array", "items": ref("B-Input"), "minItems": 1},
        {"type": "object", "additionalProperties": ref("B-Input")},
        {"type": "array", "prefixItems": [INTEGER, ref("B-Input")], "minItems": 2, "maxItems": 2},
        {"type": "array", "prefixItems": [INTEGER], "items": ref("B-Input")},
        {"anyOf": [ref("B-Input"), INTEGER]},
        model({"b": ref("B-Input")}, additionalProperties=ref("B-Input")),
    ],
)
def test_references_are_followed_in_every_kind_of_type(kind: Any) -> None:
    written = json.loads(json.dumps(kind).replace("B-Input", "B-Output"))

    definitions, _ = one(
        A_Input=model({"a": kind}),
        A_Output=model({"a": written}),
        B_Input=model({"n": {**INTEGER, "default": 1}}),
        B_Output=model({"n": {**INTEGER, "default": 1}}, "n"),
    )

    assert [*definitions] == ["A", "B"]


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (INTEGER, TEXT),
        ({"type": "array", "items": INTEGER}, {"type": "array", "items": TEXT}),
        ({"type": "array", "items": INTEGER}, {"type": "array", "items": INTEGER, "minItems": 1}),
        (
            {"type": "object", "additionalProperties": INTEGER},
            {"type": "object", "additionalProperties": TEXT},
        ),
        (
            {"type": "object", "additionalProperties": INTEGER},
            {"type": "object", "additionalProperties": INTEGER, "maxProperties": 1},
        ),
        (
            {"type": "array", "prefixItems": [INTEGER], "maxItems": 1},
            {"type": "array", "prefixItems": [TEXT], "maxItems": 1},
        ),
        (
            {"type": "array", "prefixItems": [INTEGER], "maxItems": 1, "minItems": 1},
            {"type": "array", "prefixItems": [INTEGER], "maxItems": 1},
        ),
        ({"anyOf": [INTEGER, TEXT]}, {"anyOf": [INTEGER, TEXT, NUMBER]}),
        ({"anyOf": [NUMBER, TEXT, INTEGER]}, {"anyOf": [INTEGER, TEXT]}),
        ({"anyOf": [INTEGER, TEXT]}, {"anyOf": [INTEGER, {"type": "boolean"}]}),
        (model({"b": INTEGER}), model({"c": INTEGER})),
        (model({"b": INTEGER}), model({"b": INTEGER}, additionalProperties=False)),
        (model({"b": INTEGER}), model({"b": INTEGER}, "b")),
        (
            model({"b": {**TEXT, "default": "unsayable"}}),
            model({"b": {**TEXT, "default": "unsayable"}}, "b"),
        ),
    ],
)
def test_what_differs_stays_two(read: Any, written: Any) -> None:
    definitions, _ = one(A_Input=model({"a": read}), A_Output=model({"a": written}))

    assert [*definitions] == ["A-Input", "A-Output"]

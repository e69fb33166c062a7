"""Values as code: what is written is read back as the same value, by the language itself."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channelkit.documents.literals import class_name, javascript, python, python_model
from channelkit.documents.samples import Samples

from ..npm import NODE, needs_node
from .models import Cat, Dog, Endless, Node, Size, models

if TYPE_CHECKING:
    from pydantic import BaseModel, JsonValue

    from channelkit.contract.form import Schema

JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
HOSTILE: list[JsonValue] = [
    "",
    "</script>",
    '"; drop()',
    "`${1}`",
    "\\",
    "\u2028\u2029",
    "\U0001f600\x00\x7f\ud7ff",
    {"__proto__": 1, "a-b": {"constructor": [1.5, True, None]}, "ok": "*/"},
    [{"a": "x" * 90, "b": [1, 2, 3]}, []],
    {"line": "a\nb" * 40, "more": {"deep": "y" * 80}},
]


@given(JSON)
def test_python_reads_a_value_as_it_was(value: JsonValue) -> None:
    assert eval(python(value)) == value
    assert "\n" not in python(value)


@pytest.mark.parametrize("value", HOSTILE)
def test_python_reads_hostile_values_as_they_were(value: JsonValue) -> None:
    assert eval(python(value)) == value


@needs_node
@pytest.mark.node
def test_javascript_reads_every_value_as_it_was() -> None:
    values = [javascript(value) for value in HOSTILE]
    script = "".join(f"console.log(JSON.stringify({value}));\n" for value in values)

    said = subprocess.run(
        [NODE, "-e", script], capture_output=True, text=True, check=True, timeout=30
    ).stdout.split("\n")[:-1]

    assert [json.loads(line) for line in said] == HOSTILE


def test_javascript_is_written_as_people_write_it() -> None:
    assert javascript({"name": "ann", "a-b": [1, None]}) == '{ name: "ann", "a-b": [1, null] }'
    assert javascript({}) == "{}"
    assert javascript({"points": [{"x": 1}], "more": [1]}, room=20) == (
        "{\n  points: [{ x: 1 }],\n  more: [1],\n}"
    )
    assert javascript(["one", "two"], room=5) == '[\n  "one",\n  "two",\n]'


def model_of(ref: str, value: JsonValue, schemas: dict[str, Schema], *classes: type) -> Any:
    text, used = python_model(ref, value, schemas)
    known = {one.__name__: one for one in classes}
    assert set(used) <= set(known)
    return eval(text, {name: known[name] for name in used})


@given(models)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_call_of_a_model_makes_what_the_json_means(model: type[BaseModel]) -> None:
    schema = model.model_json_schema(ref_template="#/schemas/{model}")
    schemas = {**schema.get("$defs", {}), "Made": schema}
    value = Samples(schemas).named("#/schemas/Made", optional=True)

    made = model_of("#/schemas/Made", value, schemas, model, Size, Node, Cat, Dog, Endless)

    assert made == model.model_validate(value)


SCHEMAS: dict[str, Schema] = {
    "Point": {"type": "object", "properties": {"x": {"type": "integer"}}},
    "Draw-Input": {
        "type": "object",
        "properties": {
            "points": {"type": "array", "items": {"$ref": "#/schemas/Point"}},
            "names": {"type": "object", "additionalProperties": {"type": "string"}},
            "keyed": {"type": "object", "propertyNames": {"enum": ["a"]}},
            "at": {"type": "string", "format": "date-time"},
            "either": {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}]},
            "same": {"anyOf": [{"type": "string"}, {"type": "string", "format": "date"}]},
            "arms": {"oneOf": [{"$ref": "#/schemas/Point"}, {"type": "array"}]},
            "flag": {"anyOf": [{"type": "boolean"}, {"type": "integer"}]},
            "pair": {"type": "array", "prefixItems": [True, True]},
            "class": {"type": "string"},
            "any": True,
        },
    },
}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "Draw()"),
        ({"points": [{"x": 1}]}, "Draw(points=[Point(x=1)])"),
        ({"names": {"a": "b"}}, 'Draw(names={"a": "b"})'),
        ({"either": 1.5, "any": [None]}, "Draw(either=1.5, any=[None])"),
        ({"either": None, "flag": True}, "Draw(either=None, flag=True)"),
        ({"arms": []}, "Draw(arms=[])"),
        ({"arms": {"x": 2}}, "Draw(arms=Point(x=2))"),
        ({"either": 1}, "Draw(either=1)"),
        ({"at": "2026-01-02T03:04:05Z"}, 'Draw.model_validate({"at": "2026-01-02T03:04:05Z"})'),
        ({"keyed": {"a": 1}}, 'Draw.model_validate({"keyed": {"a": 1}})'),
        ({"same": "a"}, 'Draw.model_validate({"same": "a"})'),
        ({"pair": [1, 2]}, 'Draw.model_validate({"pair": [1, 2]})'),
        ({"class": "a"}, 'Draw.model_validate({"class": "a"})'),
        ({"unknown": 1}, 'Draw.model_validate({"unknown": 1})'),
        (None, "Draw.model_validate(None)"),
    ],
)
def test_a_model_is_called_where_its_fields_are_json(value: JsonValue, text: str) -> None:
    written, used = python_model("#/schemas/Draw-Input", value, SCHEMAS)

    assert written == text
    assert used == (("Draw", "Point") if "Point" in text else ("Draw",))


def test_a_long_call_is_broken_into_lines() -> None:
    value: JsonValue = {"either": "x" * 50, "points": [{"x": 1}, {"x": 2}]}

    assert python_model("#/schemas/Draw-Input", value, SCHEMAS)[0] == (
        f'Draw(\n    either="{"x" * 50}",\n    points=[Point(x=1), Point(x=2)],\n)'
    )


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("#/schemas/NewMsg", "NewMsg"),
        ("#/schemas/NewMsg-Input", "NewMsg"),
        ("#/schemas/app__rooms__NewMsg-Output", "NewMsg"),
        ("#/schemas/Page_int_", "Page_int"),
        ("#/schemas/2d", "_2d"),
        ("#/schemas/-", "Model"),
    ],
)
def test_a_class_is_called_as_its_schema(ref: str, name: str) -> None:
    assert class_name(ref) == name

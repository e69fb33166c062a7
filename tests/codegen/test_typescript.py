"""The TypeScript of a contract, as text."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit import wire
from channelkit.codegen import client
from channelkit.codegen.reading import read_definitions, read_type
from channelkit.codegen.typescript.channels import ChannelNames, channel_names
from channelkit.codegen.typescript.module import COMMON, RESERVED, RUNTIME
from channelkit.codegen.typescript.shapes import Shapes
from channelkit.codegen.typescript.text import comment, key, literal
from channelkit.contract import contract_of
from examples.chat import endpoint as chat

from ..contract import app as drawing
from . import app
from .compiling import module_of
from .contracts import CONTRACTS

if TYPE_CHECKING:
    from channelkit.contract import Contract, Described

GOLDEN = Path(__file__).with_name("golden")
MODULES: dict[str, Described] = {
    "chat": chat,
    "hall": app.endpoint,
    "lobby": app.lobby,
    "bare": app.bare,
}
"""After a change that is meant, `python -m tests.codegen.test_typescript` writes them anew."""


def own(name: str) -> str:
    """A module without what all modules have."""
    return module_of(MODULES[name]).replace(COMMON, "// …\n")


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_as_it_was_when_it_was_last_looked_at(name: str) -> None:
    assert own(name) == (GOLDEN / f"{name}.ts").read_text(encoding="utf-8")


def test_only_what_the_endpoint_says_is_in_its_module() -> None:
    contract = contract_of([drawing.endpoint, drawing.lobby])

    text = client(contract, contract.endpoints[1], "typescript").replace(COMMON, "")

    assert "joinLobby" in text
    assert "Canvas" not in text
    assert "Stroke" not in text


def test_the_framework_s_reasons_are_those_of_the_wire() -> None:
    """As the table of docs/wire.md has them; what says phx_error is `ended` here."""
    events = {wire.PHOENIX, wire.HEARTBEAT, wire.PRESENCE_STATE, wire.PRESENCE_DIFF}
    reasons = {
        value
        for name, value in vars(wire).items()
        if name.isupper() and isinstance(value, str) and value not in wire.RESERVED_EVENTS
    } - {*events, wire.CHANNEL_CRASH}

    listed = re.findall(r"FRAMEWORK.*?>\(\[(.*?)\]\);", RUNTIME, re.DOTALL)[0]
    typed = re.findall(r"export type Failure =(.*?);\n\n", RUNTIME, re.DOTALL)[0]

    assert set(re.findall(r'"(.+?)"', listed)) == reasons
    assert set(re.findall(r'"(.+?)"', typed)) == {
        *reasons, "timeout", "disconnected", "ended", "unknown"
    }  # fmt: skip


def test_what_all_modules_have_is_reserved() -> None:
    declared = re.findall(r"^(?:export )?(?:type|class|const|function) (\w+)", COMMON, re.MULTILINE)

    assert len(declared) > 20
    assert set(declared) <= RESERVED
    assert COMMON.startswith("/** Any JSON. */")


# Names.


def names_of(*channels: tuple[str, str], taken: tuple[str, ...] = ()) -> list[str]:
    (endpoint,) = contract_of([app.bare]).endpoints
    (plain,) = endpoint.channels
    made = [plain.model_copy(update={"name": name, "pattern": text}) for name, text in channels]
    return [names.name for names in channel_names(made, taken)]


def test_a_channel_has_the_name_of_its_class() -> None:
    assert names_of(("Room", "room:{id}"), ("größe", "b")) == ["Room", "Größe"]


def test_a_class_under_several_patterns_is_called_after_them() -> None:
    assert names_of(("Room", "room:{id}"), ("Room", "admin:room:{id}"), ("Room", "{id*}")) == [
        "Room", "AdminRoom", "Topic"
    ]  # fmt: skip


def test_a_name_that_is_taken_gets_another() -> None:
    channels = ("Room", "room:{id}"), ("A", "x"), ("A", "x:{id}"), ("A", "x:{a}:{b}")

    names = names_of(*channels, taken=("RoomPushes", "joinX"))

    assert names == ["RoomChannel", "XChannel", "XChannel3", "XChannel4"]
    assert ChannelNames("RoomChannel").names == (
        "RoomChannel",
        "RoomChannelPushes",
        "RoomChannelJoined",
        "RoomChannelParameters",
        "roomChannelTopic",
        "joinRoomChannel",
    )


# Types.


@pytest.mark.parametrize(
    ("schema", "sent", "received"),
    [
        ({}, "Json", "Json"),
        (False, "never", "never"),
        ({"enum": ["a", 1, True, None, 1.5]}, '"a" | 1 | true | 1.5 | null', None),
        ({"type": "array", "items": {"enum": [1, 2]}}, "readonly (1 | 2)[]", "(1 | 2)[]"),
        (
            {"type": "array", "items": {"type": "array", "items": {"type": "null"}}},
            "readonly (readonly null[])[]",
            "(null[])[]",
        ),
        (
            {"anyOf": [{"type": "array"}, {"type": "array", "maxItems": 0}]},
            "(readonly Json[]) | (readonly [])",
            "Json[] | []",
        ),
        (
            {
                "type": "array",
                "prefixItems": [{}, {"type": ["null", "boolean"]}],
                "minItems": 1,
                "items": {"type": ["null", "string"]},
            },
            "readonly [Json, (null | boolean)?, ...(null | string)[]]",
            "[Json, (null | boolean)?, ...(null | string)[]]",
        ),
        ({"type": "object"}, "Empty", "Empty"),
        (
            {
                "type": "object",
                "properties": {"a-b": {"type": "number"}, "c": {"type": "string", "default": ""}},
                "required": ["a-b"],
                "additionalProperties": {"type": "number"},
            },
            '{\n  "a-b": number;\n  /** @default "" */\n  c?: string | undefined;\n'
            "  [key: string]: unknown;\n}",
            None,
        ),
        ({"type": "object", "additionalProperties": {}}, "{ [key: string]: Json }", None),
        (
            {
                "type": "object",
                "additionalProperties": {"type": "null"},
                "propertyNames": {"$ref": "#/schemas/Keys"},
            },
            "{ [key in Keys]?: null }",
            None,
        ),
        (
            {
                "type": "object",
                "additionalProperties": {"type": "null"},
                "propertyNames": {"enum": [1.5]},
            },
            "{ [key: string]: null }",
            None,
        ),
        ({"$ref": "#/schemas/Again"}, "Again", None),
    ],
)
def test_a_type_is_written_as_typescript(schema: Any, sent: str, received: str | None) -> None:
    schemas: dict[str, Any] = {
        "Keys": {"enum": ["a", 1]},
        "Again": {"$ref": "#/schemas/Keys"},
    }
    shapes = Shapes(read_definitions(schemas), ["Again"], [], set())
    kind = read_type(schema, schemas)

    assert shapes.expression(kind, sent=True) == sent
    assert shapes.expression(kind, sent=False) == (sent if received is None else received)


def test_what_tells_the_arms_of_a_union_apart_is_not_left_out_of_what_is_sent() -> None:
    """By itself a model may be sent without it, as it has a default; in the union it may not."""
    tags = {name: {"kind": {"const": name, "default": name}} for name in ("cat", "dog")}
    schemas: dict[str, Any] = {
        "Cat": {"type": "object", "properties": tags["cat"]},
        "Dog": {"type": "object", "properties": tags["dog"], "required": ["kind"]},
    }
    arms: list[Any] = [{"$ref": "#/schemas/Cat"}, {"$ref": "#/schemas/Dog"}, {"type": "null"}]
    shapes = Shapes(read_definitions(schemas), ["Cat", "Dog"], [], set())
    kind = read_type({"oneOf": arms, "discriminator": {"propertyName": "kind"}}, schemas)

    assert shapes.expression(kind, sent=True) == 'Cat & { kind: "cat" } | Dog | null'
    assert shapes.expression(kind, sent=False) == "Cat | Dog | null"


def test_a_model_is_left_out_where_all_of_its_fields_may_be() -> None:
    schemas: dict[str, Any] = {
        "All": {"type": "object", "properties": {"a": {}}},
        "Same": {"$ref": "#/schemas/All"},
        "Some": {"type": "object", "properties": {"a": {}}, "required": ["a"]},
        "List": {"type": "array"},
        "Inherited": {"type": "object", "properties": {"constructor": {}}},
    }
    shapes = Shapes(read_definitions(schemas), schemas, [], set())

    assert [name for name in schemas if shapes.is_optional(name)] == ["All", "Same"]


# Texts.


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ([""], ""),
        (["It is.", "", "  "], "/** It is. */\n"),
        (["a\n  b  ", "c"], "/**\n * a\n *   b\n *\n * c\n */\n"),
        (["x" * 92], f"/**\n * {'x' * 92}\n */\n"),
        (["ends */ here"], "/** ends *\\/ here */\n"),
        (["@ts-ignore"], "/** @ ts-ignore */\n"),
        (["a\u2028b\u202ec\x00d\ud800"], "/**\n * a\n * b c d\n */\n"),
    ],
)
def test_a_comment_says_what_it_is_told_and_nothing_to_the_compiler(
    text: list[str], written: str
) -> None:
    assert comment(text) == written


def test_a_comment_stands_where_it_belongs() -> None:
    assert comment(["a"], "  ") == "  /** a */\n"
    assert comment(["a\n\nb"], "  ") == "  /**\n   * a\n   *\n   * b\n   */\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("größe", '"größe"'),
        ('"\\\n', '"\\"\\\\\\n"'),
        ("\u202e\u2028\x7f\ud800", '"\\u202e\\u2028\\u007f\\ud800"'),
        ("\U000e0001", '"\\udb40\\udc01"'),
        (True, "true"),
        (1.5, "1.5"),
    ],
)
def test_a_literal_hides_nothing(value: str | float, written: str) -> None:
    assert literal(value) == written


@given(st.text())
def test_a_text_is_read_as_it_was(text: str) -> None:
    assert json.loads(literal(text)) == text


def test_keys_are_quoted_where_they_have_to_be() -> None:
    assert [key(name) for name in ("a_1", "$", "class", "1a", "a-b", "größe", "")] == [
        "a_1", "$", "class", '"1a"', '"a-b"', '"größe"', '""'
    ]  # fmt: skip


@given(CONTRACTS)
def test_every_contract_has_a_module(contract: Contract) -> None:
    text = client(contract, contract.endpoints[0], "typescript")

    assert text.count(COMMON) == 1
    assert text.endswith("}\n")


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name in MODULES:
        (GOLDEN / f"{name}.ts").write_text(own(name), encoding="utf-8")
    sys.exit()

"""What of a contract stands where in its AsyncAPI document."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, cast

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft7Validator
from pydantic import Field

from channelkit import Channel, Endpoint, Message, Open, Refusal, channel, on_event, on_join
from channelkit.contract import contract_of
from channelkit.documents.about import About
from channelkit.documents.asyncapi import as_json, as_yaml, asyncapi
from channelkit.documents.asyncapi.keys import Keys, pointer
from channelkit.documents.asyncapi.schemas import converted

from ..contracts import CONTRACTS
from ..models import models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel, JsonValue

ABOUT = About(title="Chat", version="1.2.0", url="https://chat.example:8443/app/")


def made(name: str) -> Any:
    return asyncapi(CONTRACTS[name], ABOUT)


@pytest.fixture(scope="module")
def everything() -> Any:
    return made("everything")


def followed(document: Any, reference: dict[str, str]) -> Any:
    """What stands at a reference."""
    found = document
    for key in reference["$ref"].removeprefix("#/").split("/"):
        found = found[key]
    return found


def references(part: JsonValue) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part
        for inner in part.values():
            yield from references(inner)
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


@pytest.mark.parametrize("name", CONTRACTS)
def test_all_references_lead_somewhere(name: str) -> None:
    document = made(name)

    for reference in references(document):
        followed(document, reference)


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_same_contract_gives_the_same_bytes(name: str) -> None:
    assert as_yaml(made(name)) == as_yaml(made(name))
    assert json.loads(as_json(made(name))) == yaml.safe_load(as_yaml(made(name)))


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_example_fits_its_message(name: str) -> None:
    document = made(name)
    messages = [
        message if "$ref" not in message else followed(document, message)
        for channel in document["channels"].values()
        for message in channel["messages"].values()
    ]
    for message in messages:
        for example in message.get("examples", []):
            schema = {**message["payload"], "components": document["components"]}
            cast("Any", Draft7Validator)(schema).validate(example["payload"])


def test_the_document_is_introduced_as_asked() -> None:
    info = made("chat")["info"]

    assert (info["title"], info["version"]) == ("Chat", "1.2.0")
    assert info["x-fingerprint"] == CONTRACTS["chat"].fingerprint
    assert asyncapi(CONTRACTS["chat"], About())["info"] == {
        **info,
        "title": "Real-time protocol",
        "version": CONTRACTS["chat"].fingerprint[7:19],
    }


def test_an_endpoint_is_a_server_for_each_transport(everything: Any) -> None:
    assert list(everything["servers"]) == ["draw.websocket", "draw.longpoll", "lobby.websocket"]
    draw, polled = everything["servers"]["draw.websocket"], everything["servers"]["draw.longpoll"]
    assert (draw["protocol"], draw["host"], draw["pathname"]) == (
        "wss",
        "chat.example:8443",
        "/app/draw/websocket",
    )
    assert (polled["protocol"], polled["pathname"]) == ("https", "/app/draw/longpoll")
    assert draw["x-rate"] == "100/s"
    assert draw["x-subprotocols"] == ["draw.v1"]
    assert draw["x-limits"]["topics"] == 5
    assert draw["x-refusals"] == [
        {
            "reason": "banned",
            "status": 451,
            "description": "This name may not come in.\n\nAsk the office.",
            "schema": {"$ref": "#/components/schemas/Banned"},
        }
    ]


def test_connect_parameters_are_the_query(everything: Any) -> None:
    draw, lobby = everything["components"]["channelBindings"].values()

    query = draw["ws"]["query"]
    assert list(query["properties"]) == ["vsn", "name", "password"]
    assert query["properties"]["password"]["writeOnly"]
    assert query["required"] == ["name", "password"]
    assert list(lobby["ws"]["query"]["properties"]) == ["vsn"]


def test_a_channels_address_is_its_topic(everything: Any) -> None:
    canvas = everything["channels"]["Canvas"]

    assert canvas["address"] == "canvas:{canvas}:{layer}"
    assert canvas["x-topic"] == "canvas:{canvas}:{layer*}"
    assert canvas["parameters"] == {
        "canvas": {
            "description": "integer, 0 or more",
            "examples": ["1"],
            "x-schema": {"minimum": 0, "type": "integer"},
            "x-rest": False,
        },
        "layer": {
            "description": "string",
            "examples": ["layer"],
            "x-schema": {"type": "string"},
            "x-rest": True,
        },
    }
    assert canvas["servers"] == [
        {"$ref": "#/servers/draw.websocket"},
        {"$ref": "#/servers/draw.longpoll"},
    ]


def test_what_clients_push_is_received_and_answered(everything: Any) -> None:
    draw = everything["operations"]["Canvas.event.draw"]

    assert draw["action"] == "receive"
    assert draw["channel"] == {"$ref": "#/channels/Canvas"}
    assert (draw["x-permission"], draw["x-rate"]) == ("may_draw", "10/s")
    (sent,) = (followed(everything, one) for one in draw["messages"])
    assert sent["payload"] == {"$ref": "#/components/schemas/Stroke"}
    replies = [followed(everything, followed(everything, one)) for one in draw["reply"]["messages"]]
    assert [one["title"] for one in replies] == [
        "ok: empty",
        "error: Bare",
        "error: framework.event",
    ]
    schema = followed(everything, replies[2]["payload"])["properties"]["response"]
    assert schema["properties"]["reason"]["enum"] == [
        "unmatched topic",
        "invalid payload",
        "forbidden",
        "rate_limited",
        "overloaded",
        "channel closed",
    ]


def test_a_reply_is_matched_by_the_ref_in_the_envelope(everything: Any) -> None:
    join = everything["operations"]["Canvas.join"]
    (sent,) = (followed(everything, one) for one in join["messages"])
    reply = followed(everything, followed(everything, join["reply"]["messages"][0]))

    for message in (sent, reply):
        correlation = followed(everything, message["correlationId"])
        assert correlation["location"] == "$message.header#/ref"
        places = followed(everything, message["headers"])["properties"]
        assert [places[name]["x-position"] for name in places] == [0, 1, 2, 3]


def test_what_clients_get_is_sent(everything: Any) -> None:
    drawn = everything["operations"]["Canvas.push.drawn"]

    assert drawn["action"] == "send"
    assert drawn["x-intercepted"]
    assert "reply" not in drawn
    assert everything["operations"]["Canvas.event.replay"]["x-streams"] == ["drawn"]


def test_open_payloads_are_two_messages_and_binary_ones_have_their_type(everything: Any) -> None:
    def types(operation: str) -> list[str | None]:
        messages = everything["operations"][operation]["messages"]
        return [followed(everything, one).get("contentType") for one in messages]

    assert types("Canvas.event.any") == [None, "application/octet-stream"]
    assert types("Canvas.event.image") == [None, "application/octet-stream"]
    replies = everything["operations"]["Canvas.event.any"]["reply"]["messages"]
    assert [followed(everything, followed(everything, one))["title"] for one in replies[:2]] == [
        "ok: any",
        "ok: binary",
    ]


def test_presence_has_schemas_made_of_its_metas(everything: Any) -> None:
    schemas = everything["components"]["schemas"]

    assert schemas["Canvas.presence_meta"]["required"] == ["status", "phx_ref"]
    assert list(schemas["Canvas.presence_key"]["properties"]) == ["full_name", "metas"]
    state = {**schemas["Canvas.presence_state"], "components": everything["components"]}
    validator = cast("Any", Draft7Validator)(state)
    here = {"ann": {"full_name": "Ann", "metas": [{"status": "here", "phx_ref": "a"}]}}
    assert validator.is_valid(here)
    assert not validator.is_valid({"ann": {"metas": [{"phx_ref": "a"}]}})


# Odd things.


class Ask(Message):
    vsn: str = ""


class Other(Message):
    id: str
    name: str


class Flag(Message):
    on: bool


class No(Refusal):
    pass


class Color(Enum):
    RED = "red"
    GREEN = "green"


@channel("flags:{flag}:{color}:{code}")
class Flags(Channel[None, Flag]):
    flag: bool
    color: Color
    code: Annotated[int, Field(gt=0, lt=1)]

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("a b/c")
    async def spaced(self, message: Flag | bytes) -> Flag | None: ...

    @on_event("a_b_c")
    async def underlined(self, message: Flag) -> None: ...


async def connect(params: Ask | Other) -> No | None:
    return None


def test_names_that_no_reference_can_carry_are_changed_and_stay_apart() -> None:
    document: Any = asyncapi(contract_of([Endpoint("/rooms/{id}", [Flags], connect)]), ABOUT)

    assert [name for name in document["operations"] if ".event." in name] == [
        "Flags.event.a_b_c",
        "Flags.event.a_b_c_2",
    ]
    first = document["operations"]["Flags.event.a_b_c"]["messages"][0]
    assert followed(document, first)["x-event"] == "a b/c"


def test_parameters_are_told_as_a_topic_has_them() -> None:
    document: Any = asyncapi(contract_of([Endpoint("/socket", [Flags])]), ABOUT)

    flag, color, code = document["channels"]["Flags"]["parameters"].values()
    assert flag["examples"] == ["true"]
    assert color["enum"] == ["red", "green"]
    assert "examples" not in code  # nothing fits it


def test_variables_of_a_path_are_the_servers_and_no_part_of_the_query() -> None:
    document: Any = asyncapi(contract_of([Endpoint("/rooms/{id}", [Flags], connect)]), ABOUT)

    server = document["servers"]["rooms_id.websocket"]
    assert server["pathname"] == "/app/rooms/{id}/websocket"
    assert list(server["variables"]) == ["id"]
    query = document["components"]["channelBindings"]["rooms_id"]["ws"]["query"]
    assert list(query["properties"]) == ["vsn", "name"]
    assert query["required"] == []


def test_keys_are_given_out_once() -> None:
    keys = Keys()

    assert [keys.take("a:b"), keys.take("a_b"), keys.take("a", "b"), keys.take("::")] == [
        "a_b",
        "a_b_2",
        "a.b",
        "_",
    ]
    assert pointer("channels", "a.b") == {"$ref": "#/channels/a.b"}


@pytest.mark.parametrize(
    ("schema", "as_written"),
    [
        (True, True),
        ({"$ref": "#/schemas/A"}, {"$ref": "#/components/schemas/A"}),
        (
            {"$ref": "#/schemas/A", "description": "An a."},
            {"allOf": [{"$ref": "#/components/schemas/A"}], "description": "An a."},
        ),
        (
            {"prefixItems": [{"$ref": "#/schemas/A"}], "items": False, "minItems": 1},
            {
                "items": [{"$ref": "#/components/schemas/A"}],
                "additionalItems": False,
                "minItems": 1,
            },
        ),
        ({"prefixItems": [True]}, {"items": [True]}),
        ({"pattern": "(?P<a>b)"}, {"x-pattern": "(?P<a>b)"}),
        ({"pattern": "^a$"}, {"pattern": "^a$"}),
        ({"patternProperties": {r"\A": {}}}, {"x-patternProperties": {r"\A": {}}}),
        ({"patternProperties": {"^a": {}}}, {"patternProperties": {"^a": {}}}),
        (
            {"discriminator": {"propertyName": "kind"}, "oneOf": [{"$ref": "#/schemas/A"}]},
            {"x-discriminator": "kind", "oneOf": [{"$ref": "#/components/schemas/A"}]},
        ),
        ({"properties": {"pattern": {"const": 1}}}, {"properties": {"pattern": {"const": 1}}}),
        ({"default": {"$ref": "no reference"}}, {"default": {"$ref": "no reference"}}),
        ({"anyOf": "no list"}, {"anyOf": "no list"}),
    ],
)
def test_schemas_are_rewritten(schema: JsonValue, as_written: JsonValue) -> None:
    assert converted(schema) == as_written


@given(models)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_rewritten_schemas_are_schemas_of_draft_7(model: type[BaseModel]) -> None:
    schema = converted(model.model_json_schema(ref_template="#/schemas/{model}"))

    cast("Any", Draft7Validator).check_schema(schema)
    assert "prefixItems" not in json.dumps(schema)

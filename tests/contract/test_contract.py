"""What a contract says of a program, its text, and its fingerprint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from jsonschema import Draft202012Validator
from pydantic import Field
from typing_extensions import TypedDict

from channelkit import Channel, Endpoint, Message, Open, channel, on_join
from channelkit.contract import SCHEMA, Contract, contract_of, dump, fingerprint, form_schema, load
from channelkit.contract.schemas import Schemas
from channelkit.errors import ContractError

from . import app

if TYPE_CHECKING:
    from channelkit.contract.form import ChannelContract, EndpointContract, EventContract, Schema


@pytest.fixture(scope="module")
def contract() -> Contract:
    return contract_of([app.endpoint, app.lobby])


@pytest.fixture
def draw(contract: Contract) -> EndpointContract:
    return contract.endpoints[0]


@pytest.fixture
def canvas(draw: EndpointContract) -> ChannelContract:
    return draw.channels[0]


@pytest.fixture
def events(canvas: ChannelContract) -> dict[str, EventContract]:
    return {event.event: event for event in canvas.events}


def plain(part: Any) -> Any:
    """A part of a contract as the JSON in which it is written."""
    return part.model_dump(mode="json")


def fits(schema: Schema, value: object) -> bool:
    """Whether the value fits the schema."""
    return bool(cast("Any", Draft202012Validator)(schema).is_valid(value))


# What it says.


def test_an_endpoint_tells_where_and_how_it_is_reached(draw: EndpointContract) -> None:
    assert draw.path == "/draw"
    assert draw.transports == ("websocket", "longpoll")
    assert {"1.0.0", "2.0.0"} <= set(draw.serializers)
    assert draw.vsn == "1.0.0"
    assert draw.subprotocols == ("draw.v1",)
    assert draw.rate == "100/s"


def test_the_limits_that_a_client_can_run_into_are_told(draw: EndpointContract) -> None:
    assert draw.limits["topics"] == 5
    assert "slow_handler" not in draw.limits


def test_connect_tells_its_parameters_and_refusals_with_their_status(
    contract: Contract, draw: EndpointContract
) -> None:
    assert plain(draw.connect) == {
        "description": "Only people with a name.",
        "params": [{"kind": "model", "$ref": "#/schemas/Login"}],
        "refuses": [
            {
                "reason": "banned",
                "status": 451,
                "$ref": "#/schemas/Banned",
                "description": "This name may not come in.\n\nAsk the office.",
            }
        ],
    }
    assert contract.endpoints[1].connect is None
    assert contract.endpoints[1].transports == ("websocket",)


def test_topic_parameters_are_told_in_the_order_of_the_pattern(canvas: ChannelContract) -> None:
    assert canvas.pattern == "canvas:{canvas}:{layer*}"
    assert plain(canvas)["parameters"] == [
        {"name": "canvas", "rest": False, "value": {"minimum": 0, "type": "integer"}},
        {"name": "layer", "rest": True, "value": {"type": "string"}},
    ]


def test_a_join_tells_what_it_takes_answers_and_refuses(canvas: ChannelContract) -> None:
    assert plain(canvas.join) == {
        "description": "Come in.",
        "accepts": [{"kind": "model", "$ref": "#/schemas/JoinRoom"}],
        "answers": [{"kind": "model", "$ref": "#/schemas/Welcome"}, {"kind": "empty"}],
        "refuses": [
            {"reason": "full", "status": None, "$ref": "#/schemas/Full", "description": ""}
        ],
    }


def test_an_event_tells_its_permission_and_its_rate(events: dict[str, EventContract]) -> None:
    draw = events["draw"]

    assert (draw.permission, draw.rate, draw.concurrent) == ("may_draw", "10/s", False)
    assert plain(draw)["answers"] == [{"kind": "empty"}]
    assert [refusal.reason for refusal in draw.refuses] == [None]
    assert not draw.silent


def test_binary_and_open_payloads_are_told_as_such(events: dict[str, EventContract]) -> None:
    image, anything = plain(events["image"]), plain(events["any"])

    assert image["accepts"] == [
        {"kind": "model", "$ref": "#/schemas/JoinRoom"},
        {"kind": "binary"},
    ]
    assert image["answers"] == [{"kind": "binary"}]
    assert image["concurrent"]
    assert anything["accepts"] == anything["answers"] == [{"kind": "open"}]
    assert anything["silent"]


def test_a_stream_tells_which_pushes_it_consists_of(events: dict[str, EventContract]) -> None:
    replay = events["replay"]

    assert replay.streams == ("drawn",)
    assert replay.concurrent
    assert replay.description == "Everything that was drawn."
    assert plain(replay)["answers"] == [{"kind": "empty"}]
    assert [refusal.reason for refusal in replay.refuses] == ["full"]
    assert events["draw"].streams is None


def test_pushes_tell_their_events_and_whether_members_may_see_them_differently(
    canvas: ChannelContract,
) -> None:
    assert [plain(push) for push in canvas.pushes] == [
        {
            "event": "drawn",
            "description": "Somebody drew.",
            "payload": [{"kind": "model", "$ref": "#/schemas/Drawn"}],
            "intercepted": True,
        },
        {
            "event": "canvas:image",
            "description": "",
            "payload": [{"kind": "open"}],
            "intercepted": False,
        },
    ]


def test_presence_tells_its_metas_and_what_stands_beside_them(
    contract: Contract, canvas: ChannelContract
) -> None:
    assert plain(canvas.presence) == {
        "meta": {"kind": "model", "$ref": "#/schemas/Online"},
        "beside": {"kind": "model", "$ref": "#/schemas/Profile"},
    }
    assert contract.endpoints[1].channels[0].presence is None


def test_models_within_models_are_referred_to(contract: Contract) -> None:
    points = cast("Any", contract.schemas["Stroke"])["properties"]["points"]

    assert points["items"] == {"$ref": "#/schemas/Size"}
    assert list(contract.schemas) == sorted(contract.schemas)


def test_a_refusals_schema_is_that_of_the_whole_response(contract: Contract) -> None:
    full, bare = contract.schemas["Full"], contract.schemas["Bare"]

    assert full["required"] == ["reason", "limit"]
    assert fits(full, app.Full(limit=3).response())
    assert not fits(full, {"limit": 3})
    assert fits(bare, app.Bare().response())


def test_examples_and_secrets_stand_in_the_schemas(contract: Contract) -> None:
    color = cast("Any", contract.schemas["JoinRoom"])["properties"]["color"]
    password = cast("Any", contract.schemas["Login"])["properties"]["password"]

    assert color["examples"] == ["#00ff00"]
    assert password["writeOnly"] is True


def test_a_field_with_a_default_may_be_left_out_and_is_always_written() -> None:
    schemas = Schemas([(Defaults, "validation"), (Defaults, "serialization")])

    read = schemas.schemas[schemas.ref(Defaults, "validation").removeprefix("#/schemas/")]
    written = schemas.schemas[schemas.ref(Defaults, "serialization").removeprefix("#/schemas/")]

    assert "required" not in read
    assert written["required"] == ["plain", "partly", "made"]
    assert "required" not in schemas.schemas["Partly"]


# Its text.


def test_the_text_holds_the_whole_contract(contract: Contract) -> None:
    assert load(dump(contract)) == contract
    assert load(dump(contract).encode()) == contract


def test_the_same_input_gives_the_same_bytes(contract: Contract) -> None:
    assert dump(contract_of([app.endpoint, app.lobby])) == dump(contract)


def test_a_contract_fits_its_own_schema(contract: Contract) -> None:
    assert fits(json.loads(SCHEMA.read_text()), json.loads(dump(contract)))


def test_the_schema_in_the_package_is_that_of_the_form() -> None:
    assert json.loads(SCHEMA.read_text()) == form_schema()


def test_all_schemas_are_schemas_and_all_references_lead_somewhere(contract: Contract) -> None:
    validator = cast("Any", Draft202012Validator)
    for schema in contract.schemas.values():
        validator.check_schema(schema)
    text = dump(contract)
    named = {part.partition('"')[0] for part in text.split('"$ref": "#/schemas/')[1:]}
    assert named <= set(contract.schemas)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "this is not JSON"),
        (b"\xff", "this is not JSON"),
        ("[]", "this is JSON, but no contract"),
        ('{"contract": true}', "this is JSON, but no contract"),
        ('{"contract": 2}', "this is a contract of version 2; read here is 1"),
        ('{"contract": 1, "schemas": 7}', "this contract is damaged at fingerprint: "),
    ],
)
def test_what_is_no_contract_is_refused_in_one_sentence(text: str | bytes, told: str) -> None:
    with pytest.raises(ContractError) as caught:
        load(text)

    assert str(caught.value).startswith(told)


# Its fingerprint.


def test_words_for_people_do_not_change_the_fingerprint(contract: Contract) -> None:
    text = dump(contract).replace("Somebody drew.", "Somebody has drawn.")

    other = load(text.replace("#00ff00", "#ff0000"))

    assert other != contract
    assert fingerprint(other) == contract.fingerprint


def test_a_field_named_like_a_word_for_people_counts() -> None:
    contract = contract_of([Endpoint("/titles", [Titles])])
    schema = cast("Any", contract.schemas["Titled"])

    del schema["properties"]["description"]

    assert fingerprint(contract) != contract.fingerprint


def test_what_is_on_the_wire_changes_the_fingerprint(contract: Contract) -> None:
    text = dump(contract)

    assert fingerprint(load(text.replace('"10/s"', '"11/s"'))) != contract.fingerprint


class Partly(TypedDict, total=False):
    some: int


class Defaults(Message):
    plain: int = 1
    partly: Partly = Partly()
    made: list[int] = Field(default_factory=list[int])
    at_times: int | None = Field(default=None, exclude_if=lambda value: value is None)


class Titled(Message):
    title: str
    description: str


@channel("titles")
class Titles(Channel[None, Titled]):
    @on_join
    async def join(self, params: Open) -> None: ...

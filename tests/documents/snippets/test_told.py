"""Code with the values that somebody has used."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from channelkit.contract import contract_of
from channelkit.documents.about import About
from channelkit.documents.snippets import Told, told
from tests.console.app import admin, endpoint

CONTRACT = contract_of([endpoint, admin])
ABOUT = About(url="wss://chat.example", module="chat")
JOIN = {"endpoint": "/socket", "pattern": "room:{room_id}", "topic": "room:42"}


def code(**step: Any) -> dict[str, str]:
    """The step in every language, by its title."""
    return {one.title: one.text for one in told(CONTRACT, ABOUT, Told.model_validate(step))}


def model(name: str) -> dict[str, str]:
    return {"kind": "model", "$ref": f"#/schemas/{name}"}


def test_a_connection_has_the_parameters_that_were_sent() -> None:
    payload = {"name": "O'Hara", "token": "t"}

    written = code(step="connect", endpoint="/socket", shape=model("Login"), payload=payload)

    assert '"O\'Hara"' in written["phoenix.js"]
    assert "wss://chat.example/socket" in written["phoenix.js"]
    assert 'Login(name="O\'Hara", token="t")' in written["Python"]
    assert 'Login(name="O\'Hara", token="t")' in written["Test kit"]


def test_the_server_is_where_the_page_has_found_it() -> None:
    written = code(step="connect", endpoint="/socket", server="wss://example.org/team")

    assert '"wss://example.org/team/socket"' in written["phoenix.js"]


@pytest.mark.parametrize("server", ["example.org", "http://example.org", "wss://a b", "wss://"])
def test_what_is_no_server_is_refused(server: str) -> None:
    with pytest.raises(ValidationError):
        Told(step="connect", endpoint="/socket", server=server)


def test_the_variables_of_a_path_are_filled_in() -> None:
    written = code(
        step="connect",
        endpoint="/{tenant}/admin",
        variables={"tenant": "acme"},
        shape=model("Tenant"),
        payload={"tenant": "acme"},
    )

    assert "wss://chat.example/acme/admin" in written["phoenix.js"]


def test_a_join_has_the_topic_and_the_payload_that_were_sent() -> None:
    written = code(
        step="join",
        **JOIN,
        parameters={"room_id": 42},
        shape=model("JoinRoom"),
        payload={"colour": "blue"},
    )

    assert '"room:42"' in written["phoenix.js"]
    assert 'colour: "blue"' in written["phoenix.js"]
    assert 'joinRoom(socket, { roomId: 42 }, { colour: "blue" })' in written["TypeScript"]
    assert "Room.topic_for(room_id=42)" in written["Python"]
    assert 'JoinRoom(colour="blue")' in written["Test kit"]


def test_a_push_has_the_payload_that_was_sent() -> None:
    payload = {"body": "hi", "tags": ["x"]}

    written = code(step="push", **JOIN, event="say", shape=model("Say"), payload=payload)

    assert 'body: "hi"' in written["phoenix.js"]
    assert "room.call(" in written["Python"]
    assert 'Say(body="hi", tags=["x"])' in written["Python"]


def test_a_payload_that_no_model_has_is_still_written() -> None:
    written = code(step="push", **JOIN, event="say", shape=model("Say"), payload=[None, True])

    assert "[null, true]" in written["phoenix.js"]
    assert "Say.model_validate([None, True])" in written["Python"]


def test_bytes_are_written_out() -> None:
    written = code(step="push", **JOIN, event="upload", shape={"kind": "binary"}, data="AP8H")

    assert "new Uint8Array([0, 255, 7])" in written["phoenix.js"]
    assert "new Uint8Array([0, 255, 7])" in written["TypeScript"]
    assert r'b"\x00\xff\x07"' in written["Python"]


def test_of_long_bytes_a_sample_is_written() -> None:
    written = code(step="push", **JOIN, event="upload", shape={"kind": "binary"}, data="A" * 4000)

    assert "new Uint8Array([1, 2, 3])" in written["phoenix.js"]


def test_without_values_samples_are_written() -> None:
    assert "Login(" in code(step="connect", endpoint="/socket")["Python"]
    assert "Say(" in code(step="push", **JOIN, event="say")["Python"]


@pytest.mark.parametrize(
    "step",
    [
        {"step": "connect", "endpoint": "/elsewhere"},
        {"step": "join", **JOIN, "pattern": "attic"},
        {"step": "push", **JOIN, "event": "shout"},
    ],
)
def test_what_the_contract_has_not_has_no_code(step: dict[str, Any]) -> None:
    with pytest.raises(LookupError):
        code(**step)

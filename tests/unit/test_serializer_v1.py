"""Serializer 1.0 (protocol.md B1.2, B1.3), with the cases of Phoenix's own suite (C4, C5)."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from channelkit.errors import RemoteProtocolError
from channelkit.messages import Message
from channelkit.serializers import V1, Unsendable
from channelkit.wire import Broadcast, Frame, Push, Reply


class Posted(Message):
    body: str


v1 = V1()


def refusal(text: bytes) -> tuple[int, bool, object, str | None]:
    """How the frame is refused: close code, whether a ref was read, the ref, the topic."""
    with pytest.raises(RemoteProtocolError) as caught:
        v1.decode(text)
    error = caught.value
    return error.close_code, error.has_ref, error.ref, error.topic


def test_it_is_version_1_0_0() -> None:
    assert v1.vsn == "1.0.0"
    assert not v1.patient


# In (C5: "decode").


def test_an_object_with_its_four_keys_is_a_push_without_a_join_ref() -> None:
    push = v1.decode(b'{"topic":"t","event":"e","payload":{"m":1},"ref":"1"}')

    assert push == Push(None, "1", "t", "e", {"m": 1})


def test_a_join_ref_is_read_where_it_is_given() -> None:
    push = v1.decode(b'{"topic":"t","event":"e","payload":{},"ref":null,"join_ref":"4"}')

    assert push == Push("4", None, "t", "e", {})


def test_other_keys_are_ignored_and_the_order_is_free() -> None:
    push = v1.decode(b'{"x":1,"ref":5,"payload":[null],"event":"e","topic":"t"}')

    assert push == Push(None, 5, "t", "e", [None])


@pytest.mark.parametrize("payload", ["null", "false", "0", '""', "[]", "{}"])
def test_a_payload_may_be_any_json(payload: str) -> None:
    push = v1.decode(f'{{"topic":"t","event":"e","payload":{payload},"ref":"1"}}'.encode())

    assert push.payload == json.loads(payload)


@pytest.mark.parametrize(
    "text", [b'[null,null,"t","e",{}]', b'"x"', b"1", b"null", b"{}", b'{"topic":"t"}', b"nope"]
)
def test_what_is_no_object_with_a_ref_closes(text: bytes) -> None:
    """C5: an array raises; C4: so does a missing ref."""
    assert refusal(text) == (1007, False, None, None)


@pytest.mark.parametrize("missing", ["topic", "event", "payload"])
def test_an_object_without_one_of_its_keys_is_answered(missing: str) -> None:
    """C4: a missing key raises in Phoenix."""
    envelope: dict[str, object] = {"topic": "t", "event": "e", "payload": {}, "ref": "1"}
    del envelope[missing]

    told = refusal(json.dumps(envelope).encode())

    assert told == (1007, True, "1", None if missing == "topic" else "t")


@pytest.mark.parametrize("wrong", [None, 1, True, [], {}])
@pytest.mark.parametrize("key", ["topic", "event"])
def test_a_topic_and_an_event_are_text(key: str, wrong: object) -> None:
    envelope: dict[str, object] = {
        "topic": "t",
        "event": "e",
        "payload": {},
        "ref": None,
        key: wrong,
    }

    told = refusal(json.dumps(envelope).encode())

    assert told == (1007, True, None, None if key == "topic" else "t")


def test_there_are_no_binary_frames() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        v1.decode_binary(b"\x00\x01\x01\x01\x0101te")

    assert (caught.value.close_code, caught.value.has_ref) == (1003, False)


# Out: exactly four keys, never a join_ref (C5: "encode", "fastlane").


@pytest.mark.parametrize("payload", [{"body": "hi"}, Posted(body="hi")], ids=["raw", "typed"])
def test_a_push_has_exactly_its_four_keys(payload: dict[str, JsonValue] | Posted) -> None:
    frame = v1.push(Push("1", None, "t", "posted", payload))

    assert frame == Frame(b'{"topic":"t","event":"posted","payload":{"body":"hi"},"ref":null}')


def test_a_close_carries_its_ref() -> None:
    """B1.3 rule 1."""
    frame = v1.push(Push("1", "1", "t", "phx_close", {}))

    assert frame == Frame(b'{"topic":"t","event":"phx_close","payload":{},"ref":"1"}')


@pytest.mark.parametrize("response", [{}, None, [1], "x", Posted(body="hi")], ids=repr)
def test_a_reply_is_a_phx_reply_with_status_and_response(response: JsonValue | Posted) -> None:
    frame = v1.reply(Reply("1", "2", "t", "ok", response))

    shown = {"body": "hi"} if isinstance(response, Posted) else response
    assert json.loads(frame.data) == {
        "topic": "t",
        "event": "phx_reply",
        "payload": {"status": "ok", "response": shown},
        "ref": "2",
    }
    assert not frame.binary


def test_a_broadcast_has_no_ref() -> None:
    frame = v1.broadcast(Broadcast("t", "e", {"m": 1}))

    assert frame == Frame(b'{"topic":"t","event":"e","payload":{"m":1},"ref":null}')


def test_binary_has_no_form() -> None:
    with pytest.raises(Unsendable):
        v1.push(Push("1", None, "t", "e", b"\x01"))
    with pytest.raises(Unsendable):
        v1.reply(Reply("1", "2", "t", "ok", b"\x01"))
    with pytest.raises(Unsendable):
        v1.broadcast(Broadcast("t", "e", b"\x01"))

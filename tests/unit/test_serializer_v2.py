"""Serializer 2.0 (protocol.md B1.2, B1.3, B1.8), with the cases of Phoenix's own suite (C5)."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from channelkit.errors import RemoteProtocolError
from channelkit.messages import Message
from channelkit.serializers import V2, Unsendable
from channelkit.wire import Broadcast, Frame, Push, Ref, Reply


class Posted(Message):
    body: str


v2 = V2()


def refusal(text: bytes) -> tuple[int, bool, object, str | None]:
    """How the frame is refused: close code, whether a ref was read, the ref, the topic."""
    with pytest.raises(RemoteProtocolError) as caught:
        v2.decode(text)
    error = caught.value
    return error.close_code, error.has_ref, error.ref, error.topic


def binary_refusal(data: bytes) -> tuple[int, bool]:
    with pytest.raises(RemoteProtocolError) as caught:
        v2.decode_binary(data)
    return caught.value.close_code, caught.value.has_ref


def test_it_is_version_2_0_0() -> None:
    assert v2.vsn == "2.0.0"
    assert not v2.patient


# Text in (C5: "decode").


def test_an_array_of_five_is_a_push() -> None:
    push = v2.decode(b'["1","2","room:lobby","new_msg",{"body":"hi"}]')

    assert push == Push("1", "2", "room:lobby", "new_msg", {"body": "hi"})


def test_elements_behind_the_fifth_are_ignored() -> None:
    push = v2.decode(b'[null,null,"t","e",{},"more",[]]')

    assert push == Push(None, None, "t", "e", {})


@pytest.mark.parametrize("payload", ["null", "false", "0", '""', "[]", "{}"])
def test_a_payload_may_be_any_json(payload: str) -> None:
    assert v2.decode(f'["1","2","t","e",{payload}]'.encode()).payload == json.loads(payload)


@pytest.mark.parametrize("ref", [None, 1, 1.5, True, "", [1], {"a": 1}, "x" * 100_000])
def test_refs_may_be_any_json(ref: Ref) -> None:
    push = v2.decode(json.dumps([ref, ref, "t", "e", {}]).encode())

    assert push == Push(ref, ref, "t", "e", {})


@pytest.mark.parametrize("text", [b"[]", b'["1"]', b"{}", b'"x"', b"1", b"null", b"", b"{nope"])
def test_what_is_no_array_with_a_ref_closes(text: bytes) -> None:
    assert refusal(text) == (1007, False, None, None)


@pytest.mark.parametrize(
    ("text", "ref", "topic"),
    [
        (b'["1","2"]', "2", None),
        (b'["1","2","t"]', "2", "t"),
        (b'["1",null,"t","e"]', None, "t"),
        (b'["1","2",5,"e",{}]', "2", None),
        (b'["1","2",null,"e",{}]', "2", None),
        (b'["1","2",{},"e",{}]', "2", None),
        (b'["1",7,"t",null,{}]', 7, "t"),
        (b'["1","2","t",["e"],{}]', "2", "t"),
    ],
)
def test_an_array_that_is_no_envelope_is_answered(text: bytes, ref: Ref, topic: str | None) -> None:
    assert refusal(text) == (1007, True, ref, topic)


# Text out (C5: "encode", "fastlane").


def test_a_push_has_its_join_ref_and_no_ref() -> None:
    frame = v2.push(Push("1", None, "t", "posted", Posted(body="hi")))

    assert frame == Frame(b'["1",null,"t","posted",{"body":"hi"}]')


def test_a_push_without_refs_is_like_phoenixs_vector() -> None:
    assert v2.push(Push(None, None, "t", "e", {"m": 1})) == Frame(b'[null,null,"t","e",{"m":1}]')


def test_a_close_carries_the_join_ref_twice() -> None:
    """B1.3 rule 1."""
    assert v2.push(Push("1", "1", "t", "phx_close", {})) == Frame(b'["1","1","t","phx_close",{}]')


@pytest.mark.parametrize(
    ("response", "json"),
    [
        ({}, b"{}"),
        (None, b"null"),
        ([1, "x"], b'[1,"x"]'),
        (Posted(body="hi"), b'{"body":"hi"}'),
    ],
)
def test_a_reply_has_a_status_and_a_response(response: JsonValue | Posted, json: bytes) -> None:
    frame = v2.reply(Reply("1", "2", "t", "ok", response))

    assert frame == Frame(b'["1","2","t","phx_reply",{"status":"ok","response":' + json + b"}]")


def test_a_broadcast_has_neither_ref_nor_join_ref() -> None:
    frame = v2.broadcast(Broadcast("t", "posted", Posted(body="hi")))

    assert frame == Frame(b'[null,null,"t","posted",{"body":"hi"}]')


# Binary in (B1.8): kind, four lengths, four fields, data. The client's kind 0 has a ref.


def test_phoenixs_binary_push_vector_is_read() -> None:
    data = (
        b"\x00"  # kind 0: push
        b"\x02"  # length of the join_ref
        b"\x03"  # length of the ref
        b"\x05"  # length of the topic
        b"\x05"  # length of the event
        b"12"
        b"123"
        b"topic"
        b"event"
        b"efg"
    )

    assert v2.decode_binary(data) == Push("12", "123", "topic", "event", b"efg")


def test_phoenix_jss_binary_push_vector_is_read() -> None:
    data = b"\x00\x01\x01\x01\x01" + b"0" + b"1" + b"t" + b"e" + b"\x01"

    assert v2.decode_binary(data) == Push("0", "1", "t", "e", b"\x01")


def test_lengths_count_bytes_not_characters() -> None:
    data = b"\x00\x00\x01\x06\x02" + b"" + b"1" + "日本".encode() + "é".encode() + b""

    assert v2.decode_binary(data) == Push("", "1", "日本", "é", b"")


def test_fields_of_255_bytes_are_read() -> None:
    data = b"\x00\xff\xff\xff\xff" + b"j" * 255 + b"r" * 255 + b"t" * 255 + b"e" * 255 + b"d" * 300

    push = v2.decode_binary(data)

    assert push == Push("j" * 255, "r" * 255, "t" * 255, "e" * 255, b"d" * 300)


def test_an_absent_join_ref_is_the_empty_string_not_null() -> None:
    assert v2.decode_binary(b"\x00\x00\x00\x01\x01te") == Push("", "", "t", "e", b"")


@pytest.mark.parametrize("kind", [1, 2, 3, 255])
def test_a_client_sends_pushes_only(kind: int) -> None:
    assert binary_refusal(bytes([kind, 1, 1, 1, 1]) + b"01te") == (1002, False)


WHOLE = b"\x00\x02\x03\x05\x0512123topicevent"


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_binary_push_cut_short_anywhere_is_refused(length: int) -> None:
    assert binary_refusal(WHOLE[:length]) == (1002, False)


@pytest.mark.parametrize("place", range(4))
def test_a_field_that_is_not_utf_8_is_refused(place: int) -> None:
    fields = [b"a", b"b", b"c", b"d"]
    fields[place] = b"\xff"

    assert binary_refusal(b"\x00\x01\x01\x01\x01" + b"".join(fields)) == (1002, False)


def test_json_in_a_binary_frame_is_refused() -> None:
    assert binary_refusal(b'["1","2","t","e",{}]') == (1002, False)


# Binary out (C5: "binary push", "binary reply", "binary broadcast"). Our kind 0 has no ref.


def test_a_binary_push_is_phoenixs_vector() -> None:
    frame = v2.push(Push("12", None, "topic", "event", b"efg"))

    assert frame == Frame(
        b"\x00"  # kind 0: push
        b"\x02"  # length of the join_ref
        b"\x05"  # length of the topic
        b"\x05"  # length of the event
        b"12"
        b"topic"
        b"event"
        b"efg",
        binary=True,
    )


def test_a_binary_reply_is_phoenixs_vector() -> None:
    frame = v2.reply(Reply("12", "123", "topic", "ok", b"efg"))

    assert frame == Frame(
        b"\x01"  # kind 1: reply
        b"\x02"  # length of the join_ref
        b"\x03"  # length of the ref
        b"\x05"  # length of the topic
        b"\x02"  # length of the status
        b"12"
        b"123"
        b"topic"
        b"ok"
        b"efg",
        binary=True,
    )


def test_a_binary_broadcast_is_phoenixs_vector() -> None:
    frame = v2.broadcast(Broadcast("topic", "event", b"efg"))

    assert frame == Frame(
        b"\x02"  # kind 2: broadcast
        b"\x05"  # length of the topic
        b"\x05"  # length of the event
        b"topic"
        b"event"
        b"efg",
        binary=True,
    )


def test_null_refs_go_out_as_empty_strings() -> None:
    frame = v2.reply(Reply(None, None, "t", "ok", b""))

    assert frame == Frame(b"\x01\x00\x00\x01\x02tok", binary=True)


def test_outgoing_lengths_count_bytes_not_characters() -> None:
    frame = v2.broadcast(Broadcast("日", "é", b""))

    assert frame == Frame(b"\x02\x03\x02" + "日é".encode(), binary=True)


def test_fields_of_255_bytes_have_a_place() -> None:
    frame = v2.broadcast(Broadcast("t" * 255, "e", b""))

    assert frame == Frame(b"\x02\xff\x01" + b"t" * 255 + b"e", binary=True)


LONG = "é" * 128


@pytest.mark.parametrize("ref", [LONG, 1, 1.5, True, ["1"], {}], ids=repr)
def test_a_ref_over_255_bytes_or_no_text_has_no_binary_form(ref: Ref) -> None:
    """C5: longer ones raise."""
    with pytest.raises(Unsendable, match=r"no place in a binary frame|only a string has a place"):
        v2.reply(Reply("1", ref, "t", "ok", b""))
    with pytest.raises(Unsendable):
        v2.push(Push(ref, None, "t", "e", b""))


def test_a_topic_or_event_over_255_bytes_has_no_binary_form() -> None:
    """C5: they raise."""
    with pytest.raises(Unsendable):
        v2.broadcast(Broadcast(LONG, "e", b""))
    with pytest.raises(Unsendable):
        v2.broadcast(Broadcast("t", LONG, b""))


def test_the_same_topic_and_ref_have_a_text_form() -> None:
    frame = v2.reply(Reply(1, LONG, LONG, "ok", {}))

    assert json.loads(frame.data) == [1, LONG, LONG, "phx_reply", {"status": "ok", "response": {}}]

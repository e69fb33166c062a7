"""C5: the serializers, in the bytes that Phoenix's own suite has."""

from __future__ import annotations

import json
from typing import Annotated, Any

import pytest

from channelkit import LocalProtocolError, Message, Open, Secret
from channelkit.errors import RemoteProtocolError
from channelkit.masking import masked
from channelkit.payloads import pushable
from channelkit.runtime.pubsub import Publication
from channelkit.serializers import V1, V2, Classic, Unsendable
from channelkit.wire import Broadcast, Frame, Push, Reply

v1, v2 = V1(), V2()

BYTES = bytes([101, 102, 103])


def test_c5_1_on_1_0_0_a_push_has_exactly_four_keys_and_ref_null() -> None:
    frame = v1.push(Push("12", None, "t", "e", {"m": 1}))

    assert frame == Frame(b'{"topic":"t","event":"e","payload":{"m":1},"ref":null}')


def test_c5_2_on_1_0_0_a_reply_is_a_phx_reply_with_status_and_response() -> None:
    frame = v1.reply(Reply(None, "null", "t", "ok", {"m": 1}))

    assert json.loads(frame.data) == {
        "topic": "t",
        "event": "phx_reply",
        "payload": {"status": "ok", "response": {"m": 1}},
        "ref": "null",
    }


def test_c5_3_on_1_0_0_an_envelope_is_read() -> None:
    push = v1.decode(b'{"topic":"t","event":"e","payload":{"m":1},"ref":null}')

    assert push == Push(None, None, "t", "e", {"m": 1})


def test_c5_4_on_1_0_0_an_array_is_no_envelope() -> None:
    with pytest.raises(RemoteProtocolError, match="not an envelope") as caught:
        v1.decode(b'[null,null,"t","e",{"m":1}]')

    assert caught.value.close_code == 1007


def test_c5_5_and_10_a_broadcast_is_encoded_once_for_each_version() -> None:
    publication = Publication(Broadcast("t", "e", {"m": 1}))

    assert publication.frame(v1) is publication.frame(v1)
    assert publication.frame(v2) is publication.frame(v2)


def test_c5_10_a_broadcast_on_2_0_0_is_an_array_with_neither_ref() -> None:
    assert Publication(Broadcast("t", "e", {"m": 1})).frame(v2) == Frame(
        b'[null,null,"t","e",{"m":1}]'
    )


def test_c5_6_on_2_0_0_a_push_is_an_array_of_five() -> None:
    assert v2.push(Push(None, None, "t", "e", {"m": 1})) == Frame(b'[null,null,"t","e",{"m":1}]')


@pytest.mark.parametrize("payload", [None, 1, "invalid", [1]])
def test_c5_7_a_push_whose_payload_is_no_object_is_refused_where_it_is_made(payload: Any) -> None:
    with pytest.raises(LocalProtocolError, match="must be a JSON object or bytes, got"):
        pushable(Open(payload=payload))


@pytest.mark.parametrize("payload", [None, 1, "invalid", [1]])
def test_c5_11_a_broadcast_whose_payload_is_no_object_is_refused_where_it_is_made(
    payload: Any,
) -> None:
    """The same check: what a channel pushes and what it broadcasts passes there alike."""
    with pytest.raises(LocalProtocolError, match="must be a JSON object or bytes, got"):
        pushable(Open(payload=payload))


def test_c5_8_on_2_0_0_a_reply_is_an_array_of_five() -> None:
    assert v2.reply(Reply("1", "2", "t", "ok", {"m": 1})) == Frame(
        b'["1","2","t","phx_reply",{"status":"ok","response":{"m":1}}]'
    )


def test_c5_9_on_2_0_0_an_envelope_is_read() -> None:
    assert v2.decode(b'[null,null,"t","e",{"m":1}]') == Push(None, None, "t", "e", {"m": 1})


def test_c5_12_a_binary_push_byte_by_byte() -> None:
    frame = v2.push(Push("12", None, "topic", "event", BYTES))

    parts = [b"\x00", b"\x02", b"\x05", b"\x05", b"12", b"topic", b"event", BYTES]
    assert frame == Frame(b"".join(parts), binary=True)


def test_c5_13_a_binary_reply_byte_by_byte() -> None:
    frame = v2.reply(Reply("12", "123", "topic", "ok", BYTES))

    parts = [b"\x01", b"\x02", b"\x03", b"\x05", b"\x02", b"12", b"123", b"topic", b"ok", BYTES]
    assert frame == Frame(b"".join(parts), binary=True)


def test_c5_14_a_binary_broadcast_byte_by_byte() -> None:
    frame = v2.broadcast(Broadcast("topic", "event", BYTES))

    parts = [b"\x02", b"\x05", b"\x05", b"topic", b"event", BYTES]
    assert frame == Frame(b"".join(parts), binary=True)


LONG = "t" * 256


@pytest.mark.parametrize(
    "push", [Push("1", None, LONG, "e", BYTES), Push("1", None, "t", LONG, BYTES)]
)
def test_c5_15_a_topic_or_event_over_255_bytes_has_no_binary_form(push: Push) -> None:
    with pytest.raises(Unsendable, match="longer than 255 bytes"):
        v2.push(push)
    with pytest.raises(Unsendable, match="longer than 255 bytes"):
        v2.broadcast(Broadcast(push.topic, push.event, BYTES))


@pytest.mark.parametrize(("join_ref", "ref"), [(LONG, "1"), ("1", LONG)])
def test_c5_15_a_ref_or_join_ref_over_255_bytes_has_no_binary_form(join_ref: str, ref: str) -> None:
    with pytest.raises(Unsendable, match="longer than 255 bytes"):
        v2.reply(Reply(join_ref, ref, "t", "ok", BYTES))


def test_c5_15_255_bytes_have_one_counted_as_utf_8() -> None:
    topic = "é" * 127 + "t"

    frame = v2.broadcast(Broadcast(topic, "e", BYTES))

    assert frame.data[:3] == b"\x02\xff\x01"
    with pytest.raises(Unsendable):
        v2.broadcast(Broadcast(f"{topic}!", "e", BYTES))


def test_c5_16_a_clients_binary_push_is_read() -> None:
    parts = [b"\x00", b"\x02", b"\x03", b"\x05", b"\x05", b"12", b"123", b"topic", b"event", BYTES]

    assert v2.decode_binary(b"".join(parts)) == Push("12", "123", "topic", "event", BYTES)


class SignIn(Message):
    name: str
    pin: Annotated[str, Secret()]


def test_c5_17_a_message_that_is_shown_hides_its_secrets() -> None:
    shown = repr(SignIn(name="ann", pin="1234"))

    assert "ann" in shown
    assert "1234" not in shown


@pytest.mark.parametrize(
    "text",
    ["/a?password=s3cret&b=1", "password=s3cret", "a=%ff&password=s3cret", "?&=&token=s3cret"],
)
def test_c5_17_a_query_string_hides_them_too_a_malformed_one_as_well(text: str) -> None:
    assert "s3cret" not in str(masked({"uri": text, "password": "s3cret"}))


# What is true of them all, the first Phoenix's too.


@pytest.mark.parametrize("serializer", [v1, v2, Classic()], ids=lambda each: each.vsn)
def test_c5_6_a_typed_payload_has_the_form_of_a_raw_one(serializer: V1 | V2 | Classic) -> None:
    typed = serializer.push(Push("1", None, "c:t", "e", SignIn(name="ann", pin="1234")))
    raw = serializer.push(Push("1", None, "c:t", "e", {"name": "ann", "pin": "1234"}))

    assert typed == raw

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit import Message, RemoteProtocolError
from channelkit.client.codec import decode, encode, snapshot
from channelkit.serializers import V2
from channelkit.wire import Broadcast, Frame, Push, Reply

LONG = "x" * 256


class NewMsg(Message):
    body: str
    rate: float = 1.0


def test_a_push_is_five_parts() -> None:
    push = Push("1", "2", "room:1", "new_msg", {"body": "hi"})

    assert encode(push) == Frame(b'["1","2","room:1","new_msg",{"body":"hi"}]')


def test_a_binary_push_has_its_lengths_first() -> None:
    push = Push("1", "23", "room:1", "blob", b"\x00\xff")

    head, fields = b"\x00\x01\x02\x06\x04", b"1" + b"23" + b"room:1" + b"blob"
    assert encode(push) == Frame(head + fields + b"\x00\xff", binary=True)


def test_a_binary_push_without_a_join_ref_has_an_empty_one() -> None:
    frame = encode(Push(None, "1", "t", "e", b""))

    assert frame.data == b"\x00\x00\x01\x01\x011te"


@pytest.mark.parametrize(
    ("text", "envelope"),
    [
        ('["1",null,"t","e",{"a":1}]', Push("1", None, "t", "e", {"a": 1})),
        ('["1","2","t","e",{}]', Push("1", "2", "t", "e", {})),
        ('[null,null,"t","e",{}]', Broadcast("t", "e", {})),
        ('[null,null,"t","phx_close",{}]', Push(None, None, "t", "phx_close", {})),
        ('[null,null,"t","phx_error",{}]', Push(None, None, "t", "phx_error", {})),
        (
            '["1","2","t","phx_reply",{"status":"ok","response":[1]}]',
            Reply("1", "2", "t", "ok", [1]),
        ),
        (
            '[null,"2","t","phx_reply",{"status":"error","response":{}}]',
            Reply(None, "2", "t", "error", {}),
        ),
        (
            '["1","2","t","phx_reply",{"status":"odd","response":{}}]',
            Reply("1", "2", "t", "error", {}),
        ),
    ],
)
def test_text_is_read(text: str, envelope: object) -> None:
    assert decode(text.encode(), binary=False) == envelope


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "5",
        "[]",
        '["1","2","t","e"]',
        '["1","2","t","e",{},1]',
        '[1,"2","t","e",{}]',
        '["1",["2"],"t","e",{}]',
        '["1","2",null,"e",{}]',
        '["1","2","t",5,{}]',
        '["1","2","t","phx_reply",{}]',
        '["1","2","t","phx_reply",null]',
        '["1","2","t","e",NaN]',
    ],
)
def test_text_that_holds_no_envelope_is_the_server_s_fault(text: str) -> None:
    with pytest.raises(RemoteProtocolError) as error:
        decode(text.encode(), binary=False)

    assert error.value.close_code == 1007


def test_binary_is_read() -> None:
    assert decode(b"\x00\x01\x01\x01" + b"jte" + b"\xff", binary=True) == Push(
        "j", None, "t", "e", b"\xff"
    )
    assert decode(b"\x00\x00\x01\x01" + b"te", binary=True) == Push(None, None, "t", "e", b"")
    assert decode(b"\x01\x01\x01\x01\x02" + b"jrtok" + b"\xff", binary=True) == Reply(
        "j", "r", "t", "ok", b"\xff"
    )
    assert decode(b"\x01\x00\x00\x01\x05" + b"terror", binary=True) == Reply(
        None, None, "t", "error", b""
    )
    assert decode(b"\x02\x01\x01" + b"te" + b"\xff", binary=True) == Broadcast("t", "e", b"\xff")


@pytest.mark.parametrize(
    "data", [b"", b"\x03", b"\x00\x01", b"\x00\x01\x01\x09jte", b"\x02\x01\x01\xffe"]
)
def test_binary_that_holds_no_envelope_is_the_server_s_fault(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError) as error:
        decode(data, binary=True)

    assert error.value.close_code == 1002


@given(data=st.binary(max_size=40), binary=st.booleans())
def test_nothing_that_a_server_sends_raises_anything_else(data: bytes, *, binary: bool) -> None:
    with suppress(RemoteProtocolError):
        decode(data, binary=binary)


REFS = st.none() | st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(), st.lists, max_leaves=5
)


@given(REFS, st.text(), st.text(), JSON | st.binary())
def test_our_server_reads_what_the_client_writes(
    join_ref: str | None, topic: str, event: str, payload: object
) -> None:
    push = Push(join_ref, "7", topic, event, payload)  # type: ignore[arg-type]
    try:
        snapshot(topic, event, payload)  # type: ignore[arg-type]
    except ValueError:
        return
    frame, server = encode(push), V2()

    read = server.decode_binary(frame.data) if frame.binary else server.decode(frame.data)

    assert read == (push._replace(join_ref=join_ref or "") if frame.binary else push)


@given(REFS, st.text(max_size=9), st.just("posted"), st.dictionaries(st.text(), JSON))
def test_the_client_reads_what_our_server_writes(
    ref: str | None, topic: str, event: str, payload: dict[str, object]
) -> None:
    server = V2()
    sent: list[object] = [
        Push("1", ref, topic, event, payload),  # type: ignore[arg-type]
        Push("1", None, topic, event, b"\x00"),
        Broadcast(topic, event, payload),  # type: ignore[arg-type]
        Broadcast(topic, event, b"\x00"),
        Reply("1", "2", topic, "ok", payload),  # type: ignore[arg-type]
        Reply("1", "2", topic, "error", b"\x00"),
    ]
    frames = [
        server.push(sent[0]),  # type: ignore[arg-type]
        server.push(sent[1]),  # type: ignore[arg-type]
        server.broadcast(sent[2]),  # type: ignore[arg-type]
        server.broadcast(sent[3]),  # type: ignore[arg-type]
        server.reply(sent[4]),  # type: ignore[arg-type]
        server.reply(sent[5]),  # type: ignore[arg-type]
    ]

    assert [decode(frame.data, binary=frame.binary) for frame in frames] == sent


def test_a_snapshot_does_not_change_with_its_message() -> None:
    message = NewMsg(body="now", rate=float("nan"))
    taken = snapshot("t", "e", message)
    message.body = "later"

    assert json.loads(json.dumps(taken)) == {"body": "now", "rate": None}


@pytest.mark.parametrize(
    ("topic", "event", "payload"),
    [
        (LONG, "e", b""),
        ("t", LONG, b""),
        ("t", "e", {"a": object()}),
        ("t", "e", {"a": "\ud800"}),
        ("\ud800", "e", {}),
    ],
)
def test_what_has_no_form_on_the_wire_has_no_snapshot(
    topic: str, event: str, payload: object
) -> None:
    with pytest.raises(ValueError, match=r"255 bytes|serializ"):
        snapshot(topic, event, payload)  # type: ignore[arg-type]


def test_long_names_are_fine_in_text() -> None:
    assert snapshot(LONG, LONG, {"a": 1}) == {"a": 1}

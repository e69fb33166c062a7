"""What is true of the serializers whatever comes in, and whatever goes out."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit.errors import RemoteProtocolError
from channelkit.serializers import V1, V2, Classic
from channelkit.wire import RESERVED_EVENTS, Broadcast, Push, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from channelkit.wire import Ref, Status

pytestmark = pytest.mark.slow

classic, v1, v2 = Classic(), V1(), V2()

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300, max_value=10**310)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text
)
values: st.SearchStrategy[JsonValue] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
refs = st.none() | text | scalars
NAMES = {"join", "leave", "heartbeat", *RESERVED_EVENTS}
STATUSES: tuple[Status, Status] = ("ok", "error")
short = text.filter(lambda value: len(value.encode()) <= 255)


def same(one: object, other: object) -> bool:
    """Equal, and of the same types: 1 is neither 1.0 nor True."""
    return json.dumps(one) == json.dumps(other)


def client_frame(push: Push) -> bytes:
    """A binary push as phoenix.js writes it (protocol.md B1.8)."""
    fields = [str(field).encode() for field in push[:4]]
    assert isinstance(push.payload, bytes)
    return bytes([0, *map(len, fields)]) + b"".join(fields) + push.payload


# Whatever goes out is read back the same.


@given(join_ref=refs, ref=refs, topic=text, event=text, payload=values)
def test_v2_reads_back_what_it_wrote(
    join_ref: Ref, ref: Ref, topic: str, event: str, payload: JsonValue
) -> None:
    push = Push(join_ref, ref, topic, event, payload)

    again = v2.decode(v2.push(push).data)

    assert same(again, push)


@given(ref=refs, topic=text, event=text, payload=values)
def test_v1_reads_back_all_but_the_join_ref(
    ref: Ref, topic: str, event: str, payload: JsonValue
) -> None:
    push = Push("1", ref, topic, event, payload)

    again = v1.decode(v1.push(push).data)

    assert same(again, (None, *push[1:]))


@given(channel=text.filter(lambda name: ":" not in name), topic=text, event=text, payload=values)
def test_the_first_version_reads_back_what_it_wrote(
    channel: str, topic: str, event: str, payload: JsonValue
) -> None:
    event = event if event not in NAMES else f"my_{event}"
    name = f"{channel}:{topic}" if topic else channel

    frames = [
        classic.broadcast(Broadcast(name, event, payload)),
        classic.push(Push(None, "1", name, event, payload)),
        classic.reply(Reply(None, event, name, "ok", payload)),
    ]

    for frame in frames:
        assert frame is not None
        assert same(classic.decode(frame.data), Push(None, event, name, event, payload))


@given(channel=text, topic=text, event=st.sampled_from(["join", "leave"]), payload=values)
def test_no_answer_to_a_join_or_a_leave_has_a_form_in_the_first_version(
    channel: str, topic: str, event: str, payload: JsonValue
) -> None:
    envelope = {"channel": channel, "topic": topic, "event": event, "message": payload}
    push = classic.decode(json.dumps(envelope).encode())

    for status in STATUSES:
        assert classic.reply(Reply(push.join_ref, push.ref, push.topic, status, payload)) is None


@given(join_ref=short, ref=short, topic=short, event=short, payload=st.binary(max_size=300))
def test_a_binary_push_of_a_client_is_read_as_it_was_written(
    join_ref: str, ref: str, topic: str, event: str, payload: bytes
) -> None:
    push = Push(join_ref, ref, topic, event, payload)

    assert v2.decode_binary(client_frame(push)) == push


@given(join_ref=short, topic=short, event=short, payload=st.binary(max_size=300))
def test_a_binary_push_to_a_client_is_its_push_without_a_ref(
    join_ref: str, topic: str, event: str, payload: bytes
) -> None:
    data = v2.push(Push(join_ref, None, topic, event, payload)).data

    with_ref = data[:2] + b"\x00" + data[2:]
    assert v2.decode_binary(with_ref) == Push(join_ref, "", topic, event, payload)


# The two versions agree.


@given(topic=text, event=text, payload=values)
def test_both_versions_broadcast_the_same(topic: str, event: str, payload: JsonValue) -> None:
    broadcast = Broadcast(topic, event, payload)

    one, two = (serializer.broadcast(broadcast) for serializer in (v1, v2))

    assert same(v1.decode(one.data), v2.decode(two.data))


@given(ref=refs, topic=text, status=st.sampled_from(["ok", "error"]), response=values)
def test_both_versions_reply_the_same(
    ref: Ref, topic: str, status: str, response: JsonValue
) -> None:
    reply = Reply(None, ref, topic, "ok" if status == "ok" else "error", response)

    one, two = (serializer.reply(reply) for serializer in (v1, v2))

    assert same(v1.decode(one.data), v2.decode(two.data))


@given(join_ref=refs, ref=refs, topic=text, event=text, payload=values)
def test_both_versions_read_the_same(
    join_ref: Ref, ref: Ref, topic: str, event: str, payload: JsonValue
) -> None:
    named = {"join_ref": join_ref, "ref": ref, "topic": topic, "event": event, "payload": payload}

    one = v1.decode(json.dumps(named).encode())
    two = v2.decode(json.dumps(list(named.values())).encode())

    assert same(one, two)


# Whatever comes in is an envelope or the peer's fault, and nothing else.


def outcome(decode: Callable[[bytes], Push], data: bytes) -> Push | RemoteProtocolError:
    try:
        return decode(data)
    except RemoteProtocolError as error:
        return error


def check(data: bytes) -> None:
    """Read it with everything there is; a push that comes out can be answered."""
    readers = [read for one in (classic, v1, v2) for read in (one.decode, one.decode_binary)]
    for decode in readers:
        read = outcome(decode, data)
        if isinstance(read, RemoteProtocolError):
            assert read.close_code in {1002, 1003, 1007}
            assert read.close_code == 1007 or not read.has_ref
            continue
        assert (type(read.topic), type(read.event)) == (str, str)
        response = {} if isinstance(read.payload, bytes) else read.payload
        for serializer in (classic, v1, v2):
            serializer.reply(Reply(read.join_ref, read.ref, read.topic, "ok", response))


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_at_worst_the_peers_fault(data: bytes) -> None:
    check(data)
    check(b"\x00" + data)


@given(values)
def test_arbitrary_json_is_at_worst_the_peers_fault(value: JsonValue) -> None:
    check(json.dumps(value).encode())


@given(st.lists(values, max_size=7))
def test_arbitrary_arrays_are_at_worst_the_peers_fault(value: list[JsonValue]) -> None:
    check(json.dumps(value).encode())


@given(
    st.dictionaries(
        st.sampled_from(
            ["topic", "event", "payload", "ref", "join_ref", "channel", "message", "more"]
        ),
        values,
    )
)
def test_arbitrary_objects_are_at_worst_the_peers_fault(value: dict[str, JsonValue]) -> None:
    check(json.dumps(value).encode())


@given(data=st.data())
def test_an_envelope_with_some_bytes_changed_is_at_worst_the_peers_fault(
    data: st.DataObject,
) -> None:
    frame = bytearray(b'["1","2","room:1","new_msg",{"body":"hi \\u00e9","n":[1.5e3,true]}]')
    for _ in range(data.draw(st.integers(1, 3))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))

    check(bytes(frame))


HOSTILE = [
    "NaN",
    "-Infinity",
    "1e999",
    "-1E+999",
    "9" * 400 + ".0",
    "9" * 250 + "e99",
    '"\\ud800"',
    '{"\\udfff": 1}',
    "9" * 5000,
    "[" * 5000 + "]" * 5000,
    '{"a":' * 300 + "1" + "}" * 300,
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda value: value[:12])
@pytest.mark.parametrize("place", range(6))
def test_json_that_is_none_here_closes_wherever_it_stands(hostile: str, place: int) -> None:
    parts = ['"1"', '"2"', '"room:1"', '"new_msg"', "{}"]
    parts.insert(place, hostile)
    keys = ["join_ref", "ref", "topic", "event", "payload", "more"]
    named = ",".join(f'"{key}":{part}' for key, part in zip(keys, parts, strict=True))
    first = named.replace('"join_ref"', '"channel"').replace('"payload"', '"message"')

    for decode, frame in (
        (v2.decode, f"[{','.join(parts)}]"),
        (v1.decode, f"{{{named}}}"),
        (classic.decode, f"{{{first}}}"),
    ):
        with pytest.raises(RemoteProtocolError) as caught:
            decode(frame.encode())
        assert (caught.value.close_code, caught.value.has_ref) == (1007, False)


def test_of_equal_keys_the_last_counts_wherever_they_stand() -> None:
    twice = b'{"ref":"1","ref":"2","topic":1,"topic":"t","event":"e","payload":{"a":1,"a":2}}'

    assert v1.decode(twice) == Push(None, "2", "t", "e", {"a": 2})
    assert v2.decode(b'["1","2","t","e",{"__proto__":1,"__proto__":{}}]').payload == {
        "__proto__": {}
    }


numbers = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(["", "-"]),
    st.integers(0, 9) | st.integers(1, 10**330),
    st.sampled_from(["", ".0", ".5", "." + "0" * 320 + "1"]),
    st.sampled_from(["", "e", "E"]),
    st.sampled_from(["", "+", "-"]),
    st.integers(0, 400) | st.sampled_from(["007", "0000000309"]),
)


@given(numbers, st.sampled_from(["{}", "[{}]", '{{"e": {}}}', "[0,{},1e5]"]))
def test_a_number_is_refused_exactly_where_it_overflows(number: str, around: str) -> None:
    document = around.format(number)
    try:
        meant = json.loads(number)
    except ValueError:
        meant = math.inf

    read = outcome(v2.decode, f'["1","2","t","e",{document}]'.encode())

    if isinstance(meant, float) and math.isinf(meant):
        assert isinstance(read, RemoteProtocolError)
        assert read.close_code == 1007
    else:
        assert isinstance(read, Push)
        assert json.dumps(read.payload) == json.dumps(json.loads(document))

"""Serializer 0.x, the wire of the first Phoenix (protocol.md A.2, A.3, A.5), byte for byte."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from channelkit.errors import RemoteProtocolError
from channelkit.messages import Message
from channelkit.serializers import Classic, Unsendable
from channelkit.wire import Broadcast, Frame, Push, Reply, refused


class Posted(Message):
    body: str


classic = Classic()


def sent(event: str, topic: str = "lobby", channel: str = "rooms", message: object = None) -> Push:
    """What a client's frame is read as; without a message it is null."""
    envelope = {"channel": channel, "topic": topic, "event": event, "message": message}
    return classic.decode(json.dumps(envelope).encode())


def refusal(text: bytes) -> tuple[int, bool]:
    """How the frame is refused: close code, and whether a ref was read."""
    with pytest.raises(RemoteProtocolError) as caught:
        classic.decode(text)
    return caught.value.close_code, caught.value.has_ref


def test_it_is_the_first_version() -> None:
    assert classic.vsn == "0.x"


def test_its_clients_may_be_silent_for_ever() -> None:
    """A.3: no idle timeout; before 0.5 there were no heartbeats."""
    assert classic.patient


# In.


def test_an_object_with_its_four_keys_is_a_push_and_its_events_name_is_the_ref() -> None:
    push = classic.decode(b'{"channel":"rooms","topic":"lobby","event":"new","message":{"m":1}}')

    assert push == Push(None, "new", "rooms:lobby", "new", {"m": 1})


def test_other_keys_are_ignored_and_the_order_is_free() -> None:
    """No ref and no join_ref is read, though a client wrote one."""
    push = classic.decode(
        b'{"ref":"1","message":[null],"join_ref":"2","event":"e","topic":"t","channel":"c"}'
    )

    assert push == Push(None, "e", "c:t", "e", [None])


@pytest.mark.parametrize("message", [None, False, 0, "", "{}", [], {}, {"ref": 1}])
def test_a_message_may_be_any_json(message: JsonValue) -> None:
    """A.2: the tests of the time send the text "{}"."""
    assert sent("e", message=message).payload == message


@pytest.mark.parametrize("message", [{}, None, {"user": "bob"}])
def test_a_join_and_a_leave_ask_for_no_answer(message: JsonValue) -> None:
    assert sent("join", message=message) == Push(None, None, "rooms:lobby", "phx_join", message)
    assert sent("leave", message=message) == Push(None, None, "rooms:lobby", "phx_leave", message)


@pytest.mark.parametrize("topic", ["conn", "", "anything"])
def test_a_heartbeat_is_one_on_any_topic(topic: str) -> None:
    push = sent("heartbeat", topic, "phoenix", {"x": 1})

    assert push == Push(None, "heartbeat", "phoenix", "heartbeat", {"x": 1})


def test_a_heartbeat_elsewhere_is_an_event_like_others() -> None:
    assert sent("heartbeat") == Push(None, "heartbeat", "rooms:lobby", "heartbeat", None)
    assert sent("beat", "conn", "phoenix") == Push(None, "beat", "phoenix:conn", "beat", None)


@pytest.mark.parametrize("event", ["phx_join", "phx_leave"])
def test_what_is_reserved_today_neither_joins_nor_leaves(event: str) -> None:
    """It becomes an event that only servers send: no handler can be declared for it."""
    assert sent(event) == Push(None, event, "rooms:lobby", "phx_reply", None)


@pytest.mark.parametrize("event", ["phx_reply", "phx_close", "phx_error", "info", "Join", ""])
def test_every_other_event_keeps_its_name(event: str) -> None:
    assert sent(event) == Push(None, event, "rooms:lobby", event, None)


@pytest.mark.parametrize(
    ("channel", "topic", "name"),
    [
        ("rooms", "lobby", "rooms:lobby"),
        ("lobby", "", "lobby"),
        ("a", "b:c", "a:b:c"),
        ("a:b", "c", "a:b:c"),
        ("", "t", ":t"),
        ("", "", ""),
        ("日本", "é:😀", "日本:é:😀"),
    ],
)
def test_channel_and_topic_are_one_topic(channel: str, topic: str, name: str) -> None:
    """A.5: two pairs that read alike when joined by a colon are one group."""
    assert sent("e", topic, channel).topic == name


@pytest.mark.parametrize(
    "text",
    [b"nope", b"[]", b'"x"', b"1", b"null", b"{}", b'[null,"1","c:t","phx_join",{}]', b"\xff"],
)
def test_what_is_no_object_closes(text: bytes) -> None:
    assert refusal(text) == (1007, False)


@pytest.mark.parametrize("missing", ["channel", "topic", "event", "message"])
def test_an_object_without_one_of_its_keys_closes(missing: str) -> None:
    """A.2: "Missing key"; there is no ref by which to answer."""
    envelope: dict[str, object] = {"channel": "c", "topic": "t", "event": "e", "message": {}}
    del envelope[missing]

    assert refusal(json.dumps(envelope).encode()) == (1007, False)


@pytest.mark.parametrize("wrong", [None, 1, True, [], {}])
@pytest.mark.parametrize("key", ["channel", "topic", "event"])
def test_channel_topic_and_event_are_text(key: str, wrong: object) -> None:
    envelope: dict[str, object] = {"channel": "c", "topic": "t", "event": "e", "message": {}}

    assert refusal(json.dumps({**envelope, key: wrong}).encode()) == (1007, False)


def test_there_are_no_binary_frames() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        classic.decode_binary(b"\x00\x01\x01\x01\x0101te")

    assert (caught.value.close_code, caught.value.has_ref) == (1003, False)


# Out: exactly four keys, whatever it is.


@pytest.mark.parametrize("payload", [{"body": "hi"}, Posted(body="hi")], ids=["raw", "typed"])
def test_a_push_is_a_message_and_its_refs_are_not_told(
    payload: dict[str, JsonValue] | Posted,
) -> None:
    frame = classic.push(Push("1", "2", "rooms:lobby", "posted", payload))

    assert frame == Frame(
        b'{"channel":"rooms","topic":"lobby","event":"posted","message":{"body":"hi"}}'
    )


@pytest.mark.parametrize("event", ["join", "leave", "info", "phx_reply"])
def test_a_push_keeps_its_name_whatever_that_means_the_other_way(event: str) -> None:
    """A.8: the servers of the time sent "join" themselves, to say that a join went well."""
    frame = classic.push(Push(None, None, "c:t", event, {}))

    assert frame is not None
    assert json.loads(frame.data)["event"] == event


@pytest.mark.parametrize("event", ["phx_close", "phx_error"])
def test_the_end_of_a_member_is_not_told(event: str) -> None:
    assert classic.push(Push(None, None, "c:t", event, {})) is None


def test_a_broadcast_is_a_message() -> None:
    frame = classic.broadcast(Broadcast("rooms:lobby", "e", {"m": 1}))

    assert frame == Frame(b'{"channel":"rooms","topic":"lobby","event":"e","message":{"m":1}}')


@pytest.mark.parametrize("response", [{}, None, [1], "x", Posted(body="hi")], ids=repr)
def test_a_reply_is_a_message_under_its_events_name(response: JsonValue | Posted) -> None:
    frame = classic.reply(Reply(None, "new", "rooms:lobby", "ok", response))

    shown = {"body": "hi"} if isinstance(response, Posted) else response
    assert frame is not None
    assert not frame.binary
    assert json.loads(frame.data) == {
        "channel": "rooms",
        "topic": "lobby",
        "event": "new",
        "message": shown,
    }


def test_a_heartbeats_answer_is_always_the_same() -> None:
    answer = classic.reply(Reply(None, "heartbeat", "phoenix", "ok", {}))

    assert answer == Frame(b'{"channel":"phoenix","topic":"conn","event":"heartbeat","message":{}}')


@pytest.mark.parametrize("response", [{}, {"members": 1}, b"\x01"])
def test_nothing_is_said_about_joins_and_leaves(response: JsonValue | bytes) -> None:
    assert classic.reply(Reply(None, None, "c:t", "ok", response)) is None
    assert classic.reply(Reply(None, None, "phoenix", "ok", response)) is None


@pytest.mark.parametrize("ref", [None, "new", "phx_join", "heartbeat"])
@pytest.mark.parametrize("topic", ["c:t", "phoenix"])
def test_nothing_is_said_about_errors(ref: str | None, topic: str) -> None:
    assert classic.reply(Reply(None, ref, topic, "error", refused("unmatched topic"))) is None


@pytest.mark.parametrize(
    ("name", "channel", "topic"),
    [
        ("rooms:lobby", "rooms", "lobby"),
        ("lobby", "lobby", ""),
        ("lobby:", "lobby", ""),
        ("a:b:c", "a", "b:c"),
        (":t", "", "t"),
        ("", "", ""),
    ],
)
def test_a_topic_is_split_at_its_first_colon(name: str, channel: str, topic: str) -> None:
    frame = classic.broadcast(Broadcast(name, "e", {}))

    told = json.loads(frame.data)
    assert (told["channel"], told["topic"]) == (channel, topic)


def test_binary_has_no_form() -> None:
    with pytest.raises(Unsendable):
        classic.push(Push(None, None, "c:t", "e", b"\x01"))
    with pytest.raises(Unsendable):
        classic.reply(Reply(None, "e", "c:t", "ok", b"\x01"))
    with pytest.raises(Unsendable):
        classic.broadcast(Broadcast("c:t", "e", b"\x01"))

"""The words of the wire are Phoenix's (protocol.md B1.3), and cannot change."""

from __future__ import annotations

import pytest

from channelkit import wire
from channelkit.wire import RESERVED_EVENTS, Broadcast, Frame, Push, Reply, refused


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("PHOENIX", "phoenix"),
        ("HEARTBEAT", "heartbeat"),
        ("JOIN", "phx_join"),
        ("LEAVE", "phx_leave"),
        ("REPLY", "phx_reply"),
        ("CLOSE", "phx_close"),
        ("ERROR", "phx_error"),
        ("UNMATCHED_TOPIC", "unmatched topic"),
        ("JOIN_CRASHED", "join crashed"),
        ("TOO_MANY_CHANNELS", "too many channels joined"),
        ("CHANNEL_CRASH", "channel_crash"),
        ("JOIN_TIMEOUT", "join timeout"),
        ("INVALID_MESSAGE", "invalid message"),
        ("INVALID_PAYLOAD", "invalid payload"),
        ("UNKNOWN_EVENT", "unknown event"),
        ("FORBIDDEN", "forbidden"),
        ("OVERLOADED", "overloaded"),
        ("NO_BINARY", "binary not supported"),
    ],
)
def test_a_word_of_the_wire_stays_as_it_is(name: str, word: str) -> None:
    assert getattr(wire, name) == word


def test_the_reserved_events_are_those_of_the_protocol() -> None:
    reserved = {"phx_join", "phx_leave", "phx_reply", "phx_close", "phx_error"}

    assert reserved == RESERVED_EVENTS


def test_envelopes_are_values() -> None:
    assert Push("1", "2", "t", "e", {}) == Push("1", "2", "t", "e", {})
    assert Reply("1", "2", "t", "ok", {}) != Reply("1", "2", "t", "error", {})
    assert Broadcast("t", "e", {}) == Broadcast("t", "e", {})


def test_a_refusing_response_says_why_in_one_word() -> None:
    assert refused("overloaded") == {"reason": "overloaded"}


def test_frames_are_equal_where_content_and_opcode_are() -> None:
    frame = Frame(b"[]")
    framed = Frame(b"[]")
    framed.wire = b"\x81\x02[]"

    assert frame == framed
    assert hash(frame) == hash(framed)
    assert frame != Frame(b"[]", binary=True)
    assert frame != Frame(b"{}")
    assert frame != b"[]"


def test_a_frame_shows_its_content() -> None:
    assert repr(Frame(b"[]", binary=True)) == "Frame(b'[]', binary=True)"

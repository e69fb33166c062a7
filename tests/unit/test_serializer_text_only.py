"""What a client gets that can get no binary."""

from __future__ import annotations

import pytest

from channelkit.serializers import SERIALIZERS, V2, Classic, Unsendable
from channelkit.serializers.text_only import text_only
from channelkit.wire import Broadcast, Push, Reply

V2_TEXT = text_only(V2())
PUSH = Push("1", None, "room:1", "hi", {"a": 1})
REPLY = Reply("1", "2", "room:1", "ok", {"a": 1})
BROADCAST = Broadcast("room:1", "hi", {"a": 1})


def test_text_is_what_the_serializer_makes_of_it() -> None:
    assert V2_TEXT.vsn == "2.0.0"
    assert V2_TEXT.push(PUSH) == V2().push(PUSH)
    assert V2_TEXT.reply(REPLY) == V2().reply(REPLY)
    assert V2_TEXT.broadcast(BROADCAST) == V2().broadcast(BROADCAST)


def test_what_comes_is_read_as_the_serializer_reads_it_binary_too() -> None:
    text = b'["1","2","room:1","hi",{}]'
    binary = b"\x00\x01\x01\x01\x0112th!"

    assert V2_TEXT.decode(text) == V2().decode(text)
    assert V2_TEXT.decode_binary(binary) == V2().decode_binary(binary)


def test_a_client_is_not_idle_because_it_sends_nothing() -> None:
    assert V2_TEXT.patient
    assert not V2().patient


def test_silence_stays_silence() -> None:
    assert text_only(Classic()).reply(Reply(None, None, "room:1", "ok", {})) is None


def test_binary_has_no_form() -> None:
    with pytest.raises(Unsendable):
        V2_TEXT.push(PUSH._replace(payload=b"\x00"))
    with pytest.raises(Unsendable):
        V2_TEXT.reply(REPLY._replace(response=b"\x00"))
    with pytest.raises(Unsendable):
        V2_TEXT.broadcast(BROADCAST._replace(payload=b"\x00"))


def test_there_is_one_of_each_so_that_a_broadcast_is_encoded_once_for_all_of_them() -> None:
    assert all(text_only(each) is text_only(each) for each in SERIALIZERS)

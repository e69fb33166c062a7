"""The carrier by itself, between a fake link and a fake connection."""

from __future__ import annotations

import importlib
import logging
import sys
from typing import TYPE_CHECKING

import pytest

from channelkit import Limits
from channelkit.exits import (
    BadFrame,
    Closed,
    ConnectionLost,
    Disconnected,
    Exit,
    Left,
    ShutDown,
    TimedOut,
    TooSlow,
)
from channelkit.transports import frames
from channelkit.wire import Frame

from .client import BINARY, CONT, PING, PONG, TEXT, close, frame
from .fakes import FakeLink, open_websocket

if TYPE_CHECKING:
    from channelkit.transports.websocket import WebSocket

HELLO = frame(TEXT, b"hello")


def unmasked(opcode: int, payload: bytes = b"") -> bytes:
    return frame(opcode, payload, mask=None)


def test_nothing_is_delivered_before_reading_begins(*, fast_path: bool) -> None:
    carrier, _, connection = open_websocket(rest=HELLO, fast_path=fast_path)
    carrier.data(HELLO)

    assert connection.messages == []

    carrier.resume_reading()

    assert connection.messages == [(b"hello", False)] * 2


def test_reading_stops_between_two_frames_of_one_read(*, fast_path: bool) -> None:
    carrier, link, connection = open_websocket(fast_path=fast_path)
    connection.on_message = carrier.pause_reading
    carrier.resume_reading()

    carrier.data(HELLO * 3)

    assert connection.messages == [(b"hello", False)]
    assert not link.reading

    carrier.resume_reading()

    assert connection.messages == [(b"hello", False)] * 2


def test_reading_may_stop_and_go_on_within_a_frame_s_delivery(*, fast_path: bool) -> None:
    carrier, link, connection = open_websocket(rest=HELLO * 2, fast_path=fast_path)

    def stop_and_go() -> None:
        carrier.pause_reading()
        carrier.resume_reading()

    connection.on_message = stop_and_go
    carrier.resume_reading()
    carrier.data(HELLO * 3)

    assert connection.messages == [(b"hello", False)] * 5
    assert link.reading


class NarrowLink(FakeLink):
    """A link with a high-water mark that nobody reads."""

    carrier: WebSocket
    high_water = 1000

    def write(self, data: bytes) -> None:
        super().write(data)
        if len(self.written) > self.high_water:
            self.carrier.writing_paused()


def test_pings_are_not_answered_while_writing_is_paused(*, fast_path: bool) -> None:
    link = NarrowLink()
    carrier, _, _ = open_websocket(link=link, fast_path=fast_path)
    link.carrier = carrier
    carrier.resume_reading()

    carrier.data(frame(PING, b"x" * 125) * 100_000)

    assert len(link.written) == 8 * 127


@pytest.mark.parametrize(
    "sent",
    [frame(PING), frame(PONG), frame(TEXT, fin=False), frame(TEXT, fin=False) + frame(CONT)],
    ids=["ping", "pong", "fragment", "fragments"],
)
def test_any_frame_is_a_sign_of_life(sent: bytes, *, fast_path: bool) -> None:
    carrier, _, connection = open_websocket(fast_path=fast_path)
    carrier.resume_reading()

    carrier.data(sent)

    assert connection.heard_frames > 0


def test_the_end_comes_after_what_was_not_taken_yet(*, fast_path: bool) -> None:
    carrier, _, connection = open_websocket(fast_path=fast_path)
    connection.on_message = carrier.pause_reading
    carrier.resume_reading()

    carrier.data(HELLO * 2)
    carrier.eof()

    assert connection.exit is None

    connection.on_message = None
    carrier.resume_reading()

    assert connection.messages == [(b"hello", False)] * 2
    assert connection.exit == ConnectionLost()


def test_a_broken_link_does_not_wait_for_anything(*, fast_path: bool) -> None:
    carrier, _, connection = open_websocket(rest=HELLO, fast_path=fast_path)

    carrier.lost()
    carrier.lost()
    carrier.data(HELLO)

    assert (connection.messages, connection.exit) == ([], ConnectionLost())


@pytest.mark.parametrize(
    ("reason", "frame_"),
    [
        (ShutDown(), close(1012, "shutting down")),
        (TimedOut(), close(1001, "idle")),
        (TooSlow(), close(1013, "too slow")),
        (Disconnected(4000, "go"), close(4000, "go")),
        (BadFrame(1003), close(1003)),
    ],
)
def test_a_close_says_its_code(reason: Exit, frame_: bytes) -> None:
    carrier, link, _ = open_websocket()

    carrier.close(reason)

    payload = frame_[6:]
    key = (frame_[2:6] * 40)[: len(payload)]
    told = bytes(a ^ b for a, b in zip(payload, key, strict=True))
    assert bytes(link.written) == unmasked(8, told)
    assert not link.ended


def test_a_close_that_has_no_code_ends_the_link() -> None:
    carrier, link, _ = open_websocket()

    carrier.close(Left())
    carrier.send(Frame(b"late"))

    assert (bytes(link.written), link.ended) == (b"", True)


def test_after_a_close_only_the_peer_s_close_counts(*, fast_path: bool) -> None:
    carrier, link, connection = open_websocket(fast_path=fast_path)
    carrier.resume_reading()
    carrier.close(ShutDown())
    said = bytes(link.written)

    carrier.data(HELLO + frame(PING, b"late"))
    carrier.send(Frame(b"late"))
    carrier.close(TimedOut())

    assert (bytes(link.written), connection.messages, link.ended) == (said, [], False)

    carrier.data(close(1012))
    carrier.data(HELLO)

    assert (bytes(link.written), link.ended) == (said, True)


def test_a_close_of_the_peer_may_be_there_already(*, fast_path: bool) -> None:
    carrier, link, _ = open_websocket(rest=HELLO + close(1000), fast_path=fast_path)

    carrier.close(ShutDown())

    assert link.ended


def test_after_a_close_the_end_of_the_peer_is_the_end() -> None:
    carrier, link, _ = open_websocket()
    carrier.close(ShutDown())

    carrier.data(HELLO[:3])
    carrier.eof()

    assert link.ended


def test_after_a_close_a_fault_is_the_end_too() -> None:
    carrier, link, _ = open_websocket()
    carrier.close(ShutDown())

    carrier.data(unmasked(TEXT))

    assert link.ended


def test_a_close_to_a_peer_that_has_ended_does_not_wait_for_an_answer() -> None:
    carrier, link, _ = open_websocket(rest=HELLO)
    carrier.eof()

    carrier.close(ShutDown())

    assert link.ended


def test_a_mistake_of_ours_costs_this_connection_and_is_logged(
    caplog: pytest.LogCaptureFixture, *, fast_path: bool
) -> None:
    carrier, link, connection = open_websocket(fast_path=fast_path)

    def mistake() -> None:
        raise RuntimeError("our own")

    connection.on_message = mistake
    carrier.resume_reading()
    carrier.data(HELLO * 2)

    assert (link.closed, connection.exit) == (True, ConnectionLost())
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage().startswith("transport crashed peer=somebody")


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
@pytest.mark.parametrize("binary", [False, True])
def test_a_message_goes_out_as_one_frame_made_once(size: int, *, binary: bool) -> None:
    carrier, link, _ = open_websocket()
    message = Frame(b"x" * size, binary=binary)

    carrier.send(message)
    wire = message.wire
    carrier.send(message)

    assert wire is not None
    assert wire == unmasked(BINARY if binary else TEXT, b"x" * size)
    assert message.wire is wire
    assert bytes(link.written) == wire * 2


def test_a_huge_frame_is_refused_by_its_header_before_it_arrives(*, fast_path: bool) -> None:
    carrier, link, connection = open_websocket(Limits(message=100), fast_path=fast_path)
    carrier.resume_reading()

    carrier.data(frame(TEXT, length=2**40)[:10])

    assert connection.exit is not None
    assert link.ended


def test_a_frame_that_dribbles_in_is_not_copied_for_every_byte(*, fast_path: bool) -> None:
    carrier, _, connection = open_websocket(fast_path=fast_path)
    carrier.resume_reading()
    sent = frame(TEXT, b"x" * 200_000)

    for at in range(0, len(sent), 10):
        carrier.data(sent[at : at + 10])

    assert connection.messages == [(b"x" * 200_000, False)]


def test_what_the_link_has_not_written_is_told() -> None:
    carrier, _, _ = open_websocket()

    assert carrier.buffered() == 0


def test_a_peer_s_close_is_answered_before_the_connection_says_goodbye(*, fast_path: bool) -> None:
    carrier, link, connection = open_websocket(fast_path=fast_path)
    carrier.resume_reading()

    carrier.data(close(1000))
    carrier.close(Closed(1000))

    assert bytes(link.written) == unmasked(8, b"\x03\xe8")
    assert (connection.exit, link.ended) == (Closed(1000), True)


def test_without_the_compiled_extension_frames_are_unmasked_in_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = dict(vars(frames))
    monkeypatch.setitem(sys.modules, "websockets.speedups", None)
    slow = vars(importlib.reload(frames))["apply_mask"]
    frames.__dict__.update(original)

    assert slow is not original["apply_mask"]
    assert slow(b"hello", b"abcd") == b"\t\x07\x0f\x08\x0e"

"""Raw frames, and what may be in them."""

from __future__ import annotations

from typing import Any

import pytest

from channelkit.raw_frames import Ping, Pong, RawFrame, check_close, control, raw


@pytest.mark.parametrize(
    ("content", "data", "binary", "wire"),
    [
        ("é", "é".encode(), False, None),
        (b"\x00\xff", b"\x00\xff", True, None),
        (Ping(b"abc"), b"abc", True, b"\x89\x03abc"),
        (Pong(), b"", True, b"\x8a\x00"),
    ],
)
def test_a_frame_keeps_what_its_author_gave(
    content: str | bytes | Ping | Pong, data: bytes, *, binary: bool, wire: bytes | None
) -> None:
    frame = RawFrame(content)

    assert (frame.content, frame.data, frame.binary, frame.wire) == (content, data, binary, wire)
    assert frame.control is (wire is not None)


def test_text_and_bytes_make_frames() -> None:
    assert raw("hi") == RawFrame("hi")
    assert raw(b"hi") == RawFrame(b"hi")
    assert raw("hi") != raw(b"hi")


def test_text_without_a_utf_8_form_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        raw("\ud800")


def test_nothing_else_is_a_frame() -> None:
    given: Any = 5
    with pytest.raises(TypeError, match=r"^a frame is str or bytes, got int$"):
        raw(given)


@pytest.mark.parametrize("content", [Ping(b"x" * 125), Pong(b"x" * 125)])
def test_a_control_frame_carries_125_bytes(content: Ping | Pong) -> None:
    assert control(content).data == b"x" * 125


def test_a_control_frame_carries_no_more() -> None:
    with pytest.raises(ValueError, match=r"^a ping carries at most 125 bytes, got 126$"):
        control(Ping(b"x" * 126))
    with pytest.raises(ValueError, match=r"^a pong carries at most 125 bytes, got 126$"):
        control(Pong(b"x" * 126))


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1009, 1011, 1014, 3000, 4000, 4999])
def test_a_close_code_that_a_server_may_send_passes(code: int) -> None:
    check_close(code, "é" * 61 + "x")


@pytest.mark.parametrize("code", [-1, 0, 999, 5000, 65536])
def test_a_close_code_out_of_range_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match=rf"^a close code is from 1000 to 4999, got {code}$"):
        check_close(code, "")


@pytest.mark.parametrize("code", [1004, 1005, 1006, 1010, 1015, 1016, 2000, 2999])
def test_a_close_code_that_may_not_stand_on_the_wire_is_refused(code: int) -> None:
    text = f"^a server may not send the close code {code}; 4000 to 4999 are yours$"
    with pytest.raises(ValueError, match=text):
        check_close(code, "")


def test_a_reason_that_does_not_fit_its_frame_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a close reason has at most 123 bytes, got 124$"):
        check_close(4000, "é" * 62)

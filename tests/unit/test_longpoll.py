"""What long-poll requests carry: tokens and messages."""

from __future__ import annotations

import base64
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit.longpoll import (
    InvalidBatch,
    LongPoll,
    Posted,
    Tokens,
    messages_in,
    without_token,
)

SECRET = b"a secret of more than twenty bytes"
SESSION = bytes(range(16))
WEEK = 7 * 24 * 3600
NDJSON = "application/x-ndjson"


def tokens(path: str = "/socket/longpoll", secret: bytes = SECRET) -> Tokens:
    return Tokens(secret, path)


def batch(*lines: str | bytes, end: str = "\n") -> bytes:
    return end.encode().join(line.encode() if isinstance(line, str) else line for line in lines)


def test_a_token_names_its_session() -> None:
    token = tokens().sign(SESSION, 1000.5)

    assert tokens().verify(token, 1001) == SESSION


def test_a_token_can_stand_in_a_url_as_it_is() -> None:
    token = tokens().sign(b"\xff" * 16, 2.0**40)

    assert token.startswith("ck1.")
    assert token.removeprefix("ck1.").replace("-", "").replace("_", "").isalnum()


def test_a_token_is_good_for_two_weeks_though_the_clock_is_set_back() -> None:
    token = tokens().sign(SESSION, 1000)

    assert tokens().verify(token, 1000 + 2 * WEEK) == SESSION
    assert tokens().verify(token, 1001 + 2 * WEEK) is None
    assert tokens().verify(token, 0) == SESSION


def test_a_token_of_another_mount_or_another_server_names_nothing() -> None:
    token = tokens().sign(SESSION, 1000)

    assert tokens("/other/longpoll").verify(token, 1000) is None
    assert tokens(secret=SECRET[::-1]).verify(token, 1000) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "null",
        "ck1.",
        "ck1.AAAA",
        "SFMyNTY.g2gDdAAA",
        "ck1.é",
        "ck1.====",
        "ck1." + "A" * 10_000,
    ],
)
def test_what_is_no_token_names_nothing(token: str) -> None:
    assert tokens().verify(token, 1000) is None


def test_a_token_without_its_prefix_names_nothing() -> None:
    token = tokens().sign(SESSION, 1000)

    assert tokens().verify(token.removeprefix("ck1."), 1000) is None


@given(at=st.integers(0, 55), bit=st.integers(0, 7))
def test_no_bit_of_a_token_can_be_changed(at: int, bit: int) -> None:
    signed = tokens().sign(SESSION, 1000).removeprefix("ck1.")
    raw = bytearray(base64.urlsafe_b64decode(signed + "=" * (-len(signed) % 4)))
    raw[at] ^= 1 << bit

    forged = "ck1." + base64.urlsafe_b64encode(raw).decode().rstrip("=")

    assert tokens().verify(forged, 1000) is None


def test_a_secret_may_be_text_or_bytes_and_is_made_where_there_is_none() -> None:
    assert LongPoll(secret="x" * 20).key(b"made") == b"x" * 20
    assert LongPoll(secret=SECRET).key(b"made") == SECRET
    assert LongPoll().key(b"made") == b"made"


def test_a_secret_is_not_shown() -> None:
    assert "more than twenty" not in repr(LongPoll(secret=SECRET))


@pytest.mark.parametrize("window", [0, -1, math.inf, math.nan])
def test_a_window_is_a_positive_time(window: float) -> None:
    with pytest.raises(ValueError, match="window must be positive"):
        LongPoll(window=window)


@pytest.mark.parametrize("secret", ["", "x" * 19, b"short"])
def test_a_short_secret_is_refused(secret: str | bytes) -> None:
    with pytest.raises(ValueError, match="at least 20 bytes"):
        LongPoll(secret=secret)


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("vsn=2.0.0&token=null", "vsn=2.0.0"),
        ("token=null&vsn=2.0.0", "vsn=2.0.0"),
        ("vsn=2.0.0&token=ck1.abc", "vsn=2.0.0"),
        ("%74oken=nu%6Cl", ""),
        ("token=mine&vsn=2.0.0", "token=mine&vsn=2.0.0"),
        ("token=mine&vsn=2.0.0&token=null", "token=mine&vsn=2.0.0"),
        ("token=null&token=mine", "token=null&token=mine"),
        ("user[token]=null", "user[token]=null"),
        ("a=%2B+b", "a=%2B+b"),
        ("", ""),
    ],
)
def test_a_query_loses_the_token_that_the_client_adds_and_no_other(query: str, left: str) -> None:
    assert without_token(query) == left


@pytest.mark.parametrize("kind", ["", "application/json", "text/plain", "application/x-ndjsonx"])
def test_a_body_of_any_other_kind_is_one_text_message(kind: str) -> None:
    assert messages_in(kind, b'{"a":1}\n[2]', 100) == [Posted(b'{"a":1}\n[2]')]


@pytest.mark.parametrize("kind", [NDJSON, "Application/X-NDJSON; charset=utf-8"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_each_line_of_ndjson_is_a_message_text_or_base64(kind: str, end: str) -> None:
    body = batch("[1]", "AAH/", '["é"]', end=end)

    assert messages_in(kind, body, 100) == [
        Posted(b"[1]"),
        Posted(b"\x00\x01\xff", binary=True),
        Posted('["é"]'.encode()),
    ]


@pytest.mark.parametrize("line", ["+/+/AA==", "-_-_AA==", "+/+/AA", "-_-_AA"])
def test_base64_may_be_in_either_alphabet_padded_or_not(line: str) -> None:
    assert messages_in(NDJSON, line.encode(), 100) == [Posted(b"\xfb\xff\xbf\x00", binary=True)]


def test_what_follows_a_hundred_messages_is_ignored_sound_or_not() -> None:
    body = batch(*(f"[{n}]" for n in range(100)), "[100]", "no base64!")

    assert messages_in(NDJSON, body, 100) == [Posted(f"[{n}]".encode()) for n in range(100)]


def test_an_empty_batch_holds_nothing() -> None:
    assert messages_in(NDJSON, b"\n\n", 100) == []


@pytest.mark.parametrize("line", [b'{"a":1}', b"no base64!", b"A", b"\xff\xfe", b"====A"])
def test_a_line_that_is_neither_refuses_the_whole_batch(line: bytes) -> None:
    with pytest.raises(InvalidBatch, match="neither a JSON array nor base64"):
        messages_in(NDJSON, batch("[1]", line), 100)


@pytest.mark.parametrize(
    ("kind", "body"),
    [("", b"x" * 11), (NDJSON, b"[12345678901]"), (NDJSON, base64.b64encode(b"x" * 11))],
)
def test_a_message_above_the_limit_refuses_the_whole_batch(kind: str, body: bytes) -> None:
    with pytest.raises(InvalidBatch, match="too big"):
        messages_in(kind, body, 10)
    assert messages_in(kind, body, 20)


@given(body=st.binary(max_size=300), limit=st.integers(1, 100))
def test_no_body_does_more_than_be_refused(body: bytes, limit: int) -> None:
    try:
        messages = messages_in(NDJSON, body, limit)
    except InvalidBatch:
        return

    assert all(len(message.data) <= limit for message in messages)


@given(data=st.lists(st.binary(min_size=1, max_size=50), max_size=120))
def test_what_is_sent_in_base64_arrives_as_it_was(data: list[bytes]) -> None:
    body = b"\n".join(map(base64.b64encode, data))

    assert messages_in(NDJSON, body, 50) == [Posted(each, binary=True) for each in data[:100]]


@given(token=st.text(max_size=120))
def test_no_text_is_a_token(token: str) -> None:
    assert tokens().verify(token, 0) is None

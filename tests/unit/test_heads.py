"""Where the head of a request ends."""

from __future__ import annotations

import pytest

from channelkit import Limits
from channelkit.handshake import Rejected
from channelkit.transports.heads import HeadReader

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def reader(*data: bytes, **limits: int) -> HeadReader:
    made = HeadReader(Limits(**limits))
    for each in data:
        made.feed(each)
    return made


def test_heads_are_found_one_after_another_and_the_rest_stays() -> None:
    heads = reader(GET + GET + b"rest")

    assert (heads.next_head(), heads.next_head(), heads.rest()) == (GET, GET, b"rest")
    assert heads.rest() == b""


def test_a_head_may_come_in_any_pieces() -> None:
    for at in range(1, len(GET)):
        heads = reader(GET[:at])
        assert heads.next_head() is None
        heads.feed(GET[at:])
        assert heads.next_head() == GET


def test_one_empty_line_before_a_head_is_forgiven() -> None:
    assert reader(b"\r\n" + GET).next_head() == GET
    heads = reader(b"\r")
    assert heads.next_head() is None
    heads.feed(b"\n" + GET)
    assert heads.next_head() == GET


@pytest.mark.parametrize(
    ("data", "empty"), [(b"", True), (b"\r", True), (b"\r\n", True), (b"\r\nG", False)]
)
def test_an_empty_line_is_nothing_yet(data: bytes, empty: bool) -> None:
    assert reader(data).empty is empty


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01", 400),
        (b" GET", 400),
        (b"\rGET", 400),
        (b"\x80", 400),
        (b"\r\n\r\n", 400),
        (b"GET / HTTP/1.1\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\n\r\n\r\n", 400),
        (b"x" * 51, 414),
        (b"x" * 51 + b"\r\n\r\n", 414),
        (b"GET /\r\n" + b"x" * 100, 431),
        (b"GET /\r\nA: " + b"x" * 90 + b"\r\n\r\n", 431),
        (b"GET /\r\n" + b"a:b\r\n" * 4 + b"\r\n", 431),
        (b"GET /\r\n" + b"a:b\r\n" * 5, 431),
    ],
)
def test_what_cannot_become_a_head_is_rejected_at_once(data: bytes, status: int) -> None:
    got = reader(data, head=100, headers=3).next_head()

    assert isinstance(got, Rejected)
    assert got.status == status


def test_a_head_as_large_as_the_limits_is_one() -> None:
    head = b"x" * 50 + b"\r\na:b\r\na:b\r\na:b\r\n\r\n"

    assert reader(head, head=len(head) + len(head) % 2, headers=3).next_head() is not None
    assert reader(head, head=100, headers=3).next_head() == head

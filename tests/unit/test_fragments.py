"""Messages that come in parts, and headers that end a connection."""

from __future__ import annotations

import pytest

from channelkit.transports.fragments import Fault, Fragments
from channelkit.transports.frames import ends

NOT_UTF8 = Fault(1007, "text that is not UTF-8")


def begun(*, binary: bool = False, limit: int = 3) -> Fragments:
    fragments = Fragments(limit)
    fragments.begin(binary=binary)
    return fragments


def test_the_last_fragment_gives_the_whole() -> None:
    fragments = begun()

    assert not fragments
    assert fragments.add(b"a", last=False) is None
    assert fragments
    assert fragments.add(b"", last=False) is None
    assert fragments.add(b"b", last=True) == b"ab"
    assert not fragments
    assert not fragments.binary


def test_one_fragment_too_many_is_a_fault() -> None:
    fragments = begun(limit=2)
    fragments.add(b"", last=False)
    fragments.add(b"", last=False)

    assert fragments.add(b"", last=True) == Fault(1008, "too many fragments")


def test_a_character_may_be_cut_in_two() -> None:
    fragments = begun()

    assert fragments.add("é".encode()[:1], last=False) is None
    assert fragments.add("é".encode()[1:], last=True) == "é".encode()


@pytest.mark.parametrize(
    "parts", [(b"ok", b"\xff"), (b"\xc3", b"x"), (b"\xed\xa0", b"\x80"), (b"\xf4\x90", b"")]
)
def test_text_shows_its_fault_in_the_fragment_that_has_it(parts: tuple[bytes, bytes]) -> None:
    fragments = begun()

    assert NOT_UTF8 in [fragments.add(part, last=False) for part in parts]


def test_text_that_ends_in_the_middle_of_a_character_is_none() -> None:
    fragments = begun()
    fragments.add(b"x", last=False)

    assert fragments.add(b"\xc3", last=True) == NOT_UTF8


def test_binary_holds_anything() -> None:
    fragments = begun(binary=True)
    fragments.add(b"\xff", last=False)

    assert fragments.add(b"\xfe", last=True) == b"\xff\xfe"
    assert fragments.binary


def test_what_came_can_be_forgotten() -> None:
    fragments = begun()
    fragments.add(b"a", last=False)
    fragments.forget()

    assert not fragments


@pytest.mark.parametrize(
    ("first", "length", "plain", "inside", "expected"),
    [
        (0x81, 5, True, False, False),
        (0x02, 5, True, False, False),
        (0x81, 5, True, True, True),  # a message inside another
        (0x80, 5, True, True, False),
        (0x80, 5, True, False, True),  # a continuation of nothing
        (0xC1, 5, True, False, True),  # compressed where nothing is
        (0xC1, 5, False, False, False),
        (0xC0, 5, False, True, True),  # only a first frame says that it is compressed
        (0xA1, 5, False, False, True),
        (0x88, 0, True, False, True),
        (0x89, 125, True, False, False),
        (0x8A, 0, True, True, False),
        (0x89, 126, True, False, True),
        (0x09, 0, True, False, True),
        (0xC9, 0, False, False, True),
    ],
)
def test_a_header_tells_whether_the_connection_ends(
    first: int, length: int, *, plain: bool, inside: bool, expected: bool
) -> None:
    assert ends(first, length, plain=plain, inside=inside) is expected

"""C11: tokens. The one token here is the long-poll session's."""

from __future__ import annotations

import pytest

from channelkit.longpoll import LongPoll, Tokens

SECRET = b"a secret of more than twenty bytes"
SESSION = bytes(16)
NOW = 1_800_000_000
TWO_WEEKS = 14 * 24 * 3600


def tokens(secret: bytes = SECRET) -> Tokens:
    return Tokens(secret, "/socket/longpoll")


def test_c11_1_what_was_signed_is_verified_by_the_one_who_holds_the_secret() -> None:
    token = tokens().sign(SESSION, NOW)

    assert tokens().verify(token, NOW) == SESSION
    assert tokens(SECRET[::-1]).verify(token, NOW) is None


def test_c11_3_no_token_names_no_session() -> None:
    assert tokens().verify("", NOW) is None


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_c11_4_a_token_that_was_tampered_with_names_no_session(place: int) -> None:
    letters = list(tokens().sign(SESSION, NOW))
    letters[place] = "A" if letters[place] != "A" else "B"

    assert tokens().verify("".join(letters), NOW) is None


def test_c11_5_a_token_is_valid_for_two_weeks() -> None:
    token = tokens().sign(SESSION, NOW)

    assert tokens().verify(token, NOW + TWO_WEEKS) == SESSION
    assert tokens().verify(token, NOW + TWO_WEEKS + 1) is None


def test_c11_7_a_token_says_when_it_was_signed() -> None:
    earlier = tokens().sign(SESSION, NOW - TWO_WEEKS)

    assert tokens().verify(earlier, NOW + 1) is None


def test_c11_8_a_secret_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 20 bytes"):
        LongPoll(secret="too short")

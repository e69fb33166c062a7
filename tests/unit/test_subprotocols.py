"""Subprotocols and the token among them: protocol.md B1c and C6 (check_subprotocols)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from channelkit.subprotocols import (
    BadTokenError,
    NotSpokenError,
    SubprotocolPolicy,
    auth_token,
)


@pytest.mark.parametrize(
    ("names", "offered", "token", "chosen"),
    [
        (None, [], False, None),
        (None, ["a"], False, None),
        (None, ["a", "phoenix"], False, "phoenix"),
        (None, ["phoenix"], True, "phoenix"),
        (None, ["a"], True, None),
        (["a", "b"], [], False, None),
        (["a", "b"], ["b", "a"], False, "a"),
        (["a", "b"], ["c", "b"], False, "b"),
        (["a"], ["phoenix", "a"], False, "a"),
        (["a"], ["a", "phoenix"], True, "phoenix"),
        (["a"], ["a"], True, "a"),
        (["a"], [], True, None),
        ([], [], False, None),
    ],
)
def test_the_first_of_the_own_list_that_is_offered_is_chosen(
    names: list[str] | None, offered: list[str], *, token: bool, chosen: str | None
) -> None:
    assert SubprotocolPolicy(names).choose(offered, with_token=token) == chosen


@pytest.mark.parametrize(
    ("names", "offered", "token"),
    [(["a"], ["b"], False), (["a"], ["A"], False), (["a"], ["b"], True), ([], ["a"], False)],
)
def test_a_client_that_offers_only_others_is_refused(
    names: list[str], offered: list[str], *, token: bool
) -> None:
    with pytest.raises(NotSpokenError):
        SubprotocolPolicy(names).choose(offered, with_token=token)


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ("soap", "a list of names"),
        (7, "a list of names"),
        ({"soap"}, "a list of names"),
        ([""], "not a subprotocol"),
        (["a b"], "not a subprotocol"),
        (["a,b"], "not a subprotocol"),
        ([7], "not a subprotocol"),
        (["base64url.bearer.phx.x"], "not a subprotocol"),
        (["a", "b", "a"], "listed twice"),
    ],
)
def test_what_is_no_list_of_names_is_a_mistake(names: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        SubprotocolPolicy(names)


def hidden(token: bytes, alphabet: bytes = b"+/") -> str:
    text = base64.b64encode(token, alphabet).decode().rstrip("=")
    return f"base64url.bearer.phx.{text}"


@pytest.mark.parametrize("alphabet", [b"+/", b"-_"])
@pytest.mark.parametrize("token", ["", "a", "ab", "abc", "tökén", "\u07fe\u07ff>>??"])
def test_a_token_is_found_in_either_alphabet(token: str, alphabet: bytes) -> None:
    offered = ["a", hidden(token.encode(), alphabet), "b"]

    assert auth_token(offered) == (token, ["a", "b"])


def test_without_a_token_all_that_is_offered_remains() -> None:
    assert auth_token(["phoenix", "a"]) == (None, ["phoenix", "a"])


@pytest.mark.parametrize(
    "offered",
    [
        [hidden(b"a"), hidden(b"b")],
        [hidden(b"a"), hidden(b"a")],
        ["base64url.bearer.phx.!"],
        ["base64url.bearer.phx.A"],
        ["base64url.bearer.phx.ÿ"],
        [hidden(b"\xff")],
    ],
)
def test_a_token_that_cannot_be_read_is_told_so(offered: list[str]) -> None:
    with pytest.raises(BadTokenError, match="auth token"):
        auth_token(offered)


def test_what_is_no_name_beside_a_token_or_alone_is_told_so() -> None:
    with pytest.raises(BadTokenError, match="no list of names"):
        auth_token(["phoenix", "("])

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit import Message
from channelkit.client.address import Address, query, token_subprotocols
from channelkit.params import parse_params
from channelkit.subprotocols import auth_token


class Login(Message):
    name: str
    admin: bool = False
    nothing: str | None = None


@pytest.mark.parametrize(
    ("url", "address", "target"),
    [
        (
            "ws://chat.example/socket",
            Address("chat.example", 80, False, "/socket/websocket", ""),
            "/socket/websocket?vsn=2.0.0",
        ),
        (
            "wss://chat.example:4001/a/b/?x=1",
            Address("chat.example", 4001, True, "/a/b/websocket", "x=1"),
            "/a/b/websocket?x=1&vsn=2.0.0",
        ),
        (
            "https://[::1]",
            Address("::1", 443, True, "/websocket", ""),
            "/websocket?vsn=2.0.0",
        ),
        (
            "http://h/ü b",
            Address("h", 80, False, "/%C3%BC%20b/websocket", ""),
            "/%C3%BC%20b/websocket?vsn=2.0.0",
        ),
    ],
)
def test_a_url_is_read(url: str, address: Address, target: str) -> None:
    assert Address.parse(url) == address
    assert address.target(None) == target


def test_the_whole_url_names_host_and_port() -> None:
    assert Address.parse("wss://[::1]/socket").url("/x?y") == "wss://[::1]:443/x?y"
    assert Address.parse("ws://h:4000/socket").url("/x") == "ws://h:4000/x"


@pytest.mark.parametrize(
    "url", ["h/p", "ws:/p", "gopher://h/p", "ws://h/p#f", "ws://u@h/p", "ws://h:99999/"]
)
def test_what_is_no_url_of_an_endpoint_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"a client connects to|[Pp]ort"):
        Address.parse(url)


def test_parameters_are_written_as_phoenix_js_does() -> None:
    params: dict[str, Any] = {"a": {"b": "c", "d": {"e": 1}}, "l": ["x", 2], "t": True, "n": None}

    assert query(params) == "a[b]=c&a[d][e]=1&l[]=x&l[]=2&t=true"
    assert query(Login(name="a&b=c d")) == "name=a%26b%3Dc%20d&admin=false"
    assert query(None) == ""


@pytest.mark.parametrize("inner", [[1], {"a": 1}])
def test_a_list_of_more_than_plain_values_has_no_form(inner: Any) -> None:
    with pytest.raises(ValueError, match=r"connect parameter l: a list holds plain values only"):
        query({"l": [inner]})


KEYS = st.text(st.characters(codec="utf-8", exclude_characters="[]"), min_size=1, max_size=5)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=9)
PARAMS = st.recursive(
    TEXTS | st.lists(TEXTS, min_size=1, max_size=3),
    lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(KEYS, PARAMS, max_size=3))
def test_our_server_reads_what_the_client_writes(params: dict[str, Any]) -> None:
    assert parse_params(query(params)) == params


@given(TEXTS)
def test_our_server_reads_the_token_that_the_client_offers(token: str) -> None:
    offered = token_subprotocols(token)

    assert auth_token(offered) == (token, ["phoenix"])
    assert "/" not in offered[1]

"""What `connect` may know of a request: protocol.md B1c (connect_info)."""

from __future__ import annotations

import pytest

from channelkit.certificates import Certificate
from channelkit.connect_info import ConnectInfo, Peer, Uri
from channelkit.http import Headers, HttpRequest


def request(
    *fields: tuple[str, str], peer: tuple[str, int] | None = None, scheme: str = "http"
) -> HttpRequest:
    return HttpRequest(
        method="GET",
        target="/a%20b?c=d",
        path="/a b",
        query={"c": "d"},
        query_string="c=d",
        headers=Headers(fields),
        version="1.1",
        peer=peer,
        scheme=scheme,
        certificate=Certificate(b"der"),
    )


def with_headers(*fields: tuple[str, str]) -> ConnectInfo:
    return ConnectInfo(headers=Headers(fields))


@pytest.mark.parametrize(
    ("host", "scheme", "parts"),
    [
        ("Example.com:4000", "http", ("example.com", 4000)),
        ("example.com", "http", ("example.com", 80)),
        ("example.com", "https", ("example.com", 443)),
        ("[::1]:1", "http", ("::1", 1)),
        ("", "http", ("", 80)),
    ],
)
def test_the_uri_is_what_the_client_connected_to(
    host: str, scheme: str, parts: tuple[str, int]
) -> None:
    name, port = parts

    assert Uri.of(request(("host", host), scheme=scheme)) == Uri(
        scheme=scheme, host=name, port=port, path="/a b", query="c=d"
    )


def test_a_request_of_http_1_0_may_name_no_host() -> None:
    assert Uri.of(request()).host == ""


def test_the_info_of_a_request_has_its_peer_and_the_headers_without_the_token() -> None:
    came = request(("host", "a"), ("x-b", "c"), peer=("192.0.2.1", 5))
    headers = Headers([("host", "a")])

    info = ConnectInfo.of(came, headers=headers, auth_token="token", transport="longpoll")

    assert info == ConnectInfo(
        peer=Peer("192.0.2.1", 5, Certificate(b"der")),
        uri=Uri(host="a", path="/a b", query="c=d"),
        headers=headers,
        auth_token="token",
        transport="longpoll",
    )


def test_on_a_unix_socket_there_is_no_peer() -> None:
    info = ConnectInfo.of(request(), headers=Headers(), auth_token=None, transport="websocket")

    assert info.peer is None


def test_headers_are_found_in_any_case_also_those_that_a_test_gives() -> None:
    info = ConnectInfo(headers={"X-Real-IP": "192.0.2.7"})

    assert info.headers["x-real-ip"] == info.headers["X-REAL-IP"] == "192.0.2.7"


def test_some_headers_are_chosen() -> None:
    info = with_headers(
        ("user-agent", "me"),
        ("x-a", "1"),
        ("x-a", "2"),
        ("xy", "3"),
        ("sec-websocket-version", "13"),
        ("traceparent", "00-1"),
        ("tracestate", "a=b"),
        ("trace", "no"),
    )

    assert info.user_agent == "me"
    assert info.x_headers == {"x-a": "1, 2"}
    assert info.sec_websocket_headers == {"sec-websocket-version": "13"}
    assert info.trace_context_headers == {"traceparent": "00-1", "tracestate": "a=b"}


def test_what_was_not_sent_is_not_there() -> None:
    info = ConnectInfo()

    assert info.user_agent is None
    assert info.x_headers == {}
    assert info.sec_websocket_headers == {}
    assert info.trace_context_headers == {}
    assert info.cookies == {}


@pytest.mark.parametrize(
    ("lines", "cookies"),
    [
        (["a=b"], {"a": "b"}),
        (["a=b; c=d"], {"a": "b", "c": "d"}),
        (["a=b;c=d;"], {"a": "b", "c": "d"}),
        (["a=b", "c=d"], {"a": "b", "c": "d"}),
        (["a=1; a=2"], {"a": "1"}),
        (["a=b=c=="], {"a": "b=c=="}),
        (['a="b c"; d="; e=""'], {"a": "b c", "d": '"', "e": ""}),
        (["a=; =b; c; ;;"], {"a": ""}),
        (["a=%20"], {"a": "%20"}),
        (
            ["\xff[]=\x00; expires=x; $Version=1"],
            {"\xff[]": "\x00", "expires": "x", "$Version": "1"},
        ),
        ([""], {}),
    ],
)
def test_cookies_are_taken_apart_and_never_raise(lines: list[str], cookies: dict[str, str]) -> None:
    assert with_headers(*(("cookie", line) for line in lines)).cookies == cookies

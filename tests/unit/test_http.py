"""Requests and responses as values."""

from __future__ import annotations

import pytest

from channelkit.http import Headers, HttpResponse

HEADERS = Headers([("Host", "a"), ("X-A", "1, 2"), ("x-b", "c"), ("x-a", "3")])


def test_headers_are_found_by_name_in_any_case() -> None:
    assert HEADERS["HOST"] == "a"
    assert HEADERS.get("x-c") is None
    assert "Host" in HEADERS


def test_headers_of_one_name_are_one_by_one_or_together() -> None:
    assert HEADERS["x-a"] == "1, 2, 3"
    assert HEADERS.all("X-A") == ("1, 2", "3")
    assert HEADERS.all("x-c") == ()
    assert HEADERS.tokens("x-a") == ["1", "2", "3"]
    assert Headers([("a", " , b ,,")]).tokens("a") == ["b"]


def test_headers_are_a_mapping() -> None:
    assert list(HEADERS) == ["host", "x-a", "x-b"]
    assert len(HEADERS) == 3
    assert HEADERS.fields() == [("host", "a"), ("x-a", "1, 2"), ("x-a", "3"), ("x-b", "c")]
    assert repr(Headers([("A", "b")])) == "Headers([('a', 'b')])"
    assert Headers() == {}


def test_a_response_of_text() -> None:
    response = HttpResponse.text("日", 418, {"X-A": "b"})

    assert (response.status, response.body) == (418, "日".encode())
    assert response.headers == {
        "Content-Type": "text/plain; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "X-A": "b",
    }


def test_a_response_of_json() -> None:
    response = HttpResponse.json({"a": ["日", 1.5, None, float("nan")]})

    assert response.body == '{"a":["日",1.5,null,null]}'.encode()
    assert response.headers["Content-Type"] == "application/json"


def test_a_response_is_200_and_empty_by_itself() -> None:
    assert HttpResponse() == HttpResponse(200, b"", {})


@pytest.mark.parametrize("status", [100, 101, 199, 600, 0])
def test_a_status_that_is_no_final_one_is_a_mistake(status: int) -> None:
    with pytest.raises(ValueError, match="from 200 to 599"):
        HttpResponse(status)


@pytest.mark.parametrize(
    ("name", "value"),
    [("", "a"), ("a b", "c"), ("a:", "b"), ("a", "b\r\nc: d"), ("a", "\x00"), ("a", "日")],
)
def test_a_header_that_is_none_is_a_mistake(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="not a header"):
        HttpResponse(headers={name: value})


@pytest.mark.parametrize("name", ["Content-Length", "connection", "Transfer-Encoding", "upgrade"])
def test_a_header_of_the_server_s_is_a_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="leave it out"):
        HttpResponse(headers={name: "1"})

"""The parameters in a query."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelkit.params import InvalidQuery, parse_params, parse_query, unquoted


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("", {}),
        ("&&", {}),
        ("a=1", {"a": "1"}),
        ("a", {"a": ""}),
        ("=1", {"": "1"}),
        ("a=1&a=2", {"a": "2"}),
        ("a=b%20c+d&e=%E6%97%A5", {"a": "b c d", "e": "日"}),
        ("a=1=2", {"a": "1=2"}),
        ("a=%zz", {"a": "%zz"}),
        ("a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}),
        ("a%5Bb%5D=1", {"a": {"b": "1"}}),
        ("a[b][c]=1", {"a": {"b": {"c": "1"}}}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[b][]=1&a[b][]=2", {"a": {"b": ["1", "2"]}}),
        ("a[][b]=1&a[][b]=2", {"a": [{"b": "1"}, {"b": "2"}]}),
        ("a[][]=1&a[][]=2", {"a": [["1"], ["2"]]}),
        ("a[0]=x&a[1]=y", {"a": {"0": "x", "1": "y"}}),
        ("a=1&a[b]=2", {"a": {"b": "2"}}),
        ("a[b]=2&a=1", {"a": "1"}),
        ("a[]=1&a[b]=2", {"a": {"b": "2"}}),
        ("a[b]=1&a[]=2", {"a": ["2"]}),
        ("a[=1", {"a[": "1"}),
        ("a]=1", {"a]": "1"}),
        ("a[b]c=1", {"a[b]c": "1"}),
        ("a[b[c]]=1", {"a[b[c]]": "1"}),
        ("[a]=1", {"[a]": "1"}),
        ("__proto__[x]=1", {"__proto__": {"x": "1"}}),
    ],
)
def test_parameters_nest(query: str, params: object) -> None:
    assert parse_params(query) == params


def test_a_flat_reading_keeps_the_names_as_they_are() -> None:
    assert parse_query("a[b]=1&a=2&a=3") == {"a[b]": "1", "a": "3"}


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("a=%ff", "not UTF-8"),
        ("%ff=a", "not UTF-8"),
        ("&".join(["a"] * 257), "too many"),
        ("a" + "[b]" * 16, "too deep"),
    ],
)
def test_what_cannot_be_read_is_refused(query: str, why: str) -> None:
    with pytest.raises(InvalidQuery, match=why):
        parse_params(query)


def test_as_many_and_as_deep_as_allowed_is_read() -> None:
    assert len(parse_params("&".join(f"a{n}" for n in range(256)))) == 256
    assert "a" in parse_params("a" + "[b]" * 15)


def test_escapes_are_decoded_once() -> None:
    assert unquoted("%2541+") == "%41+"


@given(st.text("ab[]=&%+1", max_size=40))
def test_any_query_is_read_or_refused(query: str) -> None:
    try:
        params = parse_params(query)
    except InvalidQuery:
        return
    assert json.loads(json.dumps(params)) == params

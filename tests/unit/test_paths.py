"""Paths of endpoints, with variables."""

from __future__ import annotations

import pytest

from channelkit.paths import PathPattern


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/echo", "/echo", {}),
        ("/echo", "/echo/", None),
        ("/rooms/{id}", "/rooms/42", {"id": "42"}),
        ("/rooms/{id}", "/rooms/é x", {"id": "é x"}),
        ("/rooms/{id}", "/rooms/", None),
        ("/rooms/{id}", "/rooms/4/2", None),
        ("/{a}/x.y/{b}", "/1/x.y/2", {"a": "1", "b": "2"}),
        ("/{a}/x.y/{b}", "/1/x-y/2", None),
    ],
)
def test_a_path_fits_or_not(pattern: str, path: str, expected: dict[str, str] | None) -> None:
    assert PathPattern(pattern).match(path) == expected


def test_a_pattern_knows_its_names() -> None:
    made = PathPattern("/rooms/{id}/{seat}")

    assert (made.text, made.names) == ("/rooms/{id}/{seat}", ("id", "seat"))


@pytest.mark.parametrize("path", ["", "/", "rooms", "/rooms/", "//rooms", "/a?b", "/a b", "/a%20"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="an endpoint's path is like /socket"):
        PathPattern(path)


@pytest.mark.parametrize("path", ["/{}", "/a{id}", "/{id}b", "/{a-b}", "/}{"])
def test_a_variable_is_a_whole_segment(path: str) -> None:
    with pytest.raises(ValueError, match="a variable is a whole segment"):
        PathPattern(path)


def test_a_variable_stands_once() -> None:
    with pytest.raises(ValueError, match=r"a variable stands twice in the path '/\{a\}/\{a\}'"):
        PathPattern("/{a}/{a}")

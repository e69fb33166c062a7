"""The parameters in a URL's query, nested the way phoenix.js writes them. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias, cast
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from pydantic import JsonValue

__all__ = ["InvalidQuery", "parse_params", "parse_query", "unquoted"]

MAX_PARAMS: Final = 256
"""Parameters of one query; a request with more of them is refused."""

MAX_DEPTH: Final = 16
"""How deep one parameter may nest, its name counted."""

_NESTED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_STEPS = re.compile(r"\[([^\[\]]*)\]")

_Container: TypeAlias = "dict[str, JsonValue] | list[JsonValue]"


class InvalidQuery(ValueError):
    """The query is no text, or holds more than a server is willing to take apart."""


def parse_params(query: str) -> dict[str, JsonValue]:
    """The parameters, nested: ``a[b]=c`` is an object, ``a[]=x`` a list.

    Where two contradict each other the later one counts. Brackets that do
    not match are part of the name.

    Raises:
        InvalidQuery: It is not UTF-8, too long or nested too deep.
    """
    params: dict[str, JsonValue] = {}
    for key, value in _pairs(query):
        _put(params, _path(key), value)
    return params


def parse_query(query: str) -> dict[str, str]:
    """The parameters as written, flat; the last one of a name counts. Raises as `parse_params`."""
    return dict(_pairs(query))


def unquoted(text: str) -> str:
    """Text with its percent escapes decoded.

    Raises:
        InvalidQuery: What they stand for is not UTF-8.
    """
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        raise InvalidQuery("the URL is not UTF-8") from None


def _pairs(query: str) -> list[tuple[str, str]]:
    parts = [part.partition("=") for part in query.replace("+", " ").split("&") if part]
    if len(parts) > MAX_PARAMS:
        raise InvalidQuery("too many parameters")
    return [(unquoted(key), unquoted(value)) for key, _, value in parts]


def _path(key: str) -> list[str]:
    """``a[b][]`` as ``["a", "b", ""]``."""
    nested = _NESTED.fullmatch(key)
    if nested is None:
        return [key]
    path = [nested[1], *_STEPS.findall(nested[2])]
    if len(path) > MAX_DEPTH:
        raise InvalidQuery("parameters nested too deep")
    return path


def _put(params: dict[str, JsonValue], path: list[str], value: str) -> None:
    container: _Container = params
    for step, following in pairwise(path):
        container = _entered(container, step, cast("_Container", {} if following else []))
    if isinstance(container, list):
        container.append(value)
    else:
        container[path[-1]] = value


def _entered(container: _Container, step: str, empty: _Container) -> _Container:
    """The container at this step, made where there is none of this kind."""
    if isinstance(container, list):
        container.append(cast("JsonValue", empty))
        return empty
    found = container.get(step)
    if isinstance(found, (dict, list)) and type(found) is type(empty):
        return found
    container[step] = cast("JsonValue", empty)
    return empty

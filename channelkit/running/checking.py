"""Compiling everything that an app serves, and showing it or what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..compiler import (
    problems_as_data,
    raw_as_data,
    render_github,
    render_problems,
    render_raw,
    render_table,
    table_as_data,
)
from ..dispatch import DispatchTable
from ..errors import DeclarationError
from ..raw_socket import RawPlan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Any

    from pydantic import JsonValue

    from ..endpoint import Endpoint
    from ..errors import Problem
    from ..raw_endpoint import RawEndpoint

__all__ = ["Compiled", "Format", "compiled", "polled", "show_problems", "show_tables"]

Compiled: TypeAlias = DispatchTable | RawPlan
"""What an endpoint serves: channels, or bare frames."""

Format: TypeAlias = Literal["text", "json", "github"]


def compiled(endpoints: Sequence[Endpoint[Any] | RawEndpoint[Any]]) -> dict[str, Compiled]:
    """What all endpoints serve, by path.

    Raises:
        DeclarationError: Something is wrong; it carries the problems of all of them.
    """
    tables: dict[str, Compiled] = {}
    problems: list[Problem] = []
    for endpoint in endpoints:
        try:
            tables[endpoint.path] = endpoint.compile()
        except DeclarationError as error:
            problems += error.problems
    if problems:
        # A channel that two endpoints serve is wrong once.
        different = list(dict.fromkeys(problems))
        raise DeclarationError(different, render_problems(different))
    return tables


def polled(endpoints: Iterable[Endpoint[Any] | RawEndpoint[Any]]) -> frozenset[str]:
    """The paths of those that serve long-poll, too."""
    return frozenset(endpoint.path for endpoint in endpoints if endpoint.longpoll is not None)


def show_tables(
    tables: Mapping[str, Compiled], form: Format, polls: Collection[str] = frozenset()
) -> str:
    """What is served as a tree, or as JSON.

    Args:
        polls: Who serves long-poll, by path.
    """
    if form == "json":
        endpoints = [
            {"path": path, "longpoll": path in polls, **_data(table)}
            for path, table in tables.items()
        ]
        return json.dumps({"endpoints": endpoints, "problems": []}, indent=2, ensure_ascii=False)
    return "\n\n".join(
        f"{path}{' · long-poll' if path in polls else ''}\n\n{_text(table)}"
        for path, table in tables.items()
    )


def _data(served: Compiled) -> dict[str, JsonValue]:
    return raw_as_data(served) if isinstance(served, RawPlan) else table_as_data(served)


def _text(served: Compiled) -> str:
    return render_raw(served) if isinstance(served, RawPlan) else render_table(served)


def show_problems(error: DeclarationError, form: Format) -> str:
    """What is wrong: for people, for programs, or for GitHub's annotations."""
    match form:
        case "json":
            data = {"endpoints": [], **problems_as_data(error.problems)}
            return json.dumps(data, indent=2, ensure_ascii=False)
        case "github":
            return render_github(error.problems)
        case "text":
            return render_problems(error.problems)

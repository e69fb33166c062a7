"""Compiling everything that an app serves, and showing it or what is wrong with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..compiler import (
    problems_as_data,
    render_github,
    render_problems,
    render_table,
    table_as_data,
)
from ..errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from ..dispatch import DispatchTable
    from ..endpoint import Endpoint
    from ..errors import Problem

__all__ = ["Format", "compiled", "show_problems", "show_tables"]

Format: TypeAlias = Literal["text", "json", "github"]


def compiled(endpoints: Sequence[Endpoint[Any]]) -> dict[str, DispatchTable]:
    """The tables of all endpoints, by path.

    Raises:
        DeclarationError: Something is wrong; it carries the problems of all of them.
    """
    tables: dict[str, DispatchTable] = {}
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


def show_tables(tables: Mapping[str, DispatchTable], form: Format) -> str:
    """The compiled channels as a tree, or as JSON."""
    if form == "json":
        endpoints = [{"path": path, **table_as_data(table)} for path, table in tables.items()]
        return json.dumps({"endpoints": endpoints, "problems": []}, indent=2, ensure_ascii=False)
    return "\n\n".join(f"{path}\n\n{render_table(table)}" for path, table in tables.items())


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

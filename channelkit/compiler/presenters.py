"""Problems → text: for people, for programs, for GitHub's annotations. Pure."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from ..errors import Place, Problem

__all__ = ["problems_as_data", "relative", "render_github", "render_problems"]


def render_problems(problems: Sequence[Problem], *, root: Path | None = None) -> str:
    """All problems for people, numbered.

    Args:
        root: Files below it are named from there; the current directory if not given.
    """
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    texts = [f"{n}. {_text(problem, root)}" for n, problem in enumerate(problems, 1)]
    return "\n\n".join([f"{count} in the declarations", *texts])


def render_github(problems: Sequence[Problem], *, root: Path | None = None) -> str:
    """A GitHub workflow command for each problem, which shows it beside the line."""
    return "\n".join(_command(problem, problem.places[0], root) for problem in problems)


def problems_as_data(
    problems: Sequence[Problem], *, root: Path | None = None
) -> dict[str, JsonValue]:
    """All problems for programs: a JSON object."""
    return {
        "problems": [
            {
                "code": problem.code,
                "what": problem.what,
                "places": [{**asdict(p), "file": relative(p.file, root)} for p in problem.places],
                "expected": problem.expected,
                "got": problem.got,
                "remedy": problem.remedy,
            }
            for problem in problems
        ]
    }


def _command(problem: Problem, place: Place, root: Path | None) -> str:
    file, title = _property(relative(place.file, root)), _property(problem.code)
    text = _data(_annotation(problem, root))
    return f"::error file={file},line={place.line},title={title}::{text}"


def _text(problem: Problem, root: Path | None) -> str:
    first, *others = problem.places
    lines = [f"{_where(first, root)}: {problem.what}  [{problem.code}]", *_written(first)]
    for place in others:
        lines += [f"and {_where(place, root)}", *_written(place)]
    return "\n".join([*lines, _advice(problem)])


def _annotation(problem: Problem, root: Path | None) -> str:
    first, *others = problem.places
    sides = [f"and {_where(place, root)}" for place in others]
    return "\n".join([f"{first.name}: {problem.what}", *sides, _advice(problem)])


def _advice(problem: Problem) -> str:
    return f"expected {problem.expected}, got {problem.got}; {problem.remedy}"


def _where(place: Place, root: Path | None) -> str:
    return f"{relative(place.file, root)}:{place.line} {place.name}"


def _written(place: Place) -> list[str]:
    return [f"    {place.source}"] if place.source else []


def relative(file: str, root: Path | None = None) -> str:
    """A file's path from the root where it is below it; the root is the current directory."""
    path, root = Path(file), root or Path.cwd()
    return str(path.relative_to(root)) if path.is_relative_to(root) else file


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

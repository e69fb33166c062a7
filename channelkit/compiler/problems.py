"""The catalogue of problems, and the list of those that one run finds. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..errors import DeclarationError, Problem
from .class_codes import ClassCode
from .endpoint_codes import EndpointCode
from .handler_codes import HandlerCode
from .payload_codes import PayloadCode
from .places import Places
from .presence_codes import PresenceCode
from .presenters import render_problems
from .raw_codes import RawCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..errors import Place
    from .codes import Code

__all__ = ["CODES", "Findings", "did_you_mean"]

_ALL: Final[tuple[Code, ...]] = (
    *ClassCode,
    *HandlerCode,
    *PayloadCode,
    *PresenceCode,
    *RawCode,
    *EndpointCode,
)

CODES: Final[Mapping[str, Code]] = MappingProxyType(
    {code.code: code for code in sorted(_ALL, key=lambda code: code.code)}
)
"""Every kind of problem by its code; `docs/problems.md` has a paragraph for each."""


class Findings:
    """What is wrong, as far as one run has found, and the places it was found at."""

    def __init__(self) -> None:
        self.places = Places()
        self._problems: list[Problem] = []
        self._asked: set[object] = set()

    def report(
        self,
        code: Code,
        *places: Place,
        got: str,
        remedy: str | None = None,
        hint: str = "",
        **words: str,
    ) -> None:
        """Note a problem.

        Args:
            code: Its kind.
            places: Where it is; for a conflict the later declaration first.
            got: What was found instead of the expected.
            remedy: What to do, where the case asks for more than its kind says.
            hint: Added to the remedy.
            words: What the texts of the kind leave open.
        """
        told = code.remedy.format_map(words) if remedy is None else remedy
        self._problems.append(
            Problem(
                code=code.code,
                what=code.title,
                places=places,
                expected=code.expected.format_map(words),
                got=got,
                remedy=told + hint,
            )
        )

    def first(self, *question: object) -> bool:
        """Whether this run did not ask this question before."""
        asked = question in self._asked
        self._asked.add(question)
        return not asked

    def conclude(self) -> None:
        """End the run.

        Raises:
            DeclarationError: Something is wrong; it carries everything, sorted.
        """
        if self._problems:
            # What several channels inherit was found once for each of them.
            problems = sorted(dict.fromkeys(self._problems), key=_position)
            raise DeclarationError(problems, render_problems(problems))


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A hint, where some name is close to this one."""
    close = get_close_matches(name, [other for other in names if other != name], n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def _position(problem: Problem) -> tuple[str, int, str]:
    place = problem.places[0]
    return place.file, place.line, problem.code

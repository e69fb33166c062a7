"""Why a topic is a channel's, or is not: which patterns were asked, and what they said. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ..compiler.problems import did_you_mean
from ..topics import Literal, segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..dispatch import DispatchTable, Route
    from ..topics import TopicPattern

__all__ = ["Asked", "asked", "resembling"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A channel that was asked whether a topic is its own.

    Attributes:
        why_not: What does not fit; None where the topic is its own.
    """

    route: Route
    why_not: str | None


def asked(table: DispatchTable, topic: str) -> tuple[Asked, ...]:
    """Whom `DispatchTable.match` asks, in order, and what they say.

    The last one is the channel whose topic it is, where there is one. A channel
    whose pattern fits is the last to be asked, also if the parameters do not.
    """
    said: list[Asked] = []
    for route in table.routes:
        texts = route.pattern.match(topic)
        if texts is not None:
            return (*said, Asked(route, _misfit(route, texts)))
        said.append(Asked(route, _difference(route.pattern, topic)))
    return tuple(said)


def resembling(tables: Iterable[DispatchTable], topic: str) -> str:
    """A hint for a topic that is nobody's: another beginning, or the router that has it."""
    found = tuple(tables)
    for table in found:
        hint = table.elsewhere(topic)
        if hint:
            return hint
    firsts = {route.pattern.first for table in found for route in table.routes}
    first, _, _ = topic.partition(":")
    return "" if first in firsts else did_you_mean(first, sorted(filter(None, firsts)))


def _difference(pattern: TopicPattern, topic: str) -> str:
    """What in a topic is not as the pattern has it."""
    parts = topic.split(":")
    for expected, part in zip(pattern.segments, parts, strict=False):
        if isinstance(expected, Literal):
            if expected.text != part:
                return f"{part!r} is not {expected.text!r}"
        elif not part:
            return f"{expected.name} is empty"
    least = len(pattern.segments) + (pattern.rest is not None)
    at_least = "" if pattern.rest is None else "at least "
    return f"it has {_parts(len(parts))}, expected {at_least}{least}"


def _misfit(route: Route, texts: Mapping[str, str]) -> str | None:
    """The first parameter that its type does not take, as `Route.read` sees it."""
    for name, adapter in route.parameters.items():
        text = texts[name]
        try:
            again = segment(adapter.validate_strings(text))
        except ValidationError as error:
            return f"{name} is {text!r}: {error.errors(include_url=False)[0]['msg']}"
        except Exception as error:  # a validator of the author may raise anything
            return f"{name} is {text!r}: its validator raised {type(error).__name__}"
        if again != text:
            return f"{name} is {text!r}, and would be written {again!r}"
    return None


def _parts(count: int) -> str:
    return f"{count} part{'' if count == 1 else 's'}"

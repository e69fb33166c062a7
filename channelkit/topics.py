"""Topic patterns: parse, match, build, overlap; and the typed topic of a channel. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Generic
from uuid import UUID

from typing_extensions import TypeVar

from .messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Literal", "Parameter", "PatternError", "Topic", "TopicPattern", "segment"]

M_contra = TypeVar("M_contra", bound=Message, contravariant=True)


class PatternError(ValueError):
    """A topic pattern that cannot be read, or parameters that build no topic of it."""


@dataclass(frozen=True)
class Topic(Generic[M_contra]):
    """A topic's name, and statically what may be broadcast to it.

    Made by `Channel.topic_for`; `M_contra` is the union of the channel's pushes.

    Attributes:
        name: As it is on the wire.
        channel: The class that made it, by whose types a client reads and writes.
    """

    name: str
    channel: type | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return self.name

    if TYPE_CHECKING:

        def accepts(self, message: M_contra) -> bool: ...


@dataclass(frozen=True, slots=True)
class Literal:
    """A segment that stands for itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A segment that stands for any one that is not empty."""

    name: str


_PARAMETER = re.compile(r"\{([^{}*]*)(\*?)\}")


def segment(value: object) -> str:
    """The text of a topic parameter, as a topic carries it.

    Raises:
        PatternError: The value's type has no form in a topic.
    """
    match value:
        case Enum():
            return segment(value.value)
        case bool():
            return "true" if value else "false"
        case str():
            return str(value)
        case int() | UUID():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            raise PatternError(f"{type(value).__name__} has no form in a topic")


@dataclass(frozen=True, slots=True)
class TopicPattern:
    """``room:{room_id}`` or ``files:{path*}``, read.

    ``{p}`` is one non-empty segment without ``:``. ``{p*}`` stands only last
    and is the rest: it may be empty and hold any characters.
    """

    text: str
    segments: tuple[Literal | Parameter, ...]
    rest: str | None
    _regex: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> TopicPattern:
        """Read a pattern.

        Raises:
            PatternError: The text is no pattern; the message says why.
        """
        segments: list[Literal | Parameter] = []
        rest: str | None = None
        for part in text.split(":"):
            if rest is not None:
                raise PatternError(f"{{{rest}*}} must be last: it takes the rest of the topic")
            parameter = _PARAMETER.fullmatch(part)
            if parameter is None:
                if "{" in part or "}" in part:
                    raise PatternError(f"{part!r} is no literal and no one {{parameter}}")
                segments.append(Literal(part))
            elif not parameter[1].isidentifier():
                raise PatternError(f"{part!r} does not name a parameter")
            elif parameter[2]:
                rest = parameter[1]
            else:
                segments.append(Parameter(parameter[1]))
        names = _names(segments, rest)
        for name in names:
            if names.count(name) > 1:
                raise PatternError(f"the parameter {name!r} stands twice")
        return cls(text, tuple(segments), rest, _compiled(segments, rest))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters' names, in order."""
        return _names(self.segments, self.rest)

    @property
    def first(self) -> str | None:
        """The literal that every topic of this pattern starts with, where there is one."""
        match self.segments:
            case (Literal(text), *_):
                return text
            case _:
                return None

    def match(self, topic: str) -> dict[str, str] | None:
        """The parameters of a topic of this pattern, None for any other."""
        found = self._regex.fullmatch(topic)
        return None if found is None else found.groupdict()

    def build(self, parameters: Mapping[str, object]) -> str:
        """The topic with these parameters.

        Raises:
            PatternError: A parameter is missing or unknown, or the result would
                not be read back as these parameters.
        """
        names = self.parameters
        if set(parameters) != set(names):
            wanted = ", ".join(names) or "none"
            raise PatternError(
                f"{self.text} takes the parameters {wanted}, got {', '.join(parameters) or 'none'}"
            )
        texts = {name: segment(value) for name, value in parameters.items()}
        parts = [
            part.text if isinstance(part, Literal) else texts[part.name] for part in self.segments
        ]
        if self.rest is not None:
            parts.append(texts[self.rest])
        topic = ":".join(parts)
        if self.match(topic) != texts:
            raise PatternError(f"{texts!r} makes no topic of {self.text}")
        return topic

    def hides(self, other: TopicPattern) -> bool:
        """Whether every topic of the other pattern is one of this."""
        if self.rest is None:
            if other.rest is not None or other._least != self._least:
                return False
        elif other._least < self._least:
            return False
        return all(map(_covers, self.segments, other.segments))

    def overlaps(self, other: TopicPattern) -> bool:
        """Whether some topic is one of both patterns."""
        if (self.rest is None and other._least > self._least) or (
            other.rest is None and self._least > other._least
        ):
            return False
        return all(map(_meets, self.segments, other.segments))

    @property
    def _least(self) -> int:
        """How many segments a topic of this pattern has at least; the rest counts as one."""
        return len(self.segments) + (self.rest is not None)

    def __str__(self) -> str:
        return self.text


def _names(segments: Sequence[Literal | Parameter], rest: str | None) -> tuple[str, ...]:
    names = tuple(part.name for part in segments if isinstance(part, Parameter))
    return names if rest is None else (*names, rest)


def _compiled(segments: list[Literal | Parameter], rest: str | None) -> re.Pattern[str]:
    parts = [
        re.escape(part.text) if isinstance(part, Literal) else f"(?P<{part.name}>[^:]+)"
        for part in segments
    ]
    if rest is not None:
        parts.append(f"(?P<{rest}>.*)")
    return re.compile(":".join(parts), re.DOTALL)


def _covers(mine: Literal | Parameter, other: Literal | Parameter) -> bool:
    """Whether my segment takes every text that the other takes."""
    return mine == other if isinstance(mine, Literal) else other != Literal("")


def _meets(one: Literal | Parameter, other: Literal | Parameter) -> bool:
    """Whether some text is taken by both."""
    return _covers(one, other) or _covers(other, one)

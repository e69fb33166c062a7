"""The marks of a channel class and its bases, the most derived winning. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias, get_origin

from ..channel import AnyChannel, Channel
from ..declare import (
    AfterJoin,
    Event,
    Join,
    OnBroadcast,
    OnDrain,
    OnEvent,
    OnEventFor,
    OnInfo,
    OnLeave,
)
from .handler_codes import HandlerCode
from .places import named
from .signatures import Subject, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..dispatch import Allow
    from .annotations import Bound
    from .problems import Findings

__all__ = [
    "Marked",
    "MarkedEvent",
    "Marks",
    "annotated",
    "authored",
    "body",
    "is_shared",
    "read_marks",
]

_MARKS: Final = (Event, Join, AfterJoin, OnDrain, OnLeave, OnInfo, OnBroadcast)
_Kind: TypeAlias = (
    type[Join[Any, Any, Any]]
    | type[AfterJoin]
    | type[OnDrain]
    | type[OnLeave]
    | type[OnInfo[Any]]
    | type[OnBroadcast[Any]]
)
_SHARED: Final = re.compile(r"(\w+\.)?(ClassVar|Final)\b")
_FOUNDATION: Final = frozenset(Channel.__mro__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A marked handler, and the class body that has it."""

    owner: type
    attribute: str
    handler: Callable[..., Any]

    @property
    def name(self) -> str:
        """As it is called in problems: ``Room.new_msg``."""
        return f"{named(self.owner)}.{self.attribute}"

    def subject(self, bound: Mapping[type, Bound], findings: Findings) -> Subject:
        """The handler, to be read."""
        return Subject(
            name=self.name,
            handler=self.handler,
            place=findings.places.of_attribute(self.owner, self.attribute),
            owner=self.owner,
            bound=bound.get(self.owner, {}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedEvent(Marked):
    """The handler of an event, and what its decorator says."""

    event: Any
    """What the decorator was given: a text, if its author took care."""
    allow: Allow | None
    concurrent: bool
    rate: Any
    """A text that `Rate.parse` reads, or None, if its author took care."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """All marks of one channel, in order of declaration, those of bases first."""

    joins: tuple[Marked, ...]
    after_joins: tuple[Marked, ...]
    on_drains: tuple[Marked, ...]
    on_leaves: tuple[Marked, ...]
    events: tuple[MarkedEvent, ...]
    infos: tuple[Marked, ...]
    intercepts: tuple[Marked, ...]


def authored(channel: type[AnyChannel]) -> tuple[type, ...]:
    """The classes of a channel that its author wrote, bases first."""
    return tuple(owner for owner in reversed(channel.__mro__) if owner not in _FOUNDATION)


def body(channel: type[AnyChannel]) -> dict[str, tuple[type, object]]:
    """Every attribute with the class that gives it; an override keeps its base's position."""
    return {
        name: (owner, value) for owner in authored(channel) for name, value in vars(owner).items()
    }


def annotated(channel: type[AnyChannel]) -> dict[str, tuple[type, object]]:
    """Every annotation, as written, with the class that gives it."""
    return {
        name: (owner, annotation)
        for owner in authored(channel)
        for name, annotation in written(owner).items()
    }


def is_shared(annotation: object) -> bool:
    """Whether an annotation, as written, says that its attribute belongs to the class."""
    text = getattr(annotation, "__forward_arg__", annotation)
    if isinstance(text, str):
        # Not read: what it names may be there for the type checkers only.
        return _SHARED.match(text) is not None
    return (get_origin(annotation) or annotation) in (ClassVar, Final)


def read_marks(channel: type[AnyChannel], findings: Findings) -> Marks:
    """All marks of a channel; what was marked wrongly is reported."""
    attributes = body(channel)
    for attribute, (owner, value) in attributes.items():
        if isinstance(value, (OnEvent, OnEventFor)):
            findings.report(
                HandlerCode.NO_EVENT_NAME,
                findings.places.of_attribute(owner, attribute),
                got="@on_event as it is, without a name",
                example=attribute,
            )
        if isinstance(value, FunctionType):
            _check_override(channel, attribute, owner, findings)
    return Marks(
        joins=_of(Join, attributes),
        after_joins=_of(AfterJoin, attributes),
        on_drains=_of(OnDrain, attributes),
        on_leaves=_of(OnLeave, attributes),
        events=_events(attributes),
        infos=_of(OnInfo, attributes),
        intercepts=_of(OnBroadcast, attributes),
    )


def _of(kind: _Kind, attributes: Mapping[str, tuple[type, object]]) -> tuple[Marked, ...]:
    return tuple(
        Marked(owner=owner, attribute=attribute, handler=value.handler)
        for attribute, (owner, value) in attributes.items()
        if isinstance(value, kind)
    )


def _events(attributes: Mapping[str, tuple[type, object]]) -> tuple[MarkedEvent, ...]:
    return tuple(
        MarkedEvent(
            owner=owner,
            attribute=attribute,
            handler=value.handler,
            event=value.name,
            allow=value.allow,
            concurrent=value.concurrent,
            rate=value.rate,
        )
        for attribute, (owner, value) in attributes.items()
        if isinstance(value, Event)
    )


def _check_override(
    channel: type[AnyChannel], attribute: str, owner: type, findings: Findings
) -> None:
    """A plain method over a base's handler would switch it off without a word."""
    for base in authored(channel):
        if isinstance(vars(base).get(attribute), _MARKS):
            findings.report(
                HandlerCode.UNMARKED_OVERRIDE,
                findings.places.of_attribute(owner, attribute),
                findings.places.of_attribute(base, attribute),
                got=f"a method without a decorator over {named(base)}.{attribute}",
                attribute=attribute,
            )
            return

"""What a change of a contract means for clients that know the old one: the rules, as data. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RULES", "Change", "Direction", "Judgement", "Kind", "judged"]


class Judgement(StrEnum):
    """How much a change matters, the worst first."""

    BREAKING = "breaking"
    """Some client that did all right is refused now, or gets what it cannot read."""
    RISKY = "risky"
    """A client that prepared for the old contract only may be surprised."""
    SAFE = "safe"
    """No client can notice unless it wants to."""

    def matters(self, least: Judgement) -> bool:
        """Whether it is as bad as this one, or worse."""
        order = [*Judgement]
        return order.index(self) <= order.index(least)


class Direction(StrEnum):
    """Who writes what a change is about."""

    SENT = "clients send"
    RECEIVED = "clients receive"
    OFFERED = "clients may use"
    """What there is: endpoints, channels, events; and how it behaves."""


class Kind(StrEnum):
    """What has changed."""

    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"
    ALTERED = "altered"
    """It behaves otherwise, and clients may notice."""

    REQUIRED_ADDED = "required field added"
    OPTIONAL_ADDED = "optional field added"
    FIELD_REMOVED = "field removed"
    BECAME_REQUIRED = "became required"
    BECAME_OPTIONAL = "became optional"
    EXTRAS_FORBIDDEN = "other fields forbidden"
    EXTRAS_ALLOWED = "other fields allowed"
    SHAPE_ADDED = "shape added"
    SHAPE_REMOVED = "shape removed"
    TYPE_CHANGED = "type changed"
    VALUE_ADDED = "value added"
    VALUE_REMOVED = "value removed"
    LOOSENED = "loosened"
    TIGHTENED = "tightened"
    CONSTRAINT_CHANGED = "constraint changed"
    DEFAULT_CHANGED = "default changed"


_BREAKING, _RISKY, _SAFE = Judgement
_SENT, _RECEIVED, _OFFERED = Direction

RULES: Final[Mapping[Kind, Mapping[Direction, Judgement]]] = {
    Kind.ADDED: {_OFFERED: _SAFE},
    Kind.REMOVED: {_OFFERED: _BREAKING},
    Kind.REPLACED: {_OFFERED: _BREAKING},
    Kind.ALTERED: {_OFFERED: _RISKY},
    Kind.REQUIRED_ADDED: {_SENT: _BREAKING, _RECEIVED: _SAFE},
    Kind.OPTIONAL_ADDED: {_SENT: _SAFE, _RECEIVED: _SAFE},
    Kind.FIELD_REMOVED: {_SENT: _SAFE, _RECEIVED: _BREAKING},
    Kind.BECAME_REQUIRED: {_SENT: _BREAKING, _RECEIVED: _SAFE},
    Kind.BECAME_OPTIONAL: {_SENT: _SAFE, _RECEIVED: _BREAKING},
    Kind.EXTRAS_FORBIDDEN: {_SENT: _BREAKING, _RECEIVED: _SAFE},
    Kind.EXTRAS_ALLOWED: {_SENT: _SAFE, _RECEIVED: _SAFE},
    Kind.SHAPE_ADDED: {_SENT: _SAFE, _RECEIVED: _BREAKING},
    Kind.SHAPE_REMOVED: {_SENT: _BREAKING, _RECEIVED: _SAFE},
    Kind.TYPE_CHANGED: {_SENT: _BREAKING, _RECEIVED: _BREAKING},
    Kind.VALUE_ADDED: {_SENT: _SAFE, _RECEIVED: _RISKY},
    Kind.VALUE_REMOVED: {_SENT: _BREAKING, _RECEIVED: _SAFE},
    Kind.LOOSENED: {_SENT: _SAFE, _RECEIVED: _RISKY, _OFFERED: _SAFE},
    Kind.TIGHTENED: {_SENT: _BREAKING, _RECEIVED: _SAFE, _OFFERED: _RISKY},
    Kind.CONSTRAINT_CHANGED: {_SENT: _BREAKING, _RECEIVED: _RISKY},
    Kind.DEFAULT_CHANGED: {_SENT: _RISKY, _RECEIVED: _SAFE},
}
"""What is judged of each kind of change, by who writes what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two contracts."""

    where: tuple[str, ...]
    """Where it is: endpoint, channel, event, part, and the path in a payload."""
    kind: Kind
    direction: Direction
    judgement: Judgement
    old: str | None
    """What there was, None where there was nothing."""
    new: str | None
    """What there is, None where there is nothing."""


def judged(
    where: tuple[str, ...],
    kind: Kind,
    direction: Direction,
    *,
    old: str | None = None,
    new: str | None = None,
    judgement: Judgement | None = None,
) -> Change:
    """A change with what the rules say of it, unless something else is known of this one."""
    return Change(
        where=where,
        kind=kind,
        direction=direction,
        judgement=judgement or RULES[kind][direction],
        old=old,
        new=new,
    )

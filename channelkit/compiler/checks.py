"""What must hold between the channels of an endpoint, and its `connect`. Pure."""

from __future__ import annotations

import inspect
from itertools import combinations
from types import FunctionType, NoneType
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from ..channel import AnyChannel, Channel
from ..errors import Place
from ..serializers import TAKEN
from ..topics import Literal
from .annotations import arms, shown
from .class_codes import ClassCode
from .fitting import fits
from .handler_codes import HandlerCode
from .payload_codes import PayloadCode
from .places import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..topics import TopicPattern
    from .drafts import Draft
    from .problems import Findings

__all__ = ["check_assigns", "check_first", "check_patterns", "only_channels"]


def only_channels(channels: Sequence[object], findings: Findings) -> list[type[AnyChannel]]:
    """The channel classes of the list; what else it holds is reported."""
    for index, channel in enumerate(channels):
        if not _is_channel(channel):
            place, got = _stranger(channel, index, findings)
            findings.report(ClassCode.NOT_A_CHANNEL, place, got=got)
    return [channel for channel in channels if _is_channel(channel)]


def check_patterns(drafts: Sequence[Draft], findings: Findings) -> None:
    """No pattern is hidden by an earlier one, and no two cross."""
    for earlier, later in combinations(drafts, 2):
        if earlier.pattern is not None and later.pattern is not None:
            found = _conflict(earlier.pattern, later.pattern)
            if found is not None:
                code, got = found
                findings.report(
                    code,
                    findings.places.of_pattern(later.channel),
                    findings.places.of_pattern(earlier.channel),
                    got=got,
                    earlier=shown(earlier.channel),
                    later=shown(later.channel),
                )


def check_assigns(
    drafts: Sequence[Draft], expected: object, connect: Place | None, findings: Findings
) -> None:
    """Every channel's assigns are what `connect` returns, or a base of it: they are only read."""
    for draft in drafts:
        if not _unreadable(draft.assigns) and not fits(expected, draft.assigns):
            full = shown(draft.assigns) == shown(expected)
            findings.report(
                PayloadCode.ASSIGNS_DIFFER,
                draft.place,
                *([connect] if connect else []),
                got=f"Channel[{shown(draft.assigns, full=full)}, ...]",
                expected=shown(expected, full=full),
                remedy=None if arms(expected) != (NoneType,) else _no_connect(draft),
            )


def check_first(drafts: Sequence[Draft], findings: Findings) -> None:
    """No event has a name that clients of the first Phoenix cannot send."""
    routes = (draft.route for draft in drafts if draft.route is not None)
    for plan in (plan for route in routes for plan in route.events):
        if plan.event in TAKEN:
            findings.report(HandlerCode.TAKEN_BY_FIRST, plan.place, got=repr(plan.event))


def _no_connect(draft: Draft) -> str:
    return f"give the endpoint a connect that returns {shown(draft.assigns)}"


def _is_channel(channel: object) -> TypeGuard[type[AnyChannel]]:
    return isinstance(channel, type) and issubclass(channel, Channel) and channel is not Channel


def _stranger(channel: object, index: int, findings: Findings) -> tuple[Place, str]:
    """Where something stands that is no channel class, and what it is."""
    # A bare @channel takes the class for its pattern, and leaves a function in its place.
    pattern = _captured(channel) if isinstance(channel, FunctionType) else None
    if isinstance(pattern, type):
        return findings.places.of_class(pattern), "@channel as it is, without a pattern"
    if isinstance(channel, type):
        return findings.places.of_class(channel), f"the class {shown(channel)}"
    place = Place(file=NOWHERE, line=1, name=f"channels[{index}]", source="")
    return place, f"an object of the class {shown(type(channel))}"


def _captured(function: FunctionType) -> object:
    return inspect.getclosurevars(function).nonlocals.get("pattern")


def _conflict(earlier: TopicPattern, later: TopicPattern) -> tuple[ClassCode, str] | None:
    both = f"{later.text!r} behind {earlier.text!r}"
    match earlier.hides(later), later.hides(earlier):
        case True, True:
            return ClassCode.SAME_PATTERN, both
        case True, False:
            return ClassCode.HIDDEN_PATTERN, both
        case False, False if earlier.overlaps(later):
            return (
                ClassCode.CROSSING_PATTERNS,
                f"{both} (both take {_shared(earlier, later)!r})",
            )
        case _:
            return None


def _shared(one: TopicPattern, other: TopicPattern) -> str:
    """A topic of both of two patterns that overlap."""
    shorter, longer = sorted((one, other), key=lambda pattern: len(pattern.segments))
    parts = [part.text if isinstance(part, Literal) else part.name for part in longer.segments]
    for index, part in enumerate(shorter.segments):
        if isinstance(part, Literal):
            parts[index] = part.text
    return ":".join([*parts, ""] if longer.rest else parts)


def _unreadable(declared: object) -> bool:
    """Whether it was reported where it was read."""
    return declared is None or isinstance(declared, TypeVar)

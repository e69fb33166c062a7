"""What must hold between the channels of an endpoint, and its `connect`. Pure."""

from __future__ import annotations

from itertools import combinations
from types import NoneType
from typing import TYPE_CHECKING, TypeVar

from ..declare import Event, Join
from ..serializers import TAKEN
from ..topics import Literal
from .annotations import arms, shown
from .class_codes import ClassCode
from .fitting import fits
from .handler_codes import HandlerCode
from .marks import body
from .payload_codes import PayloadCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import Place
    from ..topics import TopicPattern
    from .drafts import Draft
    from .problems import Findings

__all__ = ["check_assigns", "check_first", "check_patterns", "check_served"]


def check_patterns(drafts: Sequence[Draft], findings: Findings) -> None:
    """No pattern is hidden by an earlier one, and no two cross."""
    for earlier, later in combinations(drafts, 2):
        if earlier.pattern is not None and later.pattern is not None:
            found = _conflict(earlier.pattern, later.pattern)
            if found is not None:
                code, shared = found
                findings.report(
                    code,
                    findings.places.of_pattern(later.channel),
                    findings.places.of_pattern(earlier.channel),
                    got=f"{_called(later)} behind {_called(earlier)}{shared}",
                    earlier=earlier.name,
                    later=later.name,
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


def check_served(drafts: Sequence[Draft], findings: Findings) -> None:
    """Nothing that is served is only declared: no channel, and no handler of one."""
    for draft in drafts:
        channel = draft.channel
        if channel.__declared__:
            got = f"@channel({channel.__pattern__!r}, declared=True)"
            findings.report(ClassCode.ONLY_DECLARED, draft.place, got=got)
            continue
        for name, (owner, value) in body(channel).items():
            if isinstance(value, (Join, Event)) and vars(owner).get("__declared__", False):
                findings.report(
                    ClassCode.INHERITS_DECLARED,
                    draft.place,
                    findings.places.of_attribute(owner, name),
                    got=f"{owner.__name__}.{name}",
                    handler=name,
                )


def _no_connect(draft: Draft) -> str:
    return f"give the endpoint a connect that returns {shown(draft.assigns)}"


def _called(draft: Draft) -> str:
    """The whole pattern, and whose it is where a router stands before it."""
    pattern = "" if draft.pattern is None else draft.pattern.text
    return f"{pattern!r}" + (f" ({draft.name})" if draft.routed else "")


def _conflict(earlier: TopicPattern, later: TopicPattern) -> tuple[ClassCode, str] | None:
    """What is wrong with two patterns, and which topics they share where that is not plain."""
    match earlier.hides(later), later.hides(earlier):
        case True, True:
            return ClassCode.SAME_PATTERN, ""
        case True, False:
            return ClassCode.HIDDEN_PATTERN, ""
        case False, False if earlier.overlaps(later):
            return ClassCode.CROSSING_PATTERNS, f" (both take {_shared(earlier, later)!r})"
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

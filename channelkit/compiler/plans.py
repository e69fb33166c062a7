"""All marks of a channel → its plans, with the conflicts between them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from types import FunctionType
from typing import TYPE_CHECKING

from . import handlers
from .annotations import shown
from .class_codes import ClassCode
from .handler_codes import HandlerCode
from .marks import body
from .payload_codes import PayloadCode
from .permissions import event_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..channel import AnyChannel
    from ..dispatch import EventPlan, Handler, Hook, InfoPlan, InterceptPlan, JoinPlan
    from ..messages import Message
    from .codes import Code
    from .marks import Marked, Marks
    from .payload_types import Reading
    from .problems import Findings

__all__ = ["Plans", "read_plans"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """The plans of a channel, as far as its handlers could be read."""

    join: JoinPlan | None
    after_join: Hook | None
    on_drain: Hook | None
    on_leave: Handler | None
    events: Mapping[str, EventPlan]
    infos: tuple[InfoPlan, ...]
    intercepts: Mapping[str, InterceptPlan]


def read_plans(
    channel: type[AnyChannel],
    marks: Marks,
    pushes: Mapping[type[Message], str] | None,
    reading: Reading,
) -> Plans:
    """Read all handlers of a channel; what is wrong with them is reported."""
    after_joins = [handlers.hook(marked, reading) for marked in marks.after_joins]
    on_drains = [handlers.hook(marked, reading) for marked in marks.on_drains]
    on_leaves = [handlers.on_leave(marked, reading) for marked in marks.on_leaves]
    _check_single(marks.after_joins, HandlerCode.SECOND_HOOK, reading.findings)
    _check_single(marks.on_drains, HandlerCode.SECOND_HOOK, reading.findings)
    _check_single(marks.on_leaves, HandlerCode.SECOND_HOOK, reading.findings)
    return Plans(
        join=_join(channel, marks, reading),
        after_join=next(iter(after_joins), None),
        on_drain=next(iter(on_drains), None),
        on_leave=next(iter(on_leaves), None),
        events=_events(marks, pushes, reading),
        infos=_infos(marks, reading),
        intercepts=_intercepts(marks, pushes, reading),
    )


def _join(channel: type[AnyChannel], marks: Marks, reading: Reading) -> JoinPlan | None:
    plans = [handlers.join(marked, reading) for marked in marks.joins]
    _check_single(marks.joins, HandlerCode.SECOND_JOIN, reading.findings)
    if not plans:
        _, unmarked = body(channel).get("join", (channel, None))
        near = isinstance(unmarked, FunctionType)
        reading.findings.report(
            ClassCode.NO_JOIN,
            reading.findings.places.of_class(channel),
            got="none",
            hint=" (did you mean @on_join above the method join?)" if near else "",
        )
    return next(iter(plans), None)


def _events(
    marks: Marks, pushes: Mapping[type[Message], str] | None, reading: Reading
) -> dict[str, EventPlan]:
    for earlier, later in combinations(marks.events, 2):
        if earlier.event == later.event:
            reading.findings.report(
                HandlerCode.SAME_EVENT,
                event_place(later, reading.findings),
                event_place(earlier, reading.findings),
                got=f"{later.event!r} for {earlier.name} and {later.name}",
            )
    plans = [handlers.event(marked, pushes, reading) for marked in marks.events]
    return {plan.event: plan for plan in plans if plan is not None}


def _infos(marks: Marks, reading: Reading) -> tuple[InfoPlan, ...]:
    found = [handlers.info(marked, reading) for marked in marks.infos]
    plans = tuple(plan for plan in found if plan is not None)
    for earlier, later in combinations(plans, 2):
        shared = [
            f"{shown(two)} and {shown(one)}"
            for one in earlier.classes
            for two in later.classes
            if issubclass(one, two) or issubclass(two, one)
        ]
        if shared:
            reading.findings.report(
                HandlerCode.INFOS_OVERLAP, later.place, earlier.place, got=", ".join(shared)
            )
    return plans


def _intercepts(
    marks: Marks, pushes: Mapping[type[Message], str] | None, reading: Reading
) -> dict[str, InterceptPlan]:
    found = [handlers.intercept(marked, pushes, reading) for marked in marks.intercepts]
    plans = [plan for plan in found if plan is not None]
    for earlier, later in combinations(plans, 2):
        if earlier.event == later.event:
            reading.findings.report(
                PayloadCode.SECOND_INTERCEPT, later.place, earlier.place, got=repr(later.event)
            )
    return {plan.event: plan for plan in plans}


def _check_single(marks: Sequence[Marked], code: Code, findings: Findings) -> None:
    for later in marks[1:]:
        findings.report(
            code,
            findings.places.of_attribute(later.owner, later.attribute),
            findings.places.of_attribute(marks[0].owner, marks[0].attribute),
            got=f"{later.name} beside {marks[0].name}",
        )

"""What an event's decorator says: its name, its permission and its rate. Pure."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from ..rates import Rate, RateError
from .annotations import shown
from .handler_codes import HandlerCode
from .places import named, plain

if TYPE_CHECKING:
    from ..errors import Place
    from .marks import MarkedEvent
    from .problems import Findings

__all__ = ["check_allow", "check_name", "event_place", "is_reserved", "read_rate"]


def is_reserved(event: str) -> bool:
    """Whether the wire keeps this event for itself."""
    return event.startswith("phx_")


def event_place(marked: MarkedEvent, findings: Findings) -> Place:
    """The line that names the event."""
    function = plain(marked.handler)
    if function is None:
        return findings.places.of_attribute(marked.owner, marked.attribute)
    return findings.places.of_event(function, marked.name, marked.event)


def check_name(marked: MarkedEvent, findings: Findings) -> None:
    """Report an event without a name, or with one that the wire keeps for itself."""
    name: object = marked.event
    place = event_place(marked, findings)
    if not isinstance(name, str) or not name:
        example = marked.attribute
        findings.report(HandlerCode.NO_EVENT_NAME, place, got=repr(name), example=example)
    elif is_reserved(name):
        findings.report(HandlerCode.RESERVED_EVENT, place, got=repr(name))


def check_allow(marked: MarkedEvent, findings: Findings) -> None:
    """Report a permission that cannot be asked with the channel instance."""
    got, function = _unaskable(marked.allow), plain(marked.handler)
    if got is not None and function is not None:
        place = findings.places.of_keyword(function, marked.name, "allow")
        findings.report(
            HandlerCode.BAD_ALLOW,
            place,
            got=got,
            example=getattr(marked.allow, "__name__", "is_allowed"),
            channel=named(marked.owner),
        )


def read_rate(marked: MarkedEvent, findings: Findings) -> Rate | None:
    """The event's rate limit; one that cannot be read is reported."""
    text: object = marked.rate
    if text is None:
        return None
    try:
        return Rate.parse(f"{text}")
    except RateError as error:
        got, function = str(error), plain(marked.handler)
    if function is not None:
        place = findings.places.of_keyword(function, marked.name, "rate")
        findings.report(HandlerCode.BAD_RATE, place, got=got)
    return None


def _unaskable(allow: object) -> str | None:
    if allow is None:
        return None
    if not callable(allow):
        return f"an object of the class {shown(type(allow))}"
    called = getattr(allow, "__call__", None)  # noqa: B004  (an object may be async only there)
    if any(map(inspect.iscoroutinefunction, (allow, called))):
        return "an async one, whose result would always count as yes"
    try:
        takes = inspect.signature(allow)
    except (ValueError, NameError):  # a builtin without one; annotations that cannot be read
        return None
    try:
        takes.bind(None)
    except TypeError:
        return f"one that takes {takes}"
    return None

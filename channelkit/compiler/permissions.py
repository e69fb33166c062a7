"""What an event's decorator says: its name, its permission and its rate. Pure."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, get_args, get_origin

from ..channel import Channel
from ..rates import Rate, RateError
from .annotations import arms, shown
from .endpoint_codes import EndpointCode
from .fitting import fits, signature_of
from .handler_codes import HandlerCode
from .places import named, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..errors import Place
    from .annotations import Bound
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


def check_allow(marked: MarkedEvent, bound: Mapping[type, Bound], findings: Findings) -> None:
    """Report a permission that cannot be asked with the channel instance.

    Args:
        bound: What the type variables of the channel's bases stand for.
    """
    allow, function = marked.allow, plain(marked.handler)
    if allow is None or function is None:
        return
    words = {
        "example": getattr(allow, "__name__", "is_allowed"),
        "channel": named(marked.owner),
    }
    place = findings.places.of_keyword(function, marked.name, "allow")
    got = _unaskable(allow)
    if got is not None:
        findings.report(HandlerCode.BAD_ALLOW, place, got=got, **words)
        return
    assigns = next(iter(bound[Channel].values()))
    got = _elsewhere(allow, marked.owner, bound, assigns)
    if got is not None:
        code = EndpointCode.ALLOW_ELSEWHERE
        findings.report(code, place, got=got, **words, assigns=shown(assigns))


def _elsewhere(
    allow: Callable[..., object], owner: type, bound: Mapping[type, Bound], assigns: object
) -> str | None:
    """What it wants instead of this channel; None if it takes it, or does not say."""
    takes = signature_of(allow)
    if takes is None:
        return None
    wanted = next(iter(takes.parameters.values())).annotation
    if wanted is takes.empty or any(_takes(arm, owner, bound, assigns) for arm in arms(wanted)):
        return None
    return f"one that takes {' | '.join(map(_shown, arms(wanted)))}"


def _takes(arm: object, owner: type, bound: Mapping[type, Bound], assigns: object) -> bool:
    """Whether a permission that takes this may be asked about the channel."""
    base = get_origin(arm) or arm
    if not isinstance(base, type) or not issubclass(base, Channel):
        return True  # a protocol, Any, object: nothing to be told from here
    if base is Channel and get_args(arm):
        return fits(assigns, get_args(arm)[0])
    return issubclass(owner, base) or base in bound


def _shown(channel: object) -> str:
    """A channel, or a generic one with its arguments."""
    given = ", ".join(map(shown, get_args(channel)))
    return f"{shown(get_origin(channel))}[{given}]" if given else shown(channel)


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

"""One channel class → its route, with what the checks between channels need. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..channel import AnyChannel, Channel
from ..dispatch import Route
from ..topics import PatternError, TopicPattern
from ..wire import PHOENIX
from .annotations import arms, bindings
from .class_codes import ClassCode
from .handlers import summary
from .marks import authored, read_marks
from .parameters import read_parameters
from .payload_types import Reading
from .plans import read_plans
from .presences import read_presence
from .pushes import read_pushes
from .signatures import Scope, resolve
from .state import check_state

if TYPE_CHECKING:
    from ..errors import Place
    from .annotations import Bound
    from .models import Models
    from .placing import Placed
    from .problems import Findings

__all__ = ["Draft", "read_channel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A channel as far as it could be read."""

    channel: type[AnyChannel]
    name: str
    """As problems call it, with the router that it stands in."""
    routed: bool
    """Whether it stands in a router."""
    place: Place
    pattern: TopicPattern | None
    assigns: object
    """The first argument of ``Channel[...]``; None if it could not be read."""
    route: Route | None
    """None if something is wrong; not None may be wrong too."""


def read_channel(placed: Placed, findings: Findings, models: Models) -> Draft:
    """Read a channel; everything that is wrong with it alone is reported."""
    channel = placed.channel
    bound = _bound(channel, findings)
    assigns, pushed = bound[Channel].values()
    place = findings.places.of_class(channel)
    reading = Reading(findings=findings, models=models, bound=bound)
    pattern = _pattern(placed, findings)
    parameters = read_parameters(channel, pattern, reading) if pattern else {}
    pushes = None if pushed is None else read_pushes(arms(pushed), place, reading)
    plans = read_plans(channel, read_marks(channel, findings), pushes, reading)
    presence = read_presence(channel, pushes, reading)
    check_state(channel, findings)
    route = None
    if pattern is not None and plans.join is not None:
        route = Route(
            channel=channel,
            pattern=pattern,
            parameters=parameters,
            pushes=pushes or {},
            join=plans.join,
            after_join=plans.after_join,
            on_drain=plans.on_drain,
            on_leave=plans.on_leave,
            infos=plans.infos,
            intercepts=plans.intercepts,
            place=place,
            summary=_summary(channel),
            presence=presence,
            prefix=placed.prefix,
            _events=plans.events,
        )
    return Draft(
        channel=channel,
        name=placed.name,
        routed=bool(placed.routers),
        place=place,
        pattern=pattern,
        assigns=assigns,
        route=route,
    )


def _bound(channel: type[AnyChannel], findings: Findings) -> dict[type, Bound]:
    """What `Channel`'s arguments, and those of generic bases between, are here."""

    def read(owner: type, argument: object) -> object:
        place = findings.places.of_class(owner)
        return resolve(argument, Scope.of_bases(owner, place.file), place, findings)

    return bindings(channel, Channel, read)


def _pattern(placed: Placed, findings: Findings) -> TopicPattern | None:
    """The whole pattern, with what routers put before it."""
    channel = placed.channel
    text: object = channel.__pattern__
    if text is None:
        place, example = findings.places.of_class(channel), channel.__name__.lower()
        findings.report(ClassCode.NO_PATTERN, place, got="none", example=example)
        return None
    place = findings.places.of_pattern(channel)
    try:
        pattern = TopicPattern.parse(f"{placed.prefix}{text}")
    except PatternError as error:
        findings.report(ClassCode.BAD_PATTERN, place, got=f"{text!r}: {error}")
        return None
    if pattern.match(PHOENIX) is not None:
        findings.report(ClassCode.TAKES_PHOENIX, place, got=repr(pattern.text))
    return pattern


def _summary(channel: type[AnyChannel]) -> str:
    """From the nearest docstring that the author wrote."""
    found = (vars(owner).get("__doc__") for owner in reversed(authored(channel)))
    return summary(next(filter(None, found), None))

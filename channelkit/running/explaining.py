"""Whose a topic is, what becomes of an event on it, and what a join of it answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ..compiler.annotations import shown
from ..compiler.places import Places, plain
from ..compiler.presenters import relative
from ..compiler.problems import did_you_mean
from ..compiler.tree import told_event, told_join
from ..endpoint import Endpoint
from ..errors import CallFailed
from ..exits import Crashed
from ..payloads import Invalid
from ..topics import segment
from ..verdicts import declined
from ..wire import FORBIDDEN, JOIN_TIMEOUT, RESERVED_EVENTS, refused
from .checking import compiled
from .failures import Failure, UsageFailure
from .matching import asked, resembling
from .raised import raised
from .rehearsal import Rehearsed, assigns_from, payload_from, rehearse
from .target import endpoints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydantic import JsonValue

    from ..dispatch import Allow, DispatchTable, EventPlan, Match, Route
    from ..errors import Place
    from ..messages import Refusal
    from ..payloads import Accepts
    from .matching import Asked
    from .target import App

__all__ = ["Question", "explain"]

_Row: TypeAlias = tuple[str, list[str]]
"""A label, and the lines beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wants to know.

    Attributes:
        event: What a member wants to send, None to ask of the join alone.
        path: Which of several endpoints; None for the first that has the topic.
        assigns: The file with a member's assigns.
        join: The file with what it joins with.
        payload: The file with what it sends.
    """

    topic: str
    event: str | None = None
    path: str | None = None
    assigns: Path | None = None
    join: Path | None = None
    payload: Path | None = None

    @property
    def rehearses(self) -> bool:
        """Whether the join is to run."""
        return self.assigns is not None or self.join is not None


def explain(app: App, question: Question) -> tuple[str, bool]:
    """The answer, and whether it is a yes as far as it was asked for one.

    Raises:
        Failure: The topic is no channel's, or its channel has no such event.
        UsageFailure: The question makes no sense, or a file in it does not.
        DeclarationError: The channels cannot work.
    """
    if question.payload is not None and question.event is None:
        raise UsageFailure("--payload is what an event carries: name the event")
    served = _served(app, question.path)
    having = [(endpoint, match) for endpoint in served if (match := _match(endpoint, question))]
    if not having:
        raise Failure(_nobodys(served, question.topic))
    (endpoint, match), *others = having
    plan = None if question.event is None else _plan(match.route, question.event)
    payload = None if question.payload is None else payload_from(question.payload)

    rows = [
        _endpoint(endpoint, [other.path for other, _ in others]),
        ("asked", _asked_lines(asked(endpoint.compile(), question.topic))),
        ("parameters", [_parameter(name, match) for name in match.route.parameters] or ["none"]),
        ("join", [_at(match.route.join.place), told_join(match.route.join)]),
        *_event(endpoint, match.route, plan),
    ]
    yes = True
    if question.rehearses:
        result = _rehearsed(endpoint, question, plan)
        told, yes = _told(match.route, plan, result, endpoint)
        rows += told
    if plan is not None and question.payload is not None:
        lines, fits = _fitting(plan.accepts, payload)
        rows.append(("payload", lines))
        yes = yes and fits
    heading = f"{question.topic} is a topic of {_at(match.route.place)}"
    return f"{heading}\n\n{_aligned(rows)}\n", yes


# Whose it is.


def _served(app: App, path: str | None) -> list[Endpoint[Any]]:
    """The endpoints with channels, or the one at a path."""
    every = endpoints(app)
    compiled(every)  # tells the problems of all endpoints at once
    served = [endpoint for endpoint in every if isinstance(endpoint, Endpoint)]
    if not served:
        raise UsageFailure("there are no channels")
    if path is None:
        return served
    found = [endpoint for endpoint in served if endpoint.path == path]
    if not found:
        paths = ", ".join(endpoint.path for endpoint in served)
        raise UsageFailure(f"no channels are served at {path!r}; they are at {paths}")
    return found


def _match(endpoint: Endpoint[Any], question: Question) -> Match | None:
    return endpoint.compile().match(question.topic)


def _nobodys(served: Sequence[Endpoint[Any]], topic: str) -> str:
    tables: list[DispatchTable] = [endpoint.compile() for endpoint in served]
    rows = [
        (endpoint.path, _asked_lines(asked(table, topic)))
        for endpoint, table in zip(served, tables, strict=True)
    ]
    hint = resembling(tables, topic)
    return f"no channel has the topic {topic!r}{hint}\n{_aligned(rows, '  ')}"


def _asked_lines(said: Sequence[Asked]) -> list[str]:
    width = max((len(each.route.pattern.text) for each in said), default=0)
    return [
        f"{each.route.pattern.text:<{width}}  "
        + ("yes" if each.why_not is None else f"no: {each.why_not}")
        for each in said
    ]


def _plan(route: Route, event: str) -> EventPlan:
    for plan in route.events:
        if plan.event == event:
            return plan
    name = route.channel.__name__
    if event in RESERVED_EVENTS:
        raise Failure(f"{event} is the protocol's own, and no event of {name}")
    if event in route.pushes.values():
        raise Failure(f"{event!r} is what {name} pushes to its members, and no event they send")
    hint = did_you_mean(event, [plan.event for plan in route.events])
    raise Failure(f"{name} has no event {event!r}{hint}")


# What is declared.


def _endpoint(endpoint: Endpoint[Any], others: Sequence[str]) -> _Row:
    also = [f"{path} has it, too: see --endpoint {path}" for path in others]
    return "endpoint", [endpoint.path, *also]


def _parameter(name: str, match: Match) -> str:
    value = match.parameters[name]
    return f"{name} = {segment(value)!r}" if isinstance(value, str) else f"{name} = {value}"


def _event(endpoint: Endpoint[Any], route: Route, plan: EventPlan | None) -> list[_Row]:
    if plan is None:
        return [("events", [", ".join(each.event for each in route.events) or "none"])]
    of_all = f"{endpoint.rate} from the socket, over all topics"
    rates = [*([str(plan.rate)] if plan.rate else []), *([of_all] if endpoint.rate else [])]
    return [
        ("event", [plan.event, _at(plan.place), told_event(plan)]),
        ("permission", [_permission(plan.allow)]),
        ("rate", [" and ".join(rates) or "none"]),
    ]


def _permission(allow: Allow | None) -> str:
    if allow is None:
        return "none: every member may"
    function = plain(allow)
    name = shown(type(allow)) if function is None else function.__name__
    return name if function is None else _at(Places().of_function(function, name))


# What came of it.


def _rehearsed(endpoint: Endpoint[Any], question: Question, plan: EventPlan | None) -> Rehearsed:
    assigns = assigns_from(endpoint, question.assigns)
    params: JsonValue = {} if question.join is None else payload_from(question.join)
    return rehearse(endpoint, question.topic, assigns, params, plan)


def _told(
    route: Route, plan: EventPlan | None, result: Rehearsed, endpoint: Endpoint[Any]
) -> tuple[list[_Row], bool]:
    response = _json(result.response)
    if result.status == "error":
        lines = [*_why(route, result, endpoint), f"the reply is error {response}"]
        return [("joining", lines)], False
    rows: list[_Row] = [("joining", ["granted", f"the reply is ok {response}"])]
    if result.ended is not None:
        return [*rows, ("then", _ending(result))], False
    if plan is None:
        return rows, True
    return [*rows, ("sending", _permitted(plan, result))], result.allowed is True


def _why(route: Route, result: Rehearsed, endpoint: Endpoint[Any]) -> list[str]:
    """Why a join was not granted."""
    if result.error is not None:
        return ["the handler raised", *raised(result.error).splitlines()]
    response = cast("JsonValue", result.response)
    try:
        refusal = declined(route.join.answers.refusals, response)
    except CallFailed as failure:
        return _framework(failure.reason, response, endpoint)
    words = vars(type(refusal)).get("__doc__")
    described = [] if not isinstance(words, str) else cleandoc(words).splitlines()
    return [f"refused: {_at(_place_of(refusal))}", *described]


def _framework(reason: str, response: JsonValue, endpoint: Endpoint[Any]) -> list[str]:
    """What channelkit itself answers, without or instead of the handler."""
    if reason == JOIN_TIMEOUT:
        return [f"the handler took longer than Limits.join, {endpoint.limits.join:g} s"]
    errors = response.get("errors") if isinstance(response, dict) else None
    lines = _errors(cast("list[dict[str, JsonValue]]", errors)) if errors else []
    return [f"refused: {reason}", *lines]


def _ending(result: Rehearsed) -> list[str]:
    if isinstance(result.ended, Crashed):
        return ["the member crashed", *raised(result.ended.error).splitlines()]
    return [f"the member ended: {result.ended!r}"]


def _permitted(plan: EventPlan, result: Rehearsed) -> list[str]:
    if plan.allow is None:
        return ["allowed: every member may"]
    name = _permission(plan.allow).partition("  ")[0]
    match result.allowed:
        case True:
            return [f"allowed: {name} says so"]
        case Exception() as error:
            return [f"{name} raised", *raised(error).splitlines()]
        case _:
            return [f"not allowed: {name} says no", f"the reply is error {_json(FORBIDDEN_BODY)}"]


def _fitting(accepts: Accepts, payload: JsonValue) -> tuple[list[str], bool]:
    message = accepts.decode(payload)
    if isinstance(message, Invalid):
        return ["does not fit", *_errors(message.errors)], False
    return [f"fits {shown(type(message))}"], True


def _errors(errors: Sequence[dict[str, JsonValue]]) -> list[str]:
    return [
        f"{'.'.join(map(str, cast('list[int | str]', each['loc']))) or 'it'}: {each['msg']}"
        for each in errors
    ]


# How it looks.

FORBIDDEN_BODY = refused(FORBIDDEN)


def _at(place: Place) -> str:
    return f"{place.name}  {relative(place.file)}:{place.line}"


def _place_of(refusal: Refusal) -> Place:
    return Places().of_class(type(refusal))


def _json(value: JsonValue | bytes) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return json.dumps(value, ensure_ascii=False)


def _aligned(rows: Sequence[_Row], margin: str = "") -> str:
    width = max(len(label) for label, _ in rows)
    return "\n".join(
        f"{margin}{label if first else '':<{width}}  {line}".rstrip()
        for label, lines in rows
        for first, line in ((index == 0, line) for index, line in enumerate(lines))
    )

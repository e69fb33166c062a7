"""DispatchTable → text and data: what `channelkit check` shows. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..wire import PRESENCE_DIFF, PRESENCE_STATE
from .annotations import shown
from .presenters import relative

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pydantic import JsonValue, TypeAdapter

    from ..dispatch import DispatchTable, EventPlan, JoinPlan, PresencePlan, Route
    from ..payloads import Accepts

__all__ = ["render_table", "table_as_data", "told_event", "told_join"]

_TYPES: Final[Mapping[object, str]] = {
    "string": "str",
    "integer": "int",
    "boolean": "bool",
    "uuid": "UUID",
    "date": "date",
}


def render_table(table: DispatchTable, *, root: Path | None = None) -> str:
    """A tree of all channels, for people.

    Args:
        root: Files below it are named from there; the current directory if not given.
    """
    return "\n\n".join(_branch(route, root) for route in table.routes)


def table_as_data(table: DispatchTable, *, root: Path | None = None) -> dict[str, JsonValue]:
    """All channels, for programs: a JSON object."""
    return {"channels": [_channel(route, root) for route in table.routes]}


def _branch(route: Route, root: Path | None) -> str:
    place = f"{relative(route.place.file, root)}:{route.place.line}"
    twigs = _twigs(route)
    under = f"  in the router {route.prefix}" if route.prefix else ""
    return "\n".join(
        [
            f"{route.pattern.text}  {shown(route.channel)}  {place}{under}",
            *([f"│  {route.summary}"] if route.summary else []),
            *(f"├─ {twig}" for twig in twigs[:-1]),
            f"└─ {twigs[-1]}",
        ]
    )


def _twigs(route: Route) -> list[str]:
    hooks = {"after_join": route.after_join, "on_drain": route.on_drain, "on_leave": route.on_leave}
    return [
        *(f"{name}: {_type(adapter)}" for name, adapter in route.parameters.items()),
        f"join  {told_join(route.join)}",
        *(f"event {plan.event}  {_event(plan)}" for plan in route.events),
        *(f"push {event}  {shown(message)}" for message, event in route.pushes.items()),
        *(
            [f"presence {route.presence.attribute}  {_presence(route.presence)}"]
            if route.presence
            else []
        ),
        *(f"intercepts {event}" for event in route.intercepts),
        *(f"info  {_names(plan.classes)}" for plan in route.infos),
        *(f"{hook}  {_name(handler)}" for hook, handler in hooks.items() if handler is not None),
    ]


def told_join(plan: JoinPlan) -> str:
    """What a join accepts, answers and refuses, in a line."""
    replies = [*map(shown, plan.answers.replies), *(["{}"] if plan.answers.silent else [])]
    return " · ".join([_accepted(plan.accepts), *_verdict("answers", replies), *_refused(plan)])


def told_event(plan: EventPlan) -> str:
    """What an event accepts, answers and refuses, in a line."""
    replies = [] if plan.stream else [*map(shown, plan.answers.replies)]
    streamed = [*map(shown, plan.stream.items)] if plan.stream else []
    parts = [
        _accepted(plan.accepts),
        *_verdict("answers", replies),
        *_verdict("streams", streamed),
    ]
    if plan.answers.silent:
        parts.append("or no reply" if replies else "no reply")
    return " · ".join([*parts, *_refused(plan)])


def _event(plan: EventPlan) -> str:
    parts = [told_event(plan)]
    if plan.allow is not None:
        parts.append(f"allow {_name(plan.allow)}")
    if plan.concurrent:
        parts.append("concurrent")
    if plan.rate is not None:
        parts.append(f"rate {plan.rate}")
    return " · ".join(parts)


def _presence(plan: PresencePlan) -> str:
    fetched = [] if plan.fetched is None else [f"fetches {shown(plan.fetched)}"]
    return " · ".join([f"metas {shown(plan.meta)}", *fetched])


def _accepted(accepts: Accepts) -> str:
    return f"accepts {_names(_payloads(accepts))}"


def _refused(plan: JoinPlan | EventPlan) -> list[str]:
    return _verdict("refuses", [*map(shown, plan.answers.refusals)])


def _verdict(verb: str, kinds: list[str]) -> list[str]:
    return [f"{verb} {' | '.join(kinds)}"] if kinds else []


def _channel(route: Route, root: Path | None) -> JsonValue:
    return {
        "channel": shown(route.channel),
        "file": relative(route.place.file, root),
        "line": route.place.line,
        "pattern": route.pattern.text,
        "prefix": route.prefix,
        "summary": route.summary,
        "parameters": {name: adapter.json_schema() for name, adapter in route.parameters.items()},
        "join": _verdicts(route.join),
        "events": {plan.event: _event_data(plan) for plan in route.events},
        "pushes": {event: shown(message) for message, event in route.pushes.items()},
        "presence": None if route.presence is None else _presence_data(route.presence),
        "intercepts": list(route.intercepts),
        "infos": [shown(kind) for plan in route.infos for kind in plan.classes],
        "after_join": route.after_join is not None,
        "on_drain": route.on_drain is not None,
        "on_leave": route.on_leave is not None,
    }


def _presence_data(plan: PresencePlan) -> JsonValue:
    return {
        "attribute": plan.attribute,
        "meta": shown(plan.meta),
        "fetched": None if plan.fetched is None else shown(plan.fetched),
        "events": [PRESENCE_STATE, PRESENCE_DIFF],
    }


def _event_data(plan: EventPlan) -> JsonValue:
    return {
        **_verdicts(plan),
        "allow": None if plan.allow is None else _name(plan.allow),
        "concurrent": plan.concurrent,
        "rate": None if plan.rate is None else str(plan.rate),
        "streams": [shown(item) for item in plan.stream.items] if plan.stream else None,
        "summary": plan.summary,
    }


def _verdicts(plan: JoinPlan | EventPlan) -> dict[str, JsonValue]:
    return {
        "accepts": [shown(kind) for kind in _payloads(plan.accepts)],
        "answers": [shown(kind) for kind in plan.answers.replies],
        "refuses": [shown(kind) for kind in plan.answers.refusals],
        "silent": plan.answers.silent,
    }


def _payloads(accepts: Accepts) -> tuple[type, ...]:
    return (*accepts.models, bytes) if accepts.binary else accepts.models


def _names(kinds: Iterable[type]) -> str:
    return " | ".join(map(shown, kinds))


def _name(function: object) -> str:
    name: str = getattr(function, "__name__", type(function).__name__)
    return name


def _type(adapter: TypeAdapter[Any]) -> str:
    """A parameter's type in a word or two, from its JSON schema."""
    schema = adapter.json_schema()
    if "enum" in schema or "const" in schema:
        return " | ".join(map(repr, schema.get("enum", [schema.get("const")])))
    bounds = [f"{key} {value}" for key, value in schema.items() if key not in {"type", "format"}]
    kind: str = schema.get("format", schema["type"])
    return _TYPES.get(kind, kind) + (f" ({', '.join(bounds)})" if bounds else "")

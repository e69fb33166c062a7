"""Channels → classes of a Python module that only declare. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, final

from ...contract.form import Binary, Empty, Json, Model
from ..reading import read_type
from .naming import distinct, fits, method_names
from .text import (
    Arms,
    Name,
    assigned,
    called,
    docstring,
    laid,
    quoted,
    signature,
    subscript,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ...contract.form import (
        ChannelContract,
        EventContract,
        JoinContract,
        Payload,
        PresenceContract,
        RefusalContract,
        Schema,
    )
    from .annotations import Types
    from .naming import Imports
    from .text import Expr

__all__ = ["STREAMS", "Channels"]

INDENT: Final = "    "
RAISES: Final = "raise NotImplementedError"
STREAMS: Final = "yield  # which makes it a stream"
Lines: TypeAlias = list[str]
_Pushes: TypeAlias = "Mapping[str, str]"
"""The class of each event that a channel pushes."""


@final
@dataclass(frozen=True, slots=True)
class Channels:
    """Writes channel classes.

    Args:
        payloads: The class of each schema that a payload refers to.
        types: Writes the annotations of topic parameters.
        imports: Takes what they need.
        taken: The names of the module's classes.
    """

    payloads: Mapping[str, str]
    types: Types
    imports: Imports
    taken: frozenset[str]

    def channel(self, name: str, channel: ChannelContract, pushes: _Pushes) -> Lines:
        """A channel, with what its presence needs above it."""
        base = self._kit("Channel")
        told = tuple(dict.fromkeys(Name(one) for one in pushes.values()))
        arguments = (_any(self.imports), *([_union(told)] if told else []))
        decorator = called(
            f"@{self._kit('channel')}", value(channel.pattern), declared=Name("True")
        )
        statement = called(f"class {name}", subscript(base, *arguments))
        presence = channel.presence
        above = [] if presence is None else self._fetch(name, presence)
        parameters = {one.name for one in channel.parameters}
        join, here = distinct("join", parameters), distinct("here", parameters)
        own = {*parameters, *self.taken, join, here}
        methods = method_names((event.event for event in channel.events), own)
        parts = [
            docstring(channel.description, INDENT),
            [line for one in channel.parameters for line in self._parameter(one.name, one.value)],
            [] if presence is None else self._presence(name, presence, here),
            self._join(channel.join, join),
            *(self._event(methods[event.event], event, pushes) for event in channel.events),
        ]
        body = [line for part in parts if part for line in ("", *part)][1:]
        return [*above, *laid("", decorator), *laid("", statement, ":"), *body]

    def _parameter(self, name: str, schema: Schema) -> Lines:
        return assigned(name, self.types.of(read_type(schema)), None, INDENT)

    def _presence(self, name: str, presence: PresenceContract, attribute: str) -> Lines:
        fetch = {} if presence.beside is None else {"fetch": Name(_fetch_name(name))}
        made = called(self._kit("Presence"), Name(self._class_of(presence.meta)), **fetch)
        return laid(f"{INDENT}{attribute} = ", made, indent=INDENT)

    def _fetch(self, name: str, presence: PresenceContract) -> Lines:
        """What a server is asked for beside the metas: to clients, a type."""
        if presence.beside is None:
            return []
        metas = subscript("list", Name(self._class_of(presence.meta)))
        result = subscript("dict", Name("str"), Name(self._class_of(presence.beside)))
        parameters: list[tuple[str, Expr | None]] = [
            ("topic", Name("str")),
            ("metas", subscript("dict", Name("str"), metas)),
        ]
        head = f"async def {_fetch_name(name)}"
        return [*signature(head, parameters, result, ""), f"{INDENT}{RAISES}", "", ""]

    def _join(self, join: JoinContract, name: str) -> Lines:
        result = self._verdict(join.answers, join.refuses)
        head = f"async def {name}"
        parameters = [("self", None), ("params", self._accepted(join.accepts))]
        told = docstring(join.description, INDENT * 2)
        lines = signature(head, parameters, result, INDENT)
        return [f"{INDENT}@{self._kit('on_join')}", *lines, *told, f"{INDENT * 2}{RAISES}"]

    def _event(self, name: str, event: EventContract, pushes: _Pushes) -> Lines:
        named: dict[str, Expr] = {}
        if event.rate is not None:
            named["rate"] = value(event.rate)
        if event.concurrent and event.streams is None:
            named["concurrent"] = Name("True")
        decorator = called(f"@{self._kit('on_event')}", value(event.event), **named)
        parameters = [("self", None), ("message", self._accepted(event.accepts))]
        if event.streams is None:
            result = self._verdict(event.answers, event.refuses, silent=event.silent, is_event=True)
            body = [RAISES]
        else:
            result = self._streamed(event.streams, event.refuses, pushes)
            body = [RAISES, STREAMS]
        return [
            *(
                []
                if event.permission is None
                else [f"{INDENT}# Allowed by {_plain(event.permission)}."]
            ),
            *laid(INDENT, decorator, indent=INDENT),
            *signature(f"async def {name}", parameters, result, INDENT),
            *docstring(event.description, INDENT * 2),
            *(f"{INDENT * 2}{line}" for line in body),
        ]

    def _accepted(self, accepts: Sequence[Payload]) -> Expr:
        return _union(Name(self._payload(one)) for one in accepts)

    def _verdict(
        self,
        answers: Sequence[Payload],
        refuses: Sequence[RefusalContract],
        *,
        silent: bool = False,
        is_event: bool = False,
    ) -> Expr:
        found = [self._payload(one, is_event=is_event) for one in answers]
        found += [self._class_named(one.ref) for one in refuses]
        if silent or "None" in found:  # formatters and people look for it at the end
            found = [*(one for one in found if one != "None"), "None"]
        return _union(map(Name, found)) if found else Name("None")

    def _streamed(
        self, streams: Sequence[str], refuses: Sequence[RefusalContract], pushes: _Pushes
    ) -> Expr:
        items = [pushes[event] for event in streams]
        items += [self._class_named(one.ref) for one in refuses]
        head = self.imports.name("collections.abc", "AsyncIterator")
        return subscript(head, _union(map(Name, items)))

    def _payload(self, payload: Payload, *, is_event: bool = False) -> str:
        match payload:
            case Model():
                return self._class_of(payload)
            case Json():
                return self._kit("Open")
            case Binary():
                return "bytes"
            case Empty():  # an event says so, a join is just let in
                return self._kit("Ok") if is_event else "None"

    def _class_of(self, payload: Model) -> str:
        return self._class_named(payload.ref)

    def _class_named(self, ref: str) -> str:
        return self.payloads[ref.removeprefix("#/schemas/")]

    def _kit(self, name: str) -> str:
        return self.imports.name("channelkit", name)


def _fetch_name(channel: str) -> str:
    return f"_beside_{channel}"


def _any(imports: Imports) -> Expr:
    return Name(imports.name("typing", "Any"))


def _union(items: Iterable[Expr]) -> Expr:
    unique = tuple(dict.fromkeys(items))
    return unique[0] if len(unique) == 1 else Arms(unique)


def _plain(name: str) -> str:
    return name if fits(name) else quoted(name)

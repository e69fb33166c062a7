"""A channel as TypeScript: its class, its topic, and how it is joined. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, assert_never, final

from ...contract.form import Binary, Empty, Json, Model
from ..names import Style, identifier, identifiers
from ..reading import read_type
from ..types import Boolean, Number, Text
from .shapes import INHERITED
from .text import comment, key, literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ...contract.form import (
        ChannelContract,
        EventContract,
        JoinContract,
        ParameterContract,
        Payload,
        RefusalContract,
    )
    from ..types import Type
    from .shapes import Shapes

__all__ = ["EVENT", "PARAMETER", "ChannelNames", "ChannelWriter", "channel_names", "definition"]

MEMBERS: Final = INHERITED | frozenset(
    {"channel", "topic", "joined", "presence", "on", "onJoin", "leave", "then", "toJSON"}
)
"""What a channel's class has beside the methods of its events, or must not have."""

EVENT: Final = Style(case="camel", reserved=MEMBERS, empty="event")
PARAMETER: Final = Style(case="camel", empty="parameter")

_VARIED = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class ChannelNames:
    """What is declared of one channel, all of it after the name of its class."""

    name: str
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        every = (self.name, self.pushes, self.joined, self.parameters, self.topic, self.join)
        object.__setattr__(self, "names", every)

    @property
    def pushes(self) -> str:
        return f"{self.name}Pushes"

    @property
    def joined(self) -> str:
        return f"{self.name}Joined"

    @property
    def parameters(self) -> str:
        return f"{self.name}Parameters"

    @property
    def topic(self) -> str:
        return f"{identifier(self.name, Style(case='camel'))}Topic"

    @property
    def join(self) -> str:
        return f"join{self.name}"


def channel_names(
    channels: Sequence[ChannelContract], taken: Collection[str]
) -> list[ChannelNames]:
    """The names of each channel, none of them taken.

    A class that stands under several patterns is called after them.
    """
    taken = set(taken)
    classes = [channel.name for channel in channels]
    found: list[ChannelNames] = []
    for channel in channels:
        literals = _VARIED.sub(" ", channel.pattern).strip()
        plain = channel.name if classes.count(channel.name) == 1 else literals
        style = Style(case="pascal", empty="Topic")
        names = ChannelNames(identifier(plain, style))
        number = 1
        while not taken.isdisjoint(names.names):
            number += 1
            suffix = "Channel" if number == 2 else f"Channel{number}"
            names = ChannelNames(identifier(plain, style) + suffix)
        taken.update(names.names)
        found.append(names)
    return found


def definition(ref: str) -> str:
    """The name of the schema that a contract refers to."""
    return ref.removeprefix("#/schemas/")


@final
class ChannelWriter:
    """Writes one channel.

    Args:
        shapes: What its payloads are called.
    """

    def __init__(self, channel: ChannelContract, names: ChannelNames, shapes: Shapes) -> None:
        self._channel = channel
        self._names = names
        self._shapes = shapes
        self._parameters = identifiers([part.name for part in channel.parameters], PARAMETER)

    def text(self) -> str:
        """All declarations."""
        parts = [self._parameters_type(), self._topic(), self._pushes(), self._joined()]
        parts += [self._class(), self._join()]
        return "\n".join(part for part in parts if part)

    # Its topic.

    def _parameters_type(self) -> str:
        if not self._channel.parameters:
            return ""
        fields = "".join(
            f"  {key(self._parameters[part.name])}: {self._parameter(part)};\n"
            for part in self._channel.parameters
        )
        about = comment([f"The parameters of `{self._channel.pattern}`."])
        return f"{about}export type {self._names.parameters} = {{\n{fields}}};\n"

    def _parameter(self, part: ParameterContract) -> str:
        match read_type(part.value):
            case Number(whole=True):
                return "number | bigint"
            case kind:
                return self._shapes.expression(kind, sent=True)

    def _topic(self) -> str:
        channel = self._channel
        about = comment([f"A topic of `{channel.pattern}`.", _raises(bool(channel.parameters))])
        if not channel.parameters:
            head = f"export function {self._names.topic}(): string {{\n"
            return f"{about}{head}  return {literal(channel.pattern)};\n}}\n"
        parameters = {part.name: part for part in channel.parameters}
        parts = [
            self._segment(parameters[segment.strip("{*}")])
            if segment.startswith("{")
            else literal(segment)
            for segment in channel.pattern.split(":")
        ]
        head = f"export function {self._names.topic}(parameters: {self._names.parameters}): string"
        return f'{about}{head} {{\n  return [{", ".join(parts)}].join(":");\n}}\n'

    def _segment(self, part: ParameterContract) -> str:
        name = self._parameters[part.name]
        value = f"parameters.{name}"
        if part.rest:
            return value
        return f"inTopic.{_encoder(read_type(part.value))}({literal(name)}, {value})"

    # What it says, and how it is joined.

    def _pushes(self) -> str:
        about = comment([f"What `{self._channel.pattern}` pushes, by event."])
        fields = "".join(
            comment([push.description], "  ")
            + f"  {key(push.event)}: {self.received(push.payload)};\n"
            for push in self._channel.pushes
        )
        text = f"{{\n{fields}}}" if fields else "Record<never, never>"
        return f"{about}export type {self._names.pushes} = {text};\n"

    def _joined(self) -> str:
        join = self._channel.join
        about = comment(["What becomes of a join."])
        return f"{about}export type {self._names.joined} = {self._result(join)};\n"

    def _join(self) -> str:
        channel, names = self._channel, self._names
        topic = f"parameters: {names.parameters}" if channel.parameters else ""
        payload = self.sent(channel.join.accepts)
        optional = " = {}" if self._optional(channel.join.accepts) else ""
        signature = [
            "socket: PhoenixSocket",
            topic,
            f"params: Fresh<{payload}>{optional}",
            f"options: JoinOptions<{names.pushes}> = {{}}",
        ]
        about = comment(
            [
                channel.join.description,
                "`params` may be a function: it is called for each join, also after the connection"
                "\nwas lost and found again.",
            ]
        )
        given = "parameters" if channel.parameters else ""
        arguments = ", ".join(filter(None, ["socket", given, "params", "options"]))
        listed = "".join(f"  {argument},\n" for argument in signature if argument)
        return (
            f"{about}export function {names.join}(\n{listed}): {names.name} {{\n"
            f"  return new {names.name}({arguments});\n}}\n"
        )

    def _class(self) -> str:
        channel, names = self._channel, self._names
        about = comment([channel.description, f"Made by `{names.join}`."])
        payload = self.sent(channel.join.accepts)
        topic = f"parameters: {names.parameters}" if channel.parameters else ""
        signature = ["socket: PhoenixSocket", topic, f"params: Fresh<{payload}>"]
        signature.append(f"options: JoinOptions<{names.pushes}> = {{}}")
        listed = "".join(f"    {argument},\n" for argument in signature if argument)
        build = f"{names.topic}({'parameters' if channel.parameters else ''})"
        methods = identifiers([event.event for event in channel.events], EVENT)
        return (
            f"{about}export class {names.name} extends "
            f"TypedChannel<{names.pushes}, {names.joined}> {{\n"
            f"{self._presence()}  constructor(\n{listed}  ) {{\n"
            f"    super(socket, {build}, params);\n"
            f"    this._join({_reasons(channel.join.refuses)}, options);\n  }}\n"
            + "".join("\n" + self._event(event, methods[event.event]) for event in channel.events)
            + "}\n"
        )

    def _presence(self) -> str:
        presence = self._channel.presence
        if presence is None:
            return ""
        kinds = [self.received([presence.meta])]
        kinds += [] if presence.beside is None else [self.received([presence.beside])]
        about = comment(["Who is here."], "  ")
        made = f"new Presences<Present<{', '.join(kinds)}>>(this.channel)"
        return f"{about}  readonly presence = {made};\n\n"

    # Events.

    def _event(self, event: EventContract, method: str) -> str:
        optional = " = {}" if self._optional(event.accepts) else ""
        payload = f"payload: {self.sent(event.accepts)}{optional}"
        name, reasons = literal(event.event), _reasons(event.refuses)
        about = comment([event.description, _about(event)], "  ")
        if event.streams is not None:
            of = " | ".join(map(literal, event.streams)) or "never"
            result = f"Stream<Pushed<{self._names.pushes}, {of}>, {self._result(event)}>"
            events = ", ".join(map(literal, event.streams))
            call = f"return this._stream({name}, payload, {reasons}, [{events}])"
            return f"{about}  {method}({payload}): {result} {{\n    {call};\n  }}\n"
        if event.silent and not event.answers:
            failed = " | ".join([*self._refused(event.refuses), "Failure"])
            failing = f"failed?: (failure: {failed}) => void"
            call = f"this._send({name}, payload, {reasons}, failed)"
            return f"{about}  {method}({payload}, {failing}): void {{\n    {call};\n  }}\n"
        call = f"return this._call({name}, payload, {reasons}, timeout)"
        result = f"Promise<{self._result(event)}>"
        return f"{about}  {method}({payload}, timeout?: number): {result} {{\n    {call};\n  }}\n"

    def _result(self, answered: JoinContract | EventContract) -> str:
        kinds = [self.received(answered.answers)]
        if answered.refuses:
            kinds.append(" | ".join(self._refused(answered.refuses)))
        return f"Result<{', '.join(kinds)}>"

    def _refused(self, refusals: Iterable[RefusalContract]) -> list[str]:
        return [
            f"Refused<{'null' if refusal.reason is None else literal(refusal.reason)}, "
            f"{self._shapes.name(definition(refusal.ref))}>"
            for refusal in refusals
        ]

    # Payloads.

    def sent(self, payload: Iterable[Payload]) -> str:
        """What a client may send."""
        return self._union(payload, "Binary", "OpenPayload")

    def received(self, payload: Iterable[Payload]) -> str:
        """What a client may get."""
        return self._union(payload, "ArrayBuffer", "Json | ArrayBuffer")

    def _union(self, payload: Iterable[Payload], binary: str, anything: str) -> str:
        kinds: list[str] = []
        for shape in payload:
            match shape:
                case Model(ref=ref):
                    kinds.append(self._shapes.name(definition(ref)))
                case Json():
                    kinds.append(anything)
                case Binary():
                    kinds.append(binary)
                case Empty():
                    kinds.append("Empty")
                case _:
                    assert_never(shape)
        return " | ".join(dict.fromkeys(kinds)) or "never"

    def _optional(self, payload: Sequence[Payload]) -> bool:
        """Whether the empty object will do."""
        return any(
            isinstance(shape, Json)
            or (isinstance(shape, Model) and self._shapes.is_optional(definition(shape.ref)))
            for shape in payload
        )


def _encoder(kind: Type) -> str:
    match kind:
        case Number(whole=True):
            return "whole"
        case Text(format="uuid" | "date" as form):
            return form
        case Text() | Boolean() | _:
            return "one"


def _raises(varies: bool) -> str:
    return "@throws RangeError A value has no form in a topic." if varies else ""


def _reasons(refusals: Iterable[RefusalContract]) -> str:
    reasons = dict.fromkeys(refusal.reason for refusal in refusals)
    told = ("null" if reason is None else literal(reason) for reason in reasons)
    return f"[{', '.join(told)}]"


def _about(event: EventContract) -> str:
    """What is to be known of an event beside its types."""
    told: list[str] = []
    if event.permission is not None:
        told.append(f"Not every member may: `{event.permission}` decides.")
    if event.rate is not None:
        told.append(f"At most {event.rate}; what comes sooner is `rate_limited`.")
    if event.streams is not None:
        told.append("It comes in pieces, and ends with the server's reply.")
    elif event.silent and event.answers:
        told.append("It may have no reply: then it is a `timeout`.")
    elif event.silent:
        told.append("It has no reply; `failed` is called if the server refuses it.")
    return "\n".join(told)

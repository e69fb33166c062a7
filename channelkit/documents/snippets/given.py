"""The values that snippets are about: parameters, topics and payloads, all of them valid. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never, cast

from ...topics import PatternError, TopicPattern, segment
from ..samples import Samples

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import JsonValue

    from ...contract.form import (
        ChannelContract,
        Contract,
        EndpointContract,
        EventContract,
        Payload,
        PresenceContract,
        PushContract,
        RefusalContract,
        Schema,
    )

__all__ = ["Asked", "Called", "Given", "Heard", "Joined", "Present", "Value"]

OPEN: dict[str, JsonValue] = {"any": "JSON"}
_VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Value:
    """A payload with a sample.

    Attributes:
        shape: What it is a sample of.
        json: The sample; of binary payloads None.
        data: Of binary payloads the sample.
    """

    shape: Payload
    json: JsonValue
    data: bytes = b"\x01\x02\x03"

    @property
    def ref(self) -> str | None:
        """The schema that it fits, None where it is open, empty or binary."""
        return self.shape.ref if self.shape.kind == "model" else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A connection.

    Attributes:
        path: The endpoint's, its variables filled in.
        params: The parameters of the query; None where there are none.
        query: The same, without what stands in the path, as they are written in a URL.
    """

    endpoint: EndpointContract
    path: str
    variables: Mapping[str, str]
    params: Value | None
    query: dict[str, JsonValue]
    refuses: tuple[RefusalContract, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """A join of a topic."""

    endpoint: EndpointContract
    channel: ChannelContract
    topic: str
    parameters: Mapping[str, JsonValue]
    params: Value

    @property
    def prefix(self) -> str:
        """Of the router that the channel stands in, where it stands beside routers, too.

        A contract does not know of routers; a class of one name at two patterns tells of them.
        """
        return next(
            (
                self.channel.pattern.removesuffix(one.pattern)
                for one in self.endpoint.channels
                if one.name == self.channel.name
                and one.pattern != self.channel.pattern
                and self.channel.pattern.endswith(f":{one.pattern}")
            ),
            "",
        )


@dataclass(frozen=True, slots=True)
class Called:
    """An event that a client pushes."""

    channel: ChannelContract
    event: EventContract
    message: Value


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that a client gets."""

    channel: ChannelContract
    push: PushContract


@dataclass(frozen=True, slots=True)
class Present:
    """Who is here."""

    channel: ChannelContract
    presence: PresenceContract


class Given:
    """Makes the values of a contract; the same ones every time."""

    def __init__(self, contract: Contract) -> None:
        self.schemas: Mapping[str, Schema] = contract.schemas
        self._samples = Samples(contract.schemas)

    def asked(self, endpoint: EndpointContract) -> Asked:
        connect = endpoint.connect
        params = None if connect is None else self.value(connect.params)
        fields = params.json if params is not None and isinstance(params.json, dict) else {}
        names = _VARIABLE.findall(endpoint.path)
        variables = {name: _text(fields.get(name, name)) for name in names}
        return Asked(
            endpoint=endpoint,
            path=_VARIABLE.sub(lambda found: variables[found[1]], endpoint.path),
            variables=variables,
            params=params,
            query={name: value for name, value in fields.items() if name not in variables},
            refuses=() if connect is None else connect.refuses,
        )

    def joined(self, endpoint: EndpointContract, channel: ChannelContract) -> Joined:
        parameters = {
            one.name: self._samples.value(one.value, one.name) for one in channel.parameters
        }
        return Joined(
            endpoint=endpoint,
            channel=channel,
            topic=_topic(channel.pattern, parameters),
            parameters=parameters,
            params=self.value(channel.join.accepts),
        )

    def called(self, channel: ChannelContract, event: EventContract) -> Called:
        return Called(channel, event, self.value(event.accepts))

    def value(self, payloads: Iterable[Payload]) -> Value:
        """A sample of the first of these."""
        shape = next(iter(payloads))
        match shape.kind:
            case "model":
                return Value(shape, self._samples.named(shape.ref))
            case "open":
                return Value(shape, cast("JsonValue", OPEN))
            case "empty":
                return Value(shape, {})
            case "binary":
                return Value(shape, None)
            case _ as unknown:
                assert_never(unknown)


def _topic(pattern: str, parameters: Mapping[str, JsonValue]) -> str:
    """The topic with these parameters; where they make none, the pattern itself."""
    try:
        return TopicPattern.parse(pattern).build(parameters)
    except PatternError:
        return pattern


def _text(value: JsonValue) -> str:
    try:
        return segment(value)
    except PatternError:
        return "text"

"""What the page is made of, and at which address each part stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..words import field_words
from .anchors import Anchors

if TYPE_CHECKING:
    from ...contract.form import ChannelContract, Contract, EndpointContract

__all__ = ["ChannelPart", "EndpointPart", "Outline", "outline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPart:
    """A channel with the addresses of all that it says."""

    endpoint: EndpointContract
    channel: ChannelContract
    address: str
    join: str
    events: tuple[str, ...]
    pushes: tuple[str, ...]
    presence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPart:
    """An endpoint, which begins with how to connect."""

    endpoint: EndpointContract
    address: str
    channels: tuple[ChannelPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The whole page in its order.

    Attributes:
        types: The address of each schema that a field of another refers to, by its name.
        types_address: Where those stand together.
        errors: Where the errors stand that no channel declares.
    """

    contract: Contract
    endpoints: tuple[EndpointPart, ...]
    types: dict[str, str]
    types_address: str
    errors: str


def outline(contract: Contract) -> Outline:
    """The parts of a contract's page; the same contract gives the same addresses."""
    anchors = Anchors()
    errors, types = anchors.take("errors"), anchors.take("types")
    return Outline(
        contract=contract,
        endpoints=tuple(_endpoint(endpoint, anchors) for endpoint in contract.endpoints),
        types={name: anchors.take("type", name) for name in _referred(contract)},
        types_address=types,
        errors=errors,
    )


def _referred(contract: Contract) -> list[str]:
    """The schemas that fields link to: the others are told where they are used, only."""
    linked = {
        word.ref
        for schema in contract.schemas.values()
        for field in field_words(schema, contract.schemas)
        for word in field.type
    }
    return [name for name in contract.schemas if name in linked]


def _endpoint(endpoint: EndpointContract, anchors: Anchors) -> EndpointPart:
    return EndpointPart(
        endpoint=endpoint,
        address=anchors.take("connect", endpoint.path),
        channels=tuple(_channel(endpoint, channel, anchors) for channel in endpoint.channels),
    )


def _channel(endpoint: EndpointContract, channel: ChannelContract, anchors: Anchors) -> ChannelPart:
    address = anchors.take(channel.pattern)
    return ChannelPart(
        endpoint=endpoint,
        channel=channel,
        address=address,
        join=anchors.take(address, "join"),
        events=tuple(anchors.take(address, "send", event.event) for event in channel.events),
        pushes=tuple(anchors.take(address, "receive", push.event) for push in channel.pushes),
        presence=None if channel.presence is None else anchors.take(address, "presence"),
    )

"""What an endpoint uses the schemas of its contract for, and in which order. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...contract.form import Model
from ..types import reachable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ...contract.form import (
        ChannelContract,
        EndpointContract,
        EventContract,
        JoinContract,
        Payload,
        RefusalContract,
    )
    from ..types import Definitions

__all__ = ["Base", "Role", "name_of", "roles"]

Base: TypeAlias = Literal["BaseModel", "Message", "Open", "Refusal"]


@dataclass(slots=True)
class Role:
    """What a definition is to the channels."""

    base: Base = "BaseModel"
    event: str | None = None
    """What it is pushed as first."""
    reason: str | None = None
    """What it says as a refusal."""
    status: int | None = None
    """Of a refused connection."""
    is_received: bool = False
    """Whether the server writes it, or what it is part of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """One place where a payload may be one of the models."""

    ref: str
    base: Base = "Message"
    is_received: bool = True
    event: str | None = None
    refusal: RefusalContract | None = None


def name_of(ref: str) -> str:
    """The name that a reference has."""
    return ref.removeprefix("#/schemas/")


def roles(
    endpoint: EndpointContract, went: Mapping[str, str], definitions: Definitions
) -> dict[str, Role]:
    """The roles of all definitions that are used, those first that are used first.

    Args:
        went: Under which name each schema stands among the definitions.
    """
    found: dict[str, Role] = {}
    for use in _uses(endpoint):
        name = went[name_of(use.ref)]
        _take(found.setdefault(name, Role()), use)
        if use.is_received:
            for part in reachable([name], definitions):
                found.setdefault(part, Role()).is_received = True
    return found


def _take(role: Role, use: _Use) -> None:
    if use.base == "Refusal" or (use.base == "Message" and role.base != "Refusal"):
        role.base = use.base
    role.event = role.event or use.event
    if use.refusal is not None:
        role.reason = use.refusal.reason
        role.status = role.status or use.refusal.status


def _uses(endpoint: EndpointContract) -> Iterator[_Use]:
    if endpoint.connect is not None:
        yield from _payloads(endpoint.connect.params, is_received=False)
        yield from _refusals(endpoint.connect.refuses)
    for channel in endpoint.channels:
        yield from _channel(channel)


def _channel(channel: ChannelContract) -> Iterator[_Use]:
    parts: list[JoinContract | EventContract] = [channel.join, *channel.events]
    for part in parts:
        yield from _payloads(part.accepts, is_received=False)
        yield from _payloads(part.answers)
        yield from _refusals(part.refuses)
    for push in channel.pushes:
        yield from _payloads(push.payload, event=push.event)
    if channel.presence is not None:
        yield _Use(ref=channel.presence.meta.ref, base="BaseModel")
        if channel.presence.beside is not None:
            yield _Use(ref=channel.presence.beside.ref, base="BaseModel")


def _payloads(
    payloads: Sequence[Payload], *, is_received: bool = True, event: str | None = None
) -> Iterator[_Use]:
    for one in payloads:
        if isinstance(one, Model):
            yield _Use(ref=one.ref, is_received=is_received, event=event)


def _refusals(refusals: Iterable[RefusalContract]) -> Iterator[_Use]:
    for one in refusals:
        yield _Use(ref=one.ref, base="Refusal", refusal=one)

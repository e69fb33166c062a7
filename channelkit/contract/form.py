"""The form of a contract: the compiled protocol as data, version 1. Pure.

What stands in a contract is what a client can observe, and nothing of how it
is done: no file, no class that only this program knows, no hook. All fields
are always there, so that two contracts can be compared line by line.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue

__all__ = [
    "FORM",
    "Binary",
    "ChannelContract",
    "ConnectContract",
    "Contract",
    "Empty",
    "EndpointContract",
    "EventContract",
    "JoinContract",
    "Json",
    "Model",
    "ParameterContract",
    "Payload",
    "PresenceContract",
    "PushContract",
    "RefusalContract",
    "Schema",
]

FORM: Final = 1
"""The version of this form. A reader refuses every other."""

Schema: TypeAlias = dict[str, JsonValue]
"""A JSON Schema (draft 2020-12) whose references point into the contract's `schemas`."""


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True
    )


class Model(_Part):
    """JSON that a schema describes."""

    kind: Literal["model"] = "model"
    ref: Annotated[str, Field(alias="$ref", pattern=r"^#/schemas/.+$")]


class Json(_Part):
    """Any JSON, or binary: its shape is left open."""

    kind: Literal["open"] = "open"


class Binary(_Part):
    """Bytes, as a binary frame."""

    kind: Literal["binary"] = "binary"


class Empty(_Part):
    """The empty object."""

    kind: Literal["empty"] = "empty"


Payload: TypeAlias = Annotated[Model | Json | Binary | Empty, Field(discriminator="kind")]
"""One of the shapes that a payload may have; of several the first that fits is meant."""


class RefusalContract(_Part):
    """A declared error: of a connection, a join or an event."""

    reason: str | None
    """What its `reason` says, None where it has none."""
    status: int | None
    """The HTTP status, where it refuses a connection."""
    ref: Annotated[str, Field(alias="$ref", pattern=r"^#/schemas/.+$")]
    """The whole response, its reason included."""
    description: str


class ParameterContract(_Part):
    """A part of the topic that varies."""

    name: str
    rest: bool
    """Whether it takes the rest of the topic, colons and all, and may be empty."""
    value: Schema
    """What its text stands for."""


class ConnectContract(_Part):
    """How a connection is let in."""

    description: str
    params: tuple[Payload, ...]
    """The parameters of the URL's query."""
    refuses: tuple[RefusalContract, ...]


class JoinContract(_Part):
    """How a join is decided."""

    description: str
    accepts: tuple[Payload, ...]
    answers: tuple[Payload, ...]
    refuses: tuple[RefusalContract, ...]


class EventContract(_Part):
    """What a member's client may push, and what comes back."""

    event: str
    description: str
    accepts: tuple[Payload, ...]
    answers: tuple[Payload, ...]
    """The ok replies; none where it is never answered ok."""
    refuses: tuple[RefusalContract, ...]
    silent: bool
    """Whether it may have no reply."""
    permission: str | None
    """The name of what decides who may; None where every member may."""
    rate: str | None
    """How often, as in ``10/s``; None for as often as the connection allows."""
    concurrent: bool
    """Whether its reply may overtake those of other events."""
    streams: tuple[str, ...] | None
    """The pushes that come with its ref before the reply; None where only the reply does."""


class PushContract(_Part):
    """What the server may push to a member, or broadcast to all."""

    event: str
    description: str
    payload: tuple[Payload, ...]
    intercepted: bool
    """Whether it may differ from member to member, or not come at all."""


class PresenceContract(_Part):
    """Who is here: ``presence_state`` and ``presence_diff`` come, for phoenix.js's Presence."""

    meta: Model
    """What is known of each presence; `phx_ref`, and perhaps `phx_ref_prev`, stand beside it."""
    beside: Model | None
    """What stands beside the metas of each key."""


class ChannelContract(_Part):
    """What can be said on the topics of one pattern."""

    name: str
    pattern: str
    description: str
    parameters: tuple[ParameterContract, ...]
    join: JoinContract
    events: tuple[EventContract, ...]
    pushes: tuple[PushContract, ...]
    presence: PresenceContract | None


class EndpointContract(_Part):
    """What is served at one path."""

    path: str
    transports: tuple[str, ...]
    serializers: tuple[str, ...]
    """The versions of the wire that are spoken: the values of ``vsn``."""
    vsn: str
    """The version that a client speaks who does not say."""
    subprotocols: tuple[str, ...] | None
    """The WebSocket subprotocols that are spoken, the favourite first; None for any or none."""
    connect: ConnectContract | None
    """None where everybody may connect, and parameters mean nothing."""
    rate: str | None
    limits: dict[str, int | float]
    """What of `Limits` a client can run into, under the same names."""
    channels: tuple[ChannelContract, ...]
    """In the order in which they are asked whether a topic is theirs."""


class Contract(_Part):
    """Everything that a program promises its clients."""

    contract: Literal[1] = FORM
    fingerprint: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
    """The same as long as nothing changes on the wire, whatever the descriptions say."""
    endpoints: tuple[EndpointContract, ...]
    schemas: dict[str, Schema]
    """The JSON Schemas that payloads refer to, by name."""

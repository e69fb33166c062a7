"""Contracts of models: such as a program could have, and odder ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from channelkit import Refusal
from channelkit.contract.form import (
    Binary,
    ChannelContract,
    ConnectContract,
    Contract,
    Empty,
    EndpointContract,
    EventContract,
    JoinContract,
    Json,
    Model,
    ParameterContract,
    PresenceContract,
    PushContract,
    RefusalContract,
)
from channelkit.contract.schemas import Schemas

from .models import MODELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from channelkit import Message
    from channelkit.contract.form import Payload
    from channelkit.contract.schemas import Mode

__all__ = ["CONTRACTS", "contract_with"]


class No(Refusal):
    why: str


class Bare(Refusal, reason=None):
    pass


READ: Mode = "validation"
WRITTEN: Mode = "serialization"

EVENTS = st.text(max_size=6) | st.sampled_from(["new_msg", "newMsg", "on", "then", "kick!", "*/"])
WORDS = st.text(max_size=30) | st.sampled_from(["*/ alert(1)", "@ts-expect-error", "`${1}`", "\\"])
VALUES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"type": "integer"},
        {"type": "string"},
        {"type": "string", "format": "uuid"},
        {"type": "string", "format": "date"},
        {"type": "boolean"},
        {"enum": ["a", "b"]},
        {"const": 1},
    ]
)
NAMES = st.sampled_from(["Room", "Größe", "Map", "Json", "TypedChannel", "A", "RoomPushes"])
PARAMETERS = st.dictionaries(st.sampled_from(["a", "a_b", "aB", "größe", "class"]), VALUES)


def contract_with(
    channels: Sequence[ChannelContract],
    schemas: Schemas,
    connect: ConnectContract | None = None,
    path: str = "/socket",
) -> Contract:
    """A contract of one endpoint with these channels."""
    endpoint = EndpointContract(
        path=path,
        transports=("websocket",),
        serializers=("2.0.0",),
        vsn="2.0.0",
        subprotocols=None,
        connect=connect,
        rate=None,
        limits={},
        channels=tuple(channels),
    )
    fingerprint = "sha256:" + "0" * 64
    return Contract(fingerprint=fingerprint, endpoints=(endpoint,), schemas=schemas.schemas)


@st.composite
def _payloads(draw: st.DrawFn, models: list[type[Message]], schemas: Schemas, mode: Mode) -> Any:
    written: list[Payload] = [Empty()] if mode == WRITTEN else []
    kinds: list[Payload] = [Binary(), Json(), *written]
    kinds += [Model(ref=schemas.ref(model, mode)) for model in models]
    return tuple(draw(st.lists(st.sampled_from(kinds), min_size=mode == READ, max_size=3)))


def _refusals(schemas: Schemas) -> st.SearchStrategy[tuple[RefusalContract, ...]]:
    every = [
        RefusalContract(
            reason=kind.__reason__, status=None, ref=schemas.ref(kind, WRITTEN), description=""
        )
        for kind in (No, Bare)
    ]
    return st.lists(st.sampled_from(every), unique_by=repr).map(tuple)


@st.composite
def _channel(draw: st.DrawFn, models: list[type[Message]], schemas: Schemas) -> ChannelContract:
    sent, received = (_payloads(models, schemas, mode) for mode in (READ, WRITTEN))
    pushes = tuple(
        PushContract(
            event=event, description=draw(WORDS), payload=draw(received), intercepted=False
        )
        for event in draw(st.lists(EVENTS, unique=True, max_size=3))
    )
    streams = st.none() | st.just(tuple(push.event for push in pushes))
    events = tuple(
        EventContract(
            event=event,
            description=draw(WORDS),
            accepts=draw(sent),
            answers=draw(received),
            refuses=draw(_refusals(schemas)),
            silent=draw(st.booleans()),
            permission=draw(st.none() | WORDS),
            rate=draw(st.none() | st.just("10/s")),
            concurrent=False,
            streams=draw(streams),
        )
        for event in draw(st.lists(EVENTS, unique=True, max_size=4))
    )
    parameters = draw(PARAMETERS)
    meta = Model(ref=schemas.ref(models[0], WRITTEN))
    presence = PresenceContract(meta=meta, beside=draw(st.none() | st.just(meta)))
    return ChannelContract(
        name=draw(NAMES),
        pattern=":".join(["room", *(f"{{{name}}}" for name in parameters)]),
        description=draw(WORDS),
        parameters=tuple(
            ParameterContract(name=name, rest=False, value=value)
            for name, value in parameters.items()
        ),
        join=JoinContract(
            description=draw(WORDS),
            accepts=draw(sent),
            answers=draw(received),
            refuses=draw(_refusals(schemas)),
        ),
        events=events,
        pushes=pushes,
        presence=draw(st.none() | st.just(presence)),
    )


@st.composite
def _contract(draw: st.DrawFn) -> Contract:
    models = draw(st.lists(MODELS, min_size=1, max_size=3))
    modes: tuple[Mode, ...] = (READ, WRITTEN)
    kinds: list[tuple[type[Message], Mode]] = [(kind, mode) for kind in models for mode in modes]
    schemas = Schemas([*kinds, (No, WRITTEN), (Bare, WRITTEN)])
    channels = draw(st.lists(_channel(models, schemas), min_size=1, max_size=3))
    params = draw(_payloads(models, schemas, READ))
    connect = ConnectContract(description=draw(WORDS), params=params, refuses=())
    path = draw(st.sampled_from(["/socket", "/rooms/{id}", "/{a_b}/{aB}/größe"]))
    return contract_with(channels, schemas, draw(st.none() | st.just(connect)), path)


CONTRACTS: st.SearchStrategy[Contract] = _contract()
"""Contracts of one endpoint: with models, channels, events and texts of all sorts."""

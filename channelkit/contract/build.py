"""Compiled endpoints → contract. Pure."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Final, Protocol, cast, final

from ..messages import Message, Ok, Open, Refusal
from ..serializers import SERIALIZERS
from .form import (
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
from .schemas import Schemas
from .text import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import BaseModel

    from ..dispatch import ConnectPlan, DispatchTable, EventPlan, JoinPlan, PresencePlan, Route
    from ..limits import Limits
    from ..longpoll import LongPoll
    from ..payloads import Accepts, Answers
    from ..rates import Rate
    from ..subprotocols import SubprotocolPolicy
    from .form import Payload, Schema
    from .schemas import Mode

__all__ = ["Described", "contract_of"]

VISIBLE: Final = ("topics", "message", "fragments", "concurrent", "join", "idle", "body")
"""The limits that a client can run into while it does nothing wrong."""

READ: Final = "validation"
WRITTEN: Final = "serialization"


class Described(Protocol):
    """What a contract tells of an endpoint."""

    @property
    def path(self) -> str: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def longpoll(self) -> LongPoll | None: ...
    @property
    def vsn(self) -> str: ...
    @property
    def subprotocols(self) -> SubprotocolPolicy: ...
    @property
    def rate(self) -> Rate | None: ...
    @property
    def connect_plan(self) -> ConnectPlan | None: ...
    def compile(self) -> DispatchTable: ...


def contract_of(endpoints: Sequence[Described]) -> Contract:
    """The contract of what these endpoints serve together.

    Raises:
        DeclarationError: The channels of one cannot work, or a model has no JSON Schema.
    """
    schemas = Schemas(key for endpoint in endpoints for key in _models(endpoint))
    builder = _Builder(schemas)
    contract = Contract(
        fingerprint="sha256:" + "0" * 64,
        endpoints=tuple(builder.endpoint(endpoint) for endpoint in endpoints),
        schemas=schemas.schemas,
    )
    return contract.model_copy(update={"fingerprint": fingerprint(contract)})


def _models(endpoint: Described) -> Iterator[tuple[type[BaseModel], Mode]]:
    """Every model on an endpoint's wire, with who writes it."""
    plan = endpoint.connect_plan
    if plan is not None:
        yield from _read(plan.accepts)
        for refusal in plan.refusals:
            yield refusal, WRITTEN
    for route in endpoint.compile().routes:
        plans: list[JoinPlan | EventPlan] = [route.join, *route.events]
        for each in plans:
            yield from _read(each.accepts)
            yield from _written(each.answers)
        for push in route.pushes:
            if not issubclass(push, Open):
                yield push, WRITTEN
        if route.presence is not None:
            yield route.presence.meta, WRITTEN
            if route.presence.fetched is not None:
                yield route.presence.fetched, WRITTEN


def _read(accepts: Accepts) -> Iterator[tuple[type[BaseModel], Mode]]:
    for model in accepts.models:
        if not issubclass(model, Open):
            yield model, READ


def _written(answers: Answers) -> Iterator[tuple[type[BaseModel], Mode]]:
    for kind in (*answers.replies, *answers.refusals):
        if issubclass(kind, (Message, Refusal)) and not issubclass(kind, Open):
            yield kind, WRITTEN


@final
class _Builder:
    """Writes the parts of a contract."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def endpoint(self, endpoint: Described) -> EndpointContract:
        plan = endpoint.connect_plan
        return EndpointContract(
            path=endpoint.path,
            transports=("websocket",) if endpoint.longpoll is None else ("websocket", "longpoll"),
            serializers=tuple(serializer.vsn for serializer in SERIALIZERS),
            vsn=endpoint.vsn,
            subprotocols=endpoint.subprotocols.names,
            connect=None if plan is None else self._connect(plan),
            rate=_rate(endpoint.rate),
            limits={name: getattr(endpoint.limits, name) for name in VISIBLE},
            channels=tuple(map(self._channel, endpoint.compile().routes)),
        )

    def _connect(self, plan: ConnectPlan) -> ConnectContract:
        return ConnectContract(
            description=_described(plan.handler),
            params=self._accepted(plan.accepts),
            refuses=tuple(self._refusal(kind, kind.__status__) for kind in plan.refusals),
        )

    def _channel(self, route: Route) -> ChannelContract:
        pattern = route.pattern
        return ChannelContract(
            name=route.channel.__name__,
            pattern=pattern.text,
            description=_described(route.channel),
            parameters=tuple(
                ParameterContract(
                    name=name,
                    rest=name == pattern.rest,
                    value=cast("Schema", route.parameters[name].json_schema()),
                )
                for name in pattern.parameters
            ),
            join=self._join(route.join),
            events=tuple(map(self._event, route.events)),
            pushes=tuple(
                PushContract(
                    event=event,
                    description=_described(push),
                    payload=(self._model(push, WRITTEN),),
                    intercepted=event in route.intercepts,
                )
                for push, event in route.pushes.items()
            ),
            presence=None if route.presence is None else self._presence(route.presence),
        )

    def _presence(self, plan: PresencePlan) -> PresenceContract:
        beside = plan.fetched
        return PresenceContract(
            meta=Model(ref=self._schemas.ref(plan.meta, WRITTEN)),
            beside=None if beside is None else Model(ref=self._schemas.ref(beside, WRITTEN)),
        )

    def _join(self, plan: JoinPlan) -> JoinContract:
        answers = self._answered(plan.answers)
        return JoinContract(
            description=_described(plan.handler),
            accepts=self._accepted(plan.accepts),
            answers=(*answers, Empty()) if plan.answers.silent else answers,
            refuses=self._refused(plan.answers),
        )

    def _event(self, plan: EventPlan) -> EventContract:
        return EventContract(
            event=plan.event,
            description=_described(plan.handler if plan.stream is None else plan.stream.handler),
            accepts=self._accepted(plan.accepts),
            answers=self._answered(plan.answers),
            refuses=self._refused(plan.answers),
            silent=plan.answers.silent,
            permission=None if plan.allow is None else _name(plan.allow),
            rate=_rate(plan.rate),
            concurrent=plan.concurrent or plan.stream is not None,
            streams=None if plan.stream is None else tuple(plan.stream.items.values()),
        )

    def _accepted(self, accepts: Accepts) -> tuple[Payload, ...]:
        binary: tuple[Payload, ...] = (Binary(),) if accepts.binary else ()
        return (*(self._model(model, READ) for model in accepts.models), *binary)

    def _answered(self, answers: Answers) -> tuple[Payload, ...]:
        return tuple(map(self._reply, answers.replies))

    def _reply(self, kind: type[Message | bytes | Ok]) -> Payload:
        if issubclass(kind, Message):
            return self._model(kind, WRITTEN)
        return Empty() if issubclass(kind, Ok) else Binary()

    def _model(self, model: type[Message], mode: Mode) -> Payload:
        return Json() if issubclass(model, Open) else Model(ref=self._schemas.ref(model, mode))

    def _refused(self, answers: Answers) -> tuple[RefusalContract, ...]:
        return tuple(self._refusal(kind, None) for kind in answers.refusals)

    def _refusal(self, kind: type[Refusal], status: int | None) -> RefusalContract:
        return RefusalContract(
            reason=kind.__reason__,
            status=status,
            ref=self._schemas.ref(kind, WRITTEN),
            description=_described(kind),
        )


def _described(thing: object) -> str:
    """The docstring of a handler or class itself: an inherited one says something else."""
    docstring = vars(thing).get("__doc__") if isinstance(thing, type) else thing.__doc__
    return "" if not isinstance(docstring, str) else cleandoc(docstring)


def _rate(rate: Rate | None) -> str | None:
    return None if rate is None else str(rate)


def _name(function: object) -> str:
    name: str = getattr(function, "__name__", type(function).__name__)
    return name

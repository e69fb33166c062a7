"""Two contracts, compared: every change, and what it means for clients of the old one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeVar, final

from .changes import Change, Direction, Judgement, Kind, judged
from .form import Model
from .offers import limits, named, offered, order, rate, shape, streams, subprotocols
from .schema_diff import SchemaDiff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .form import (
        ChannelContract,
        ConnectContract,
        Contract,
        EndpointContract,
        EventContract,
        ParameterContract,
        Payload,
        PresenceContract,
        PushContract,
        RefusalContract,
        Schema,
    )
    from .schema_diff import Difference

__all__ = ["compare"]

Part = TypeVar("Part")
_Where: TypeAlias = tuple[str, ...]

_ORDER: Final = [*Judgement]


class _Verdicts(Protocol):
    """What a join and an event have in common."""

    @property
    def accepts(self) -> tuple[Payload, ...]: ...
    @property
    def answers(self) -> tuple[Payload, ...]: ...
    @property
    def refuses(self) -> tuple[RefusalContract, ...]: ...


def compare(old: Contract, new: Contract) -> list[Change]:
    """Every change, the worst first; none where clients can tell no difference.

    What is only said to people, descriptions and examples, is no change.
    """
    changes = [*_Comparison(old.schemas, new.schemas).contracts(old, new)]
    return sorted(changes, key=lambda change: _ORDER.index(change.judgement))


@final
class _Comparison:
    """Walks along two contracts."""

    def __init__(self, old: Mapping[str, Schema], new: Mapping[str, Schema]) -> None:
        self._old = old
        self._new = new
        self._schemas = SchemaDiff(old, new)

    def contracts(self, old: Contract, new: Contract) -> Iterator[Change]:
        yield from _paired(
            {endpoint.path: endpoint for endpoint in old.endpoints},
            {endpoint.path: endpoint for endpoint in new.endpoints},
            (),
            self._endpoints,
        )

    def _endpoints(
        self, old: EndpointContract, new: EndpointContract, where: _Where
    ) -> Iterator[Change]:
        yield from named(old.transports, new.transports, (*where, "transport"))
        yield from named(old.serializers, new.serializers, (*where, "serializer"))
        if old.vsn != new.vsn:
            yield offered((*where, "default vsn"), Kind.REPLACED, old.vsn, new.vsn)
        yield from subprotocols(old, new, (*where, "subprotocol"))
        yield from rate(old.rate, new.rate, (*where, "rate"))
        yield from limits(old.limits, new.limits, where)
        yield from self._connects(old.connect, new.connect, (*where, "connect"))
        yield from _paired(
            {shape(channel.pattern): channel for channel in old.channels},
            {shape(channel.pattern): channel for channel in new.channels},
            where,
            self._channels,
            lambda channel: channel.pattern,
        )
        yield from order(old.channels, new.channels, where)

    def _connects(
        self, old: ConnectContract | None, new: ConnectContract | None, where: _Where
    ) -> Iterator[Change]:
        if old is None and new is None:
            return
        if old is not None and new is not None:
            yield from self._payloads(old.params, new.params, where, Direction.SENT)
            yield from self._refusals(old.refuses, new.refuses, where)
        elif new is not None:
            yield offered(where, Kind.ALTERED, None, "it asks for parameters, and may refuse")
        else:
            yield offered(where, Kind.LOOSENED, "it may refuse", None)

    def _channels(
        self, old: ChannelContract, new: ChannelContract, where: _Where
    ) -> Iterator[Change]:
        for before, after in zip(old.parameters, new.parameters, strict=True):
            yield from self._parameters(before, after, where)
        yield from self._verdicts(old.join, new.join, (*where, "join"))
        events = {event.event: event for event in new.events}
        yield from _paired(
            {event.event: event for event in old.events}, events, (*where, "event"), self._events
        )
        pushes = {push.event: push for push in new.pushes}
        yield from _paired(
            {push.event: push for push in old.pushes}, pushes, (*where, "push"), self._pushes
        )
        yield from self._presences(old.presence, new.presence, (*where, "presence"))

    def _parameters(
        self, old: ParameterContract, new: ParameterContract, where: _Where
    ) -> Iterator[Change]:
        differences = self._schemas.compare(old.value, new.value)
        yield from _told(differences, (*where, "topic", f"{{{new.name}}}"), Direction.SENT)

    def _verdicts(self, old: _Verdicts, new: _Verdicts, where: _Where) -> Iterator[Change]:
        yield from self._payloads(old.accepts, new.accepts, where, Direction.SENT)
        answers = (*where, "answer")
        yield from self._payloads(old.answers, new.answers, answers, Direction.RECEIVED)
        yield from self._refusals(old.refuses, new.refuses, where)

    def _events(self, old: EventContract, new: EventContract, where: _Where) -> Iterator[Change]:
        yield from self._verdicts(old, new, where)
        if old.silent != new.silent:
            became = "it may have no reply" if new.silent else None
            judgement = Judgement.BREAKING if new.silent else Judgement.SAFE
            here = (*where, "reply")
            yield offered(here, Kind.ALTERED, None if became else "none", became, judgement)
        if old.permission != new.permission:
            lighter = Judgement.SAFE if new.permission is None else None
            here = (*where, "permission")
            yield offered(here, Kind.ALTERED, old.permission, new.permission, lighter)
        yield from rate(old.rate, new.rate, (*where, "rate"))
        if old.concurrent != new.concurrent:
            became = "replies may overtake" if new.concurrent else "replies come in order"
            safe = None if new.concurrent else Judgement.SAFE
            yield offered((*where, "order"), Kind.ALTERED, None, became, safe)
        yield from streams(old.streams, new.streams, (*where, "stream"))

    def _pushes(self, old: PushContract, new: PushContract, where: _Where) -> Iterator[Change]:
        yield from self._payloads(old.payload, new.payload, where, Direction.RECEIVED)
        if old.intercepted != new.intercepted:
            became = "not all members get the same" if new.intercepted else "all get the same"
            safe = None if new.intercepted else Judgement.SAFE
            yield offered((*where, "intercepted"), Kind.ALTERED, None, became, safe)

    def _presences(
        self, old: PresenceContract | None, new: PresenceContract | None, where: _Where
    ) -> Iterator[Change]:
        if old is None or new is None:
            if old is not new:
                kind = Kind.ADDED if old is None else Kind.REMOVED
                yield offered(where, kind, None, None)
            return
        received = Direction.RECEIVED
        yield from self._payloads((old.meta,), (new.meta,), (*where, "meta"), received)
        here = (*where, "beside the metas")
        if old.beside is not None and new.beside is not None:
            yield from self._payloads((old.beside,), (new.beside,), here, received)
        elif old.beside is not None:
            yield offered(here, Kind.REMOVED, _name(old.beside), None)
        elif new.beside is not None:
            yield offered(here, Kind.ADDED, None, _name(new.beside))

    def _payloads(
        self,
        olds: Sequence[Payload],
        news: Sequence[Payload],
        where: _Where,
        direction: Direction,
    ) -> Iterator[Change]:
        """Compare unions of shapes: those of one name, then what is alone on both sides."""
        left, right = [*olds], [*news]
        for old in olds:
            partner = next((new for new in right if new == old), None)
            if partner is None and len(olds) == len(news) == 1 and old.kind == news[0].kind:
                partner = news[0]
            if partner is not None:
                left.remove(old)
                right.remove(partner)
                if isinstance(old, Model) and isinstance(partner, Model):
                    differences = self._schemas.compare(_schema(old), _schema(partner))
                    yield from _told(differences, where, direction)
        for payload in left:
            yield judged(where, Kind.SHAPE_REMOVED, direction, old=_name(payload))
        for payload in right:
            # To a reply that came alone until now, a second shape is what nobody looks for.
            yield judged(where, Kind.SHAPE_ADDED, direction, new=_name(payload))

    def _refusals(
        self, olds: Iterable[RefusalContract], news: Iterable[RefusalContract], where: _Where
    ) -> Iterator[Change]:
        before = {refusal.reason: refusal for refusal in olds}
        after = {refusal.reason: refusal for refusal in news}
        for reason, old in before.items():
            here = (*where, "refusal", reason or "without a reason")
            new = after.get(reason)
            if new is None:
                yield offered(here, Kind.REMOVED, reason, None, Judgement.SAFE)
                continue
            if old.status != new.status:
                statuses = str(old.status), str(new.status)
                yield offered((*here, "status"), Kind.ALTERED, *statuses)
            differences = self._schemas.compare(_schema(old), _schema(new))
            yield from _told(differences, here, Direction.RECEIVED)
        for reason in [reason for reason in after if reason not in before]:
            here = (*where, "refusal", reason or "without a reason")
            yield offered(here, Kind.ADDED, None, reason, Judgement.RISKY)


def _paired(
    olds: Mapping[str, Part],
    news: Mapping[str, Part],
    where: _Where,
    compare_parts: Callable[[Part, Part, _Where], Iterator[Change]],
    name: Callable[[Part], str] | None = None,
) -> Iterator[Change]:
    """Compare what is there on both sides, and tell what is there on one."""
    for key, old in olds.items():
        here = (*where, key if name is None else name(old))
        if key in news:
            yield from compare_parts(old, news[key], here)
        else:
            yield offered(here, Kind.REMOVED, here[-1], None)
    for key, new in news.items():
        if key not in olds:
            here = (*where, key if name is None else name(new))
            yield offered(here, Kind.ADDED, None, here[-1])


def _told(
    differences: Iterable[Difference], where: _Where, direction: Direction
) -> Iterator[Change]:
    for difference in differences:
        yield judged(
            (*where, *difference.path),
            difference.kind,
            direction,
            old=difference.old,
            new=difference.new,
        )


def _schema(part: Model | RefusalContract) -> Schema:
    return {"$ref": part.ref}


def _name(payload: Payload) -> str:
    return payload.ref.removeprefix("#/schemas/") if isinstance(payload, Model) else payload.kind

"""A channel's presence: ``here = Presence(Meta)`` → its plan. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeGuard, get_args, get_origin

from pydantic import BaseModel

from ..dispatch import PresencePlan
from ..messages import Message, Open, Refusal
from ..presence import PHX_REFS, Presence
from ..wire import PRESENCE_DIFF, PRESENCE_STATE
from .annotations import shown, union
from .marks import body
from .presence_codes import PresenceCode
from .shapes import FETCH
from .signatures import Subject, read_signature

if TYPE_CHECKING:
    from ..channel import AnyChannel
    from ..dispatch import Fetch
    from ..errors import Place
    from .payload_types import Reading
    from .signatures import Typed

__all__ = ["read_presence"]

_BARE: Final = (BaseModel, Message)


def read_presence(
    channel: type[AnyChannel], pushes: Mapping[type[Message], str] | None, reading: Reading
) -> PresencePlan | None:
    """The plan of a channel's presence; None without one, or if its meta cannot be."""
    findings = reading.findings
    found = [
        (attribute, findings.places.of_attribute(owner, attribute), value)
        for attribute, (owner, value) in body(channel).items()
        if _is_presence(value)
    ]
    if not found:
        return None
    attribute, place, presence = found[0]
    for name, later, _ in found[1:]:
        findings.report(
            PresenceCode.SECOND_PRESENCE, later, place, got=f"{name} beside {attribute}"
        )
    _check_pushes(pushes or {}, place, reading)
    fetch: Fetch | None = presence.fetch
    fetched = None if fetch is None else _read_fetch(fetch, place, reading)
    meta: object = presence.meta  # whatever its author wrote
    if not _is_model(meta):
        findings.report(PresenceCode.META_TYPE, place, got=shown(meta))
        return None
    _check_meta(meta, place, reading)
    return PresencePlan(attribute=attribute, meta=meta, fetch=fetch, fetched=fetched, place=place)


def _is_presence(value: object) -> TypeGuard[Presence[Any]]:
    return isinstance(value, Presence)


def _is_model(kind: object) -> TypeGuard[type[BaseModel]]:
    if not isinstance(kind, type) or not issubclass(kind, BaseModel):
        return False
    return kind not in _BARE and not issubclass(kind, (Open, Refusal))


def _check_pushes(pushes: Mapping[type[Message], str], place: Place, reading: Reading) -> None:
    for message, event in pushes.items():
        if event in (PRESENCE_STATE, PRESENCE_DIFF):
            reading.findings.report(
                PresenceCode.PRESENCE_EVENT,
                reading.findings.places.of_class(message),
                place,
                got=f"{event!r} for {shown(message)}",
                message=shown(message),
            )


def _check_meta(meta: type[BaseModel], place: Place, reading: Reading) -> None:
    kind = reading.models.kind(meta)
    if kind not in {None, "object"}:
        reading.findings.report(
            PresenceCode.META_NOT_AN_OBJECT, place, got=f"{kind}", meta=shown(meta)
        )
    for name, told in _told(meta).items():
        if told in PHX_REFS:
            reading.findings.report(
                PresenceCode.META_REF, reading.models.of_field(meta, name), place, got=told
            )


def _read_fetch(fetch: Fetch, place: Place, reading: Reading) -> type[BaseModel] | None:
    name: str = getattr(fetch, "__name__", "fetch")
    subject = Subject(name=name, handler=fetch, place=place, owner=None, bound={})
    signature = read_signature(subject, FETCH, reading.findings)
    if signature.returns is None:
        return None
    model = _model_for_each_key(signature.returns)
    if model is None or not _stands_beside_metas(model, reading):
        got, returns = union(signature.returns.arms), signature.returns.place
        reading.findings.report(PresenceCode.FETCH_RETURN, returns, place, got=got)
        return None
    return model


def _model_for_each_key(typed: Typed) -> type[BaseModel] | None:
    """The model of a ``Mapping[str, Model]``."""
    match typed.arms:
        case (alias,):
            origin: Any = get_origin(alias)
            arguments = get_args(alias)
            if isinstance(origin, type) and issubclass(origin, Mapping) and arguments[0] is str:
                return arguments[1] if _is_model(arguments[1]) else None
        case _:
            pass
    return None


def _stands_beside_metas(model: type[BaseModel], reading: Reading) -> bool:
    return reading.models.kind(model) in {None, "object"} and "metas" not in _told(model).values()


def _told(model: type[BaseModel]) -> dict[str, str]:
    """A model's fields, and what they are called on the wire."""
    fields = model.model_fields.items()
    return {name: field.serialization_alias or name for name, field in fields}

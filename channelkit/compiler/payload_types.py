"""Annotated types → what a handler accepts and answers. Pure."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, Never, TypeGuard, get_origin

from pydantic import BaseModel

from ..messages import Message, Ok, Open, Refusal
from ..payloads import Accepts, Answers
from .annotations import shown
from .handler_codes import HandlerCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..errors import Place
    from .annotations import Bound
    from .models import Models
    from .problems import Findings
    from .shapes import Shape
    from .signatures import Typed

__all__ = ["Reading", "is_message", "is_refusal", "read_accepts", "read_answers", "report_bare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the reading of one channel, or of `connect`, needs."""

    findings: Findings
    models: Models
    bound: Mapping[type, Bound]
    """What the type variables of its generic bases stand for."""


def is_message(arm: object) -> TypeGuard[type[Message]]:
    """Whether a type is a message."""
    return isinstance(arm, type) and issubclass(arm, Message)


def is_refusal(arm: object) -> TypeGuard[type[Refusal]]:
    """Whether a type is a refusal."""
    return isinstance(arm, type) and issubclass(arm, Refusal)


def read_accepts(typed: Typed | None, shape: Shape, reading: Reading) -> Accepts | None:
    """What a payload parameter takes; None if some of it is no payload, which is reported."""
    if typed is None:
        return None
    wrong = [arm for arm in typed.arms or (Never,) if not _is_payload(arm, binary=shape.binary)]
    for arm in wrong:
        _report(HandlerCode.PAYLOAD_TYPE, arm, typed, shape.accepts, reading.findings)
    models = tuple(filter(is_message, typed.arms))
    _check_order(models, typed, reading.findings)
    fine = [reading.models.fine(model, "validation") for model in models]
    if wrong or not all(fine):
        return None
    return Accepts(models=models, binary=bytes in typed.arms)


def read_answers(typed: Typed | None, shape: Shape, reading: Reading) -> Answers | None:
    """What a handler answers; None if some of it is no answer, which is reported."""
    if typed is None:
        return None
    wrong = [arm for arm in typed.arms if not _is_answer(arm, ok=shape.ok)]
    for arm in wrong:
        _report(HandlerCode.RETURN_TYPE, arm, typed, shape.returns, reading.findings)
    replies = tuple(arm for arm in typed.arms if is_message(arm) or arm is bytes or arm is Ok)
    refusals = tuple(filter(is_refusal, typed.arms))
    for reply in filter(is_message, replies):
        reading.models.fine(reply, "serialization")
    for refusal in refusals:
        reading.models.check_refusal(refusal)
    silent = NoneType in typed.arms
    return None if wrong else Answers(replies=replies, refusals=refusals, silent=silent)


def report_bare(base: type, place: Place, findings: Findings) -> None:
    """Report a base class where one of its subclasses belongs."""
    findings.report(HandlerCode.BARE_BASE, place, got=shown(base), advice=_BARE[base])


def _is_payload(arm: object, *, binary: bool) -> bool:
    return (is_message(arm) and arm is not Message) or (binary and arm is bytes)


def _is_answer(arm: object, *, ok: bool) -> bool:
    if is_refusal(arm):
        return arm is not Refusal
    return _is_payload(arm, binary=True) or arm is NoneType or (ok and arm is Ok)


def _check_order(models: tuple[type[Message], ...], typed: Typed, findings: Findings) -> None:
    """Text tries the models in order, and an `Open` takes everything."""
    opened: type[Message] | None = None
    for model in models:
        if opened is not None:
            arm, first = shown(model), shown(opened)
            got = f"{arm} behind {first}"
            findings.report(HandlerCode.BEHIND_OPEN, typed.place, got=got, arm=arm, open=first)
        elif issubclass(model, Open):
            opened = model


def _report(
    code: HandlerCode, arm: object, typed: Typed, expected: str, findings: Findings
) -> None:
    if arm is Message or arm is Refusal:
        report_bare(arm, typed.place, findings)
    else:
        got, remedy = shown(arm), _remedy(arm)
        findings.report(code, typed.place, got=got, remedy=remedy, expected=expected)


_BARE: Final[Mapping[type, str]] = {
    Message: "name the subclasses; where any JSON or binary will do, write Open",
    Refusal: "name the refusals that it may answer",
}


def _remedy(arm: object) -> str | None:
    """What to do about a type that is nearly right."""
    match arm:
        case type() if issubclass(arm, Refusal):
            return f"a refusal is only ever answered; derive {shown(arm)} from Message"
        case type() if issubclass(arm, BaseModel):
            return f"derive {shown(arm)} from Message instead of {shown(arm.__base__)}"
        case type() if arm is Ok:
            return "return None for a reply without content"
        case _ if get_origin(arm) in (AsyncIterator, AsyncGenerator):
            return "a stream yields its items itself, as in  async for item in items: yield item"
        case _ if any(arm is kind for kind in _ANYTHING):
            return "where any JSON or binary will do, write Open"
        case _:
            return None


_ANYTHING: Final[tuple[object, ...]] = (Any, object, dict)

"""Marked handlers → their plans. Pure."""

from __future__ import annotations

import inspect
from types import NoneType
from typing import TYPE_CHECKING, Any, Never, cast, get_args

from ..dispatch import EventPlan, InfoPlan, InterceptPlan, JoinPlan
from ..exits import Exit
from ..payloads import Answers
from .annotations import shown, union
from .handler_codes import HandlerCode
from .payload_codes import PayloadCode
from .payload_types import read_accepts, read_answers
from .permissions import check_allow, check_name, read_rate
from .problems import did_you_mean
from .shapes import EVENT, HOOK, INFO, INTERCEPT, JOIN, LEAVE, STREAM
from .signatures import read_signature
from .streams import is_stream, read_stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..dispatch import Handler, Hook
    from ..messages import Message
    from .marks import Marked, MarkedEvent
    from .payload_types import Reading
    from .problems import Findings
    from .shapes import Shape
    from .signatures import Signature, Typed

__all__ = ["event", "hook", "info", "intercept", "join", "on_leave", "summary"]


def join(marked: Marked, reading: Reading) -> JoinPlan | None:
    """The plan of a join handler; None if something is wrong with its types."""
    signature = _signature(marked, JOIN, reading)
    accepts = read_accepts(signature.parameter, JOIN, reading)
    answers = read_answers(signature.returns, JOIN, reading)
    if accepts is None or answers is None:
        return None
    return JoinPlan(handler=marked.handler, accepts=accepts, answers=answers, place=signature.place)


def event(
    marked: MarkedEvent, pushes: Mapping[type[Message], str] | None, reading: Reading
) -> EventPlan | None:
    """The plan of an event handler; None if something is wrong with its types."""
    shape = STREAM if is_stream(marked.handler) else EVENT
    signature = _signature(marked, shape, reading)
    accepts = read_accepts(signature.parameter, shape, reading)
    stream, answers = None, None
    if shape is EVENT:
        answers = read_answers(signature.returns, EVENT, reading)
    elif (found := read_stream(marked.handler, signature.returns, pushes, reading)) is not None:
        stream, answers = found
    check_name(marked, reading.findings)
    check_allow(marked, reading.bound, reading.findings)
    rate = read_rate(marked, reading.findings)
    if accepts is None or answers is None:
        return None
    return EventPlan(
        event=marked.event,
        handler=marked.handler,
        accepts=accepts,
        answers=answers,
        allow=marked.allow,
        concurrent=marked.concurrent,
        place=signature.place,
        summary=summary(marked.handler.__doc__),
        rate=rate,
        stream=stream,
    )


def hook(marked: Marked, reading: Reading) -> Hook:
    """What runs after the join's reply, or when the server drains."""
    _check_silent(_signature(marked, HOOK, reading), reading.findings)
    return marked.handler


def on_leave(marked: Marked, reading: Reading) -> Handler:
    """What runs at the end of a member's time."""
    signature = _signature(marked, LEAVE, reading)
    _check_silent(signature, reading.findings)
    typed = signature.parameter
    if typed is not None and not _same(typed.arms, get_args(Exit)):
        got, parameter = union(typed.arms), signature.names[0]
        reading.findings.report(HandlerCode.NOT_EXIT, typed.place, got=got, parameter=parameter)
    return marked.handler


def info(marked: Marked, reading: Reading) -> InfoPlan | None:
    """The plan of an info handler; None if something is wrong with its types."""
    signature = _signature(marked, INFO, reading)
    _check_silent(signature, reading.findings)
    if signature.parameter is None:
        return None
    wrong = [arm for arm in signature.parameter.arms or (Never,) if not _is_testable(arm)]
    for arm in wrong:
        reading.findings.report(HandlerCode.INFO_TYPE, signature.parameter.place, got=shown(arm))
    if wrong:
        return None
    classes = cast("tuple[type, ...]", signature.parameter.arms)
    return InfoPlan(classes=classes, handler=marked.handler, place=signature.place)


def intercept(
    marked: Marked, pushes: Mapping[type[Message], str] | None, reading: Reading
) -> InterceptPlan | None:
    """The plan of an intercept; None if something is wrong with its types."""
    signature = _signature(marked, INTERCEPT, reading)
    if signature.parameter is None or pushes is None:
        return None
    model = _intercepted(signature.parameter, pushes, reading.findings)
    if model is None or signature.returns is None:
        return None
    for arm in signature.returns.arms:
        if arm is not model and arm is not NoneType:
            place, message = signature.returns.place, shown(model)
            reading.findings.report(
                PayloadCode.INTERCEPT_RETURN, place, got=shown(arm), message=message
            )
    replies = (model,) if model in signature.returns.arms else ()
    silent = NoneType in signature.returns.arms
    return InterceptPlan(
        event=pushes[model],
        model=model,
        handler=marked.handler,
        answers=Answers(replies=replies, refusals=(), silent=silent),
        place=signature.place,
    )


def summary(docstring: str | None) -> str:
    """A docstring's first paragraph, as one line."""
    return " ".join(inspect.cleandoc(docstring or "").partition("\n\n")[0].split())


def _signature(marked: Marked, shape: Shape, reading: Reading) -> Signature:
    subject = marked.subject(reading.bound, reading.findings)
    return read_signature(subject, shape, reading.findings)


def _check_silent(signature: Signature, findings: Findings) -> None:
    """What no client waits for answers None."""
    typed = signature.returns
    if typed is not None and any(arm is not NoneType for arm in typed.arms):
        findings.report(HandlerCode.RETURNS_TO_NOBODY, typed.place, got=union(typed.arms))


def _intercepted(
    typed: Typed, pushes: Mapping[type[Message], str], findings: Findings
) -> type[Message] | None:
    match typed.arms:
        case (type() as model,) if model in pushes:
            return model
        case _:
            names, got = [shown(push) for push in pushes], union(typed.arms)
            several = len(typed.arms) > 1 and all(arm in pushes for arm in typed.arms)
            findings.report(
                PayloadCode.INTERCEPT_UNDECLARED,
                typed.place,
                got=got,
                hint=did_you_mean(got, names),
                remedy="write one handler for each" if several else None,
                pushes=", ".join(names) or "there are none",
                example=got,
            )
            return None


def _is_testable(arm: object) -> bool:
    """Whether `isinstance` can tell values of this type."""
    kind: Any = arm
    try:
        return isinstance(None, kind) or issubclass(kind, kind)
    except TypeError:
        return False


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(arm in other for arm in one)

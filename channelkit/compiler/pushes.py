"""What a channel may push: the second argument of ``Channel[...]``. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..messages import Message, Refusal
from .annotations import shown
from .payload_codes import PayloadCode
from .payload_types import is_message, is_refusal, report_bare
from .permissions import is_reserved

if TYPE_CHECKING:
    from ..errors import Place
    from .payload_types import Reading

__all__ = ["read_pushes"]


def read_pushes(
    declared: tuple[object, ...], place: Place, reading: Reading
) -> dict[type[Message], str]:
    """Every declared push and its event; what is no push is reported.

    Args:
        declared: The members of the union.
        place: The class statement that declares them.
        reading: The run.
    """
    pushes: dict[type[Message], str] = {}
    for arm in declared:
        if arm is Message:
            report_bare(Message, place, reading.findings)
        elif is_message(arm):
            _check_event(arm, pushes, reading)
            reading.models.check_push(arm)
            pushes[arm] = arm.__event__
        else:
            reading.findings.report(
                PayloadCode.PUSH_TYPE, place, got=shown(arm), advice=_advice(arm)
            )
    return pushes


def _check_event(model: type[Message], pushes: dict[type[Message], str], reading: Reading) -> None:
    findings, event = reading.findings, model.__event__
    place = findings.places.of_class(model)
    if not event or is_reserved(event):
        findings.report(
            PayloadCode.RESERVED_PUSH_EVENT, place, got=repr(event), message=shown(model)
        )
    for other in pushes:
        if pushes[other] == event:
            findings.report(
                PayloadCode.SAME_PUSH_EVENT,
                place,
                findings.places.of_class(other),
                got=f"{event!r} for both {shown(other)} and {shown(model)}",
                message=shown(model),
            )


def _advice(arm: object) -> str:
    if is_refusal(arm) or arm is Refusal:
        return "a refusal answers; push a message"
    if arm is Any:
        return "name the messages, or the contract would be empty"
    if arm is bytes:
        return 'binary needs an event too, as in  class Picture(Open, event="picture")'
    return f"derive {shown(arm)} from Message"

"""A reply off the wire as the typed value that its handler returned. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pydantic import ValidationError

from .errors import CallFailed
from .messages import Message, Ok, Refusal
from .payloads import Accepts, Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

    from .payloads import Answers, Verdict
    from .wire import Reply

__all__ = ["Undeclared", "declined", "verdict"]


@dataclass(frozen=True, slots=True)
class Undeclared:
    """An ok reply that is none of those that the handler declares: its sender knows another."""

    response: JsonValue | bytes


def verdict(answers: Answers, reply: Reply) -> Verdict | Undeclared:
    """What the handler answered.

    Raises:
        CallFailed: The framework answered, not the handler.
    """
    response = cast("JsonValue | bytes", reply.response)
    if reply.status == "ok":
        return _accepted(answers, response)
    return declined(answers.refusals, response)


def _accepted(answers: Answers, response: JsonValue | bytes) -> Verdict | Undeclared:
    if isinstance(response, bytes) and bytes in answers.replies:
        return response
    if response == {} and Ok in answers.replies:
        return Ok()
    models = tuple(model for model in answers.replies if issubclass(model, Message))
    value = Accepts(models).decode(response)
    if not isinstance(value, Invalid):
        return value
    if response == {} and answers.silent:
        return None
    return Undeclared(response)


def declined(refusals: Iterable[type[Refusal]], response: JsonValue | bytes) -> Refusal:
    """The declared refusal in an error reply.

    Raises:
        CallFailed: It is none of them.
    """
    fields = dict(response) if isinstance(response, dict) else {}
    for refusal in refusals:
        declared = refusal.__reason__
        if declared is not None and fields.get("reason") != declared:
            continue
        own = {name: value for name, value in fields.items() if name != "reason"}
        try:
            return refusal.model_validate(fields if "reason" in refusal.model_fields else own)
        except ValidationError:
            continue
    reason = fields.get("reason")
    raise CallFailed(reason if isinstance(reason, str) else "error", cast("JsonValue", response))

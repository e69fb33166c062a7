"""Payloads off the wire as the typed values that the channel declares. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ..errors import CallFailed, RemoteProtocolError
from ..payloads import Accepts, Invalid
from ..verdicts import Undeclared, verdict

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ..messages import Message
    from ..payloads import Answers, Verdict
    from ..wire import Body, Reply

__all__ = ["answered", "read"]

UNDECLARED = "undeclared reply"
INVALID_DATA = 1007


def answered(answers: Answers, reply: Reply) -> Verdict:
    """What the handler answered.

    Raises:
        CallFailed: The framework answered; or it is none that the handler declares, "undeclared
            reply": the server knows another version of the channel.
    """
    said = verdict(answers, reply)
    if isinstance(said, Undeclared):
        raise CallFailed(UNDECLARED, cast("JsonValue", said.response))
    return said


def read(model: type[Message], payload: Body) -> Message:
    """A push as its message.

    Raises:
        RemoteProtocolError: It is none: the server knows another version of the channel.
    """
    value = Accepts((model,)).decode(payload)
    if isinstance(value, Invalid):
        text = f"the server pushed what is no {model.__name__}: {list(value.errors)}"
        raise RemoteProtocolError(text, close_code=INVALID_DATA)
    return cast("Message", value)

"""The problems of what goes over the wire: pushes, messages, refusals, assigns. Pure."""

from __future__ import annotations

from .codes import Code

__all__ = ["PayloadCode"]


class PayloadCode(Code):
    """What can be wrong with pushes, with the JSON form of a model, and with assigns."""

    PUSH_TYPE = (
        "CK039",
        "the channel declares a push that is no message",
        "Channel[Assigns, Push | Push], each a Message subclass",
        "{advice}",
    )
    SAME_PUSH_EVENT = (
        "CK040",
        "two pushes have one event name",
        "one message class for each event",
        'name one of them otherwise, as in  class {message}(Message, event="…")',
    )
    RESERVED_PUSH_EVENT = (
        "CK041",
        "the push's event is not free",
        "a name that is not empty and does not start with 'phx_'",
        'name it otherwise, as in  class {message}(Message, event="…")',
    )
    PUSH_NOT_AN_OBJECT = (
        "CK042",
        "the push's JSON form is no object",
        "an object, which is all that Phoenix clients take in a push",
        "put the value into a field; a reply may be any JSON",
    )
    INTERCEPT_UNDECLARED = (
        "CK043",
        "a broadcast is intercepted that the channel does not declare",
        "one of the channel's pushes ({pushes})",
        "declare it, as in  Channel[..., {example}]",
    )
    INTERCEPT_RETURN = (
        "CK044",
        "an intercepted broadcast would become another event",
        "{message}, None (to drop it), or both",
        "return the changed {message}, and push what else there is to say",
    )
    SECOND_INTERCEPT = (
        "CK045",
        "two handlers intercept one broadcast",
        "one handler for each event",
        "make them one",
    )
    NO_JSON_FORM = (
        "CK046",
        "the model has no JSON form",
        "fields that JSON can carry, because the model is {direction}",
        "give the field a type with a JSON form, or keep the value out of the model",
    )
    DEFAULT_NOT_JSON = (
        "CK047",
        "the field's default has no JSON form",
        "a value of the field's type",
        "correct the default or the type",
    )
    REASON_TAKEN = (
        "CK048",
        "a field of the refusal hides its reason",
        "no field that is called 'reason' on the wire, because clients tell refusals apart by it",
        "rename the field, or send no reason of its own:  class {refusal}(Refusal, reason=None)",
    )
    ASSIGNS_DIFFER = (
        "CK049",
        "the channel's assigns are not what connect returns",
        "Channel[{expected}, ...]",
        "make them one type, or the channel's a base of it; all channels share a socket's assigns",
    )
    SECRET_NOWHERE = (
        "CK078",
        "Secret() marks what is no field of a message",
        "the mark on a field that goes over the wire",
        "{advice}",
    )
    SECRET_AS_VALUE = (
        "CK079",
        "Secret() is given as a value",
        "the mark beside the type, in Annotated",
        "write  {field}: Annotated[{type}, Secret()]",
    )
    CONNECT_ADMITS_NOBODY = (
        "CK050",
        "connect can only refuse",
        "the assigns beside the refusals, as in  -> User | Denied",
        "return what the channels shall find in self.assigns, or None",
    )

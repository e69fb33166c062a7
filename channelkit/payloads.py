"""Raw payloads ⇄ typed messages, and what a peer is told when a payload does not fit. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias, assert_never, cast

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import to_json

from .errors import LocalProtocolError
from .masking import Secrets
from .messages import Message, Ok, Open, Refusal
from .wire import INVALID_PAYLOAD

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from .wire import Body, Status

__all__ = [
    "Accepts",
    "Answer",
    "Answers",
    "Invalid",
    "Verdict",
    "body",
    "narrowed",
    "pushable",
]

Verdict: TypeAlias = Message | bytes | Refusal | Ok | None
"""What a handler may return."""

Answer: TypeAlias = "tuple[Status, Body]"
"""What a reply carries."""

_Validate: TypeAlias = "Callable[[Body], Message]"
_Arm: TypeAlias = tuple[type[Message], _Validate]

_MAX_ERRORS: Final = 10
"""Errors told to a peer for one payload; a payload with very many is told none."""


@dataclass(frozen=True, slots=True)
class Invalid:
    """A payload that fits none of the accepted types."""

    errors: tuple[dict[str, JsonValue], ...]

    def response(self) -> dict[str, JsonValue]:
        """The response of the error reply."""
        return {"reason": INVALID_PAYLOAD, "errors": list(self.errors)}


@dataclass(frozen=True, slots=True)
class Accepts:
    """The payload types of one parameter: models for text, tried in order, and bytes."""

    models: tuple[type[Message], ...]
    binary: bool = False
    secrets: Secrets = field(init=False, compare=False, repr=False)
    """Which of their fields are shown nowhere: for the log, and for the contract."""
    _for_text: tuple[_Arm, ...] = field(init=False, compare=False, repr=False)
    _for_binary: tuple[_Arm, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        arms = tuple((model, _validator(model)) for model in self.models)
        object.__setattr__(self, "_for_text", arms)
        open_arms = tuple((model, validate) for model, validate in arms if issubclass(model, Open))
        object.__setattr__(self, "_for_binary", open_arms)
        payloads = (
            (model, "payload" if issubclass(model, Open) else None) for model in self.models
        )
        object.__setattr__(self, "secrets", Secrets(payloads))

    def decode(self, payload: Body) -> Message | bytes | Invalid:
        """The typed form of a raw payload; never raises for anything a peer can send."""
        arms = self._for_text
        if isinstance(payload, bytes):
            if self.binary:
                return payload
            arms = self._for_binary
        failure: tuple[type[Message], ValidationError] | None = None
        for model, validate in arms:
            try:
                return validate(payload)
            except ValidationError as error:
                failure = failure or (model, error)
        if failure is not None:
            return Invalid(tuple(_told(*failure)))
        expected = "binary" if self.binary else "JSON"
        return Invalid(({"loc": [], "type": "payload_kind", "msg": f"must be {expected}"},))


def _validator(model: type[Message]) -> _Validate:
    if issubclass(model, Open):
        return lambda payload: model.model_validate({"payload": payload})
    if _holds_strict(model.__pydantic_core_schema__):
        # The payload came as JSON: a strict model may take "2026-01-01" for a date.
        return lambda payload: model.model_validate_json(to_json(payload))
    # What BaseModel.model_validate does, without its keyword handling.
    return cast("_Validate", model.__pydantic_validator__.validate_python)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a handler's return annotation declares."""

    replies: tuple[type[Message | bytes | Ok], ...]
    refusals: tuple[type[Refusal], ...]
    silent: bool
    """Whether it may return None: no reply for an event, an empty ok for a join."""
    _statuses: Mapping[type, Status] = field(init=False, compare=False, repr=False)
    _plain: Container[type] = field(init=False, compare=False, repr=False)
    """The messages that go on the wire as they are, and need no further look."""

    def __post_init__(self) -> None:
        statuses: dict[type, Status] = dict.fromkeys(self.replies, "ok")
        statuses |= dict.fromkeys(self.refusals, "error")
        object.__setattr__(self, "_statuses", statuses)
        models = (reply for reply in self.replies if issubclass(reply, Message))
        plain = frozenset(model for model in models if not issubclass(model, Open))
        object.__setattr__(self, "_plain", plain)

    def settle(self, result: Verdict) -> Answer | None:
        """The answer that a handler's result makes, None for silence.

        Raises:
            LocalProtocolError: The result is not what the handler declares.
        """
        if type(result) in self._plain:
            return "ok", cast("Message", result)
        status = self._statuses.get(type(result))
        if status is not None:
            return status, body(result)
        if result is None and self.silent:
            return None
        declared = narrowed(result, self._statuses)
        if declared is None:
            raise LocalProtocolError(
                f"returned {type(result).__name__}, which its return annotation does not declare; "
                "add it there"
            )
        return self._statuses[type(declared)], body(declared)


def narrowed(value: Verdict, declared: Container[type]) -> Verdict:
    """The value as the nearest declared class it is one of, None where there is none.

    Only the declared fields go out, whatever a subclass adds.
    """
    if type(value) in declared:
        return value
    for base in type(value).__mro__:
        if base in declared and issubclass(base, (Message, Refusal)):
            return base.model_construct(**{n: getattr(value, n) for n in base.model_fields})
    return None


def body(value: Verdict) -> Body:
    """What goes on the wire for a typed value."""
    match value:
        case Open():
            return value.payload
        case Message() | bytes():
            return value
        case Refusal():
            return value.response()
        case Ok() | None:
            return {}
        case _:
            assert_never(value)


def pushable(message: Message | bytes) -> Body:
    """What goes on the wire for a push or broadcast: an object or binary.

    Raises:
        LocalProtocolError: An open payload is neither (protocol.md B1.3, rule 9).
    """
    content = body(message)
    if not isinstance(content, (BaseModel, dict, bytes)):
        raise LocalProtocolError(
            f"a pushed payload must be a JSON object or bytes, got {type(content).__name__}"
        )
    return content


def _holds_strict(schema: object) -> bool:
    match schema:
        case dict():
            items = cast("dict[str, object]", schema)
            return items.get("strict") is True or any(map(_holds_strict, items.values()))
        case list() | tuple():
            return any(map(_holds_strict, cast("list[object]", schema)))
        case _:
            return False


# What a peer is told, per pydantic error type. Limits come from the model, never from the input.
_TEXTS: Final[Mapping[str, str]] = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "bool_parsing": "must be a boolean",
    "bool_type": "must be a boolean",
    "bytes_type": "must be a string",
    "date_from_datetime_parsing": "must be a date",
    "date_from_datetime_inexact": "must be a date",
    "date_future": "must be in the future",
    "date_parsing": "must be a date",
    "date_past": "must be in the past",
    "date_type": "must be a date",
    "dataclass_type": "must be an object",
    "datetime_from_date_parsing": "must be a date and time",
    "datetime_future": "must be in the future",
    "datetime_parsing": "must be a date and time",
    "datetime_past": "must be in the past",
    "datetime_type": "must be a date and time",
    "decimal_parsing": "must be a decimal number",
    "decimal_type": "must be a decimal number",
    "dict_type": "must be an object",
    "enum": "must be one of the allowed values",
    "finite_number": "must be a finite number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "frozen_set_type": "must be a list",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "literal_error": "must be one of the allowed values",
    "model_attributes_type": "must be an object",
    "model_type": "must be an object",
    "none_required": "must be null",
    "set_type": "must be a list",
    "string_pattern_mismatch": "does not match the pattern",
    "string_type": "must be a string",
    "time_delta_parsing": "must be a duration",
    "time_delta_type": "must be a duration",
    "time_parsing": "must be a time",
    "time_type": "must be a time",
    "tuple_type": "must be a list",
    "url_parsing": "must be a URL",
    "url_scheme": "must be a URL with an allowed scheme",
    "url_type": "must be a URL",
    "timezone_aware": "must have a time zone",
    "timezone_naive": "must have no time zone",
    "uuid_parsing": "must be a UUID",
    "uuid_type": "must be a UUID",
}
_LIMITS: Final[Mapping[str, tuple[str, str]]] = {
    "bytes_too_long": ("max_length", "must have at most {} bytes"),
    "bytes_too_short": ("min_length", "must have at least {} bytes"),
    "decimal_max_digits": ("max_digits", "must have at most {} digits"),
    "decimal_max_places": ("decimal_places", "must have at most {} decimal places"),
    "decimal_whole_digits": ("whole_digits", "must have at most {} digits before the point"),
    "greater_than": ("gt", "must be greater than {}"),
    "greater_than_equal": ("ge", "must be at least {}"),
    "less_than": ("lt", "must be less than {}"),
    "less_than_equal": ("le", "must be at most {}"),
    "multiple_of": ("multiple_of", "must be a multiple of {}"),
    "string_too_long": ("max_length", "must have at most {} characters"),
    "string_too_short": ("min_length", "must have at least {} characters"),
    "too_long": ("max_length", "must have at most {} items"),
    "too_short": ("min_length", "must have at least {} items"),
    "url_too_long": ("max_length", "must have at most {} characters"),
}


def _told(model: type[Message], failure: ValidationError) -> list[dict[str, JsonValue]]:
    """Our own words per error: no input, no foreign keys, no custom exception's text."""
    if failure.error_count() > 100 * _MAX_ERRORS:
        return [{"loc": [], "type": "too_many_errors", "msg": "has too many errors to list"}]
    errors = failure.errors(include_url=False, include_input=False)[:_MAX_ERRORS]
    names = _names(model.__pydantic_core_schema__)
    skip = 1 if issubclass(model, Open) else 0  # the field "payload" is not on the wire
    return [
        {
            "loc": [_place(part, names) for part in error["loc"][skip:]],
            "type": error["type"],
            "msg": _text(error["type"], error.get("ctx", {})),
        }
        for error in errors
    ]


def _text(kind: str, context: Mapping[str, Any]) -> str:
    if kind in _LIMITS:
        name, text = _LIMITS[kind]
        return text.format(context.get(name))
    return _TEXTS.get(kind, "is not valid")


def _place(part: int | str, names: set[str]) -> JsonValue:
    """A field's name or an index; any other key came from the peer, or names our types."""
    return part if isinstance(part, int) or part in names else "*"


def _names(schema: object) -> set[str]:
    """All field names and string aliases in a core schema."""
    found: set[str] = set()
    match schema:
        case dict():
            items = cast("dict[str, object]", schema)
            fields = items.get("fields")
            if isinstance(fields, dict):  # of a model or a typed dict
                found.update(cast("dict[str, object]", fields))
            for name in (items.get("validation_alias"), items.get("name")):
                if isinstance(name, str):  # a field of a dataclass has its name in itself
                    found.add(name)
            for value in items.values():
                found |= _names(value)
        case list() | tuple():
            for value in cast("list[object]", schema):
                found |= _names(value)
        case _:
            pass
    return found

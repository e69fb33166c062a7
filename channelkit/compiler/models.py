"""Whether messages and refusals have a JSON form. Pure."""

from __future__ import annotations

from types import GenericAlias
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticUndefined

from ..messages import Message, Open, Refusal
from .annotations import shown
from .payload_codes import PayloadCode
from .secret_marks import NO_FIELD, is_mark, mentions_mark
from .signatures import Scope, missing, resolve, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo
    from pydantic.json_schema import JsonSchemaWarningKind

    from ..errors import Place
    from .problems import Findings

__all__ = ["Direction", "Models"]

Direction: TypeAlias = Literal["validation", "serialization"]
"""Received, or sent; in pydantic's words."""

_WORDS: Final[Mapping[Direction, str]] = {
    "validation": "received",
    "serialization": "sent",
}
_FOUNDATION: Final = frozenset({*Message.__mro__, *Refusal.__mro__, Open})


class Models:
    """The models of one run, each checked once for each direction."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._fine: dict[tuple[type[BaseModel], Direction], bool] = {}

    def fine(self, model: type[BaseModel], direction: Direction) -> bool:
        """Whether the model has a JSON form; what it lacks is reported."""
        key = model, direction
        if key not in self._fine:
            self._fine[key] = True  # a model may hold itself
            self._fine[key] = self._check(model, direction)
        return self._fine[key]

    def kind(self, model: type[BaseModel]) -> object:
        """What the JSON form of a model that is sent is: ``"object"``; None if nobody knows."""
        if not self.fine(model, "serialization"):
            return None
        return model.model_json_schema(mode="serialization", schema_generator=_Schema).get("type")

    def check_push(self, model: type[Message]) -> None:
        """A message that is pushed: its JSON form must be an object (protocol.md B1.3, rule 9)."""
        kind = None if issubclass(model, Open) else self.kind(model)
        if kind not in {None, "object"}:
            place = self._findings.places.of_class(model)
            self._findings.report(PayloadCode.PUSH_NOT_AN_OBJECT, place, got=f"{kind}")

    def check_refusal(self, model: type[Refusal]) -> None:
        """A refusal: its JSON form, and its reason in it."""
        self.fine(model, "serialization")
        for name, field in model.model_fields.items():
            if model.__reason__ is not None and (field.serialization_alias or name) == "reason":
                self._findings.report(
                    PayloadCode.REASON_TAKEN,
                    self.of_field(model, name),
                    got=f"{name}, beside the reason {model.__reason__!r}",
                    refusal=shown(model),
                )

    def _all_fine(self, models: list[type[BaseModel]], direction: Direction) -> bool:
        return all([self.fine(model, direction) for model in models])  # noqa: C419  (each is checked)

    def _check(self, model: type[BaseModel], direction: Direction) -> bool:
        if not self._complete(model, direction):
            return False
        inner = {
            name: self._all_fine(_held(field.annotation), direction)
            for name, field in model.model_fields.items()
        }
        if self._findings.first("defaults", model):
            self._check_marks(model)
            self._check_defaults(model)
        failure = _failure(TypeAdapter(model), direction)
        if failure is None:
            return True
        blamed = [self._blame(model, name, direction) for name, fine in inner.items() if fine]
        if not any(blamed) and all(inner.values()):
            self._report_form(self._findings.places.of_class(model), failure, direction)
        return False

    def _complete(self, model: type[BaseModel], direction: Direction) -> bool:
        """Whether all annotations of the model could be read; finishes what its class began."""
        try:
            # An empty namespace, or pydantic would look names up in this frame.
            model.model_rebuild(_types_namespace={})
        except PydanticUndefinedAnnotation as error:
            if not self._explained(model, direction):
                place = self._findings.places.of_class(model)
                scope = Scope.of_bases(model, place.file)
                missing(error.name or _first(error), scope, place, self._findings)
            return False
        except PydanticUserError as error:
            self._report_form(self._findings.places.of_class(model), _first(error), direction)
            return False
        return True

    def _explained(self, model: type[BaseModel], direction: Direction) -> bool:
        """Whether an annotation of the model itself, or a model that it holds, is at fault."""
        explained = False
        for owner in model.__mro__:
            for name, annotation in () if owner in _FOUNDATION else written(owner).items():
                place = self._findings.places.of_attribute(owner, name)
                scope = Scope.of_body(owner, place.file, {})
                meant = resolve(annotation, scope, place, self._findings)
                inner = self._all_fine(_held(meant), direction)
                explained |= meant is None or not inner
        return explained

    def _blame(self, model: type[BaseModel], name: str, direction: Direction) -> bool:
        field = model.model_fields[name]
        if _failure(_adapter(field, model), direction) is None:
            return False
        got = f"{name}: {shown(field.annotation)}"
        self._report_form(self.of_field(model, name), got, direction)
        return True

    def _report_form(self, place: Place, got: str, direction: Direction) -> None:
        self._findings.report(PayloadCode.NO_JSON_FORM, place, got=got, direction=_WORDS[direction])

    def _check_marks(self, model: type[BaseModel]) -> None:
        """`Secret()` marks fields, in `Annotated`."""
        for name, field in model.model_fields.items():
            if is_mark(field.default):
                kind = shown(field.annotation)
                self._findings.report(
                    PayloadCode.SECRET_AS_VALUE,
                    self.of_field(model, name),
                    got=f"{name}: {kind} = Secret()",
                    field=name,
                    type=kind,
                )
        for owner in set(model.__mro__) - _FOUNDATION:
            for name, annotation in written(owner).items():
                if name not in model.model_fields and mentions_mark(annotation):
                    place = self._findings.places.of_attribute(owner, name)
                    self._findings.report(
                        PayloadCode.SECRET_NOWHERE, place, got=name, advice=NO_FIELD
                    )

    def _check_defaults(self, model: type[BaseModel]) -> None:
        decorators = model.__pydantic_decorators__
        if decorators.model_serializers:
            return  # the defaults go through the author's own code
        own = {
            name for found in decorators.field_serializers.values() for name in found.info.fields
        }
        for name, field in model.model_fields.items():
            default: object = field.default
            if name in own or field.exclude or default is PydanticUndefined or is_mark(default):
                continue
            if not _default_fits(field, model):
                self._findings.report(
                    PayloadCode.DEFAULT_NOT_JSON,
                    self.of_field(model, name),
                    got=f"{name}: {shown(field.annotation)} with a {type(default).__name__}",
                )

    def of_field(self, model: type[BaseModel], name: str) -> Place:
        """The line with a field of the model."""
        owners = [base for base in model.__mro__ if name in written(base)]
        return self._findings.places.of_attribute(owners[0] if owners else model, name)


class _Schema(GenerateJsonSchema):
    """Without warnings: a default that has no JSON form gets a problem of its own."""

    def emit_warning(self, kind: JsonSchemaWarningKind, detail: str) -> None:
        """Say nothing."""


def _adapter(field: FieldInfo, model: type[BaseModel]) -> TypeAdapter[Any]:
    """Reads and writes the field's value, in a tuple so that the model's config can be given."""
    value: Any = GenericAlias(tuple, (field.rebuild_annotation(),))
    return TypeAdapter(value, config=model.model_config)


def _failure(adapter: TypeAdapter[Any], direction: Direction) -> str | None:
    try:
        adapter.json_schema(mode=direction, schema_generator=_Schema)
    except Exception as error:  # a model's own hook may raise anything
        return _first(error)
    return None


def _default_fits(field: FieldInfo, model: type[BaseModel]) -> bool:
    adapter = _adapter(field, model)
    value = (field.default,)
    try:
        if field.validate_default or model.model_config.get("validate_default"):
            value = adapter.validate_python(value)
        adapter.dump_json(value, warnings="error")
    except Exception:  # what does not fit, or whatever an author's validator or serializer raises
        return False
    return True


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _held(annotation: object) -> list[type[BaseModel]]:
    """The models inside an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _held(argument)]

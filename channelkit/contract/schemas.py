"""The JSON Schemas of a contract: every payload model, named once. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast, final

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from ..messages import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel
    from pydantic_core.core_schema import DataclassField, ModelField, TypedDictField

    from .form import Schema

__all__ = ["Mode", "Schemas"]

Mode: TypeAlias = Literal["validation", "serialization"]
"""Whether the server reads it or writes it: a schema may differ."""

_Key: TypeAlias = "tuple[type[BaseModel], Mode]"

TEMPLATE: Final = "#/schemas/{model}"


@final
class _Generator(GenerateJsonSchema):
    """Says of what the server writes that a field with a default is always there: it is."""

    def field_is_required(
        self, field: ModelField | DataclassField | TypedDictField, total: bool
    ) -> bool:
        if self.mode == "validation" or field["type"] == "typed-dict-field":
            return super().field_is_required(field, total)
        return field.get("serialization_exclude_if") is None


@final
class Schemas:
    """The schemas of these models, under names that differ where the models do.

    Args:
        models: Each with its mode; the names do not depend on their order.
    """

    def __init__(self, models: Iterable[_Key]) -> None:
        keys = sorted(set(models), key=_place)
        refs, document = models_json_schema(
            keys, ref_template=TEMPLATE, schema_generator=_Generator
        )
        self._refs = {key: cast("str", refs[key]["$ref"]) for key in keys}
        self.schemas: dict[str, Schema] = {
            name: document["$defs"][name] for name in sorted(document.get("$defs", ()))
        }
        for model, mode in keys:
            if issubclass(model, Refusal):
                self._give_reason(model, mode)

    def ref(self, model: type[BaseModel], mode: Mode) -> str:
        """Where the schema of a model stands."""
        return self._refs[model, mode]

    def _give_reason(self, model: type[Refusal], mode: Mode) -> None:
        """A refusal's response has its reason before the fields (see `Refusal.response`)."""
        if model.__reason__ is None:
            return
        name = self._refs[model, mode].removeprefix("#/schemas/")
        schema = self.schemas[name]
        properties = cast("dict[str, object]", schema.get("properties", {}))
        required = cast("list[str]", schema.get("required", []))
        reason = {"const": model.__reason__, "type": "string"}
        self.schemas[name] = cast(
            "Schema",
            {
                **schema,
                "properties": {"reason": reason, **properties},
                "required": ["reason", *required],
            },
        )


def _place(key: _Key) -> tuple[str, str, str]:
    model, mode = key
    return model.__module__, model.__qualname__, mode

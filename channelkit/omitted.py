"""Fields that are left out of the JSON where they hold None. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pydantic import Field

if TYPE_CHECKING:
    from pydantic import JsonValue

__all__ = ["omitted"]

_NOTHING: Any = object()


def omitted(*, nullable: bool = False, default: JsonValue = _NOTHING) -> Any:
    """Mark a field that is left out where it is None, so that the reader's own default counts.

    `channelkit client --language python` writes it for fields that a server does not
    require, and whose default it does not tell in a way that Python could say.

    Args:
        nullable: Whether null is among what the reader takes; only its JSON Schema tells.
        default: What the reader takes instead, as JSON; only its JSON Schema tells.

    Example:
        ```python
        class Search(Message):
            text: str
            tags: Annotated[list[str] | None, omitted()] = None  # {"text": "…"}
        ```
    """

    def told(schema: dict[str, JsonValue]) -> None:
        schema.pop("default", None)
        if default is not _NOTHING:
            schema["default"] = default
        if not nullable:
            _without_null(schema)

    return Field(exclude_if=_is_none, json_schema_extra=told)


def _is_none(value: object) -> bool:
    return value is None


def _without_null(schema: dict[str, JsonValue]) -> None:
    arms = cast("list[JsonValue]", schema.get("anyOf", []))
    kept = [arm for arm in arms if arm != {"type": "null"}]
    match kept:
        case [dict(only)]:
            del schema["anyOf"]
            schema.update({**only, **schema})
        case [_, *_]:
            schema["anyOf"] = kept
        case _:
            pass

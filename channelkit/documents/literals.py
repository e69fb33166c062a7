"""JSON values as a programmer writes them: in JavaScript, in Python, as a call of a model. Pure."""

from __future__ import annotations

import json
import re
from keyword import iskeyword
from typing import TYPE_CHECKING, Final, assert_never

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from ..contract.form import Schema

__all__ = ["class_name", "javascript", "python", "python_model"]

WIDE: Final = 88
"""The longest line before a value is written on several."""

_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_MODE = re.compile(r"-(?:Input|Output)$")
CONSTANTS: Final = {None: "None", True: "True", False: "False"}
UNTYPED: Final = frozenset({"", "string", "integer", "number", "boolean", "null"})
"""Types whose JSON is what a model's field is annotated with, where no format changes it."""


def class_name(ref: str) -> str:
    """The name of the class that a schema was made of, as far as its name tells.

    Of two classes of one name the schemas' names have the modules before them.
    """
    name = _MODE.sub("", ref.rpartition("/")[2]).rpartition("__")[2]
    found = re.sub(r"\W+", "_", name).strip("_") or "Model"
    return f"_{found}" if found[0].isdigit() else found


def javascript(value: JsonValue, room: int = WIDE) -> str:
    """A value in JavaScript and TypeScript: names without quotes where they need none.

    Args:
        room: Columns that are left for it before it is broken into lines.
    """
    line = _js_line(value)
    if len(line) <= room or not isinstance(value, (dict, list)) or not value:
        return line
    inner = (
        [f"{_key(name)}: {javascript(one, room - 4)}" for name, one in value.items()]
        if isinstance(value, dict)
        else [javascript(one, room - 2) for one in value]
    )
    lines = "".join(f"  {_indented(one, '  ')},\n" for one in inner)
    return f"{{\n{lines}}}" if isinstance(value, dict) else f"[\n{lines}]"


def python(value: JsonValue) -> str:
    """A value in Python, on one line."""
    match value:
        case dict():
            inner = ", ".join(f"{_quoted(key)}: {python(one)}" for key, one in value.items())
            return f"{{{inner}}}"
        case list():
            return f"[{', '.join(map(python, value))}]"
        case str():
            return _quoted(value)
        case None | bool():
            return CONSTANTS[value]
        case _:
            return repr(value)


def python_model(
    ref: str, value: JsonValue, schemas: Mapping[str, Schema]
) -> tuple[str, tuple[str, ...]]:
    """A model with these fields, and the classes that it takes to write it.

    ``NewMsg(body="hi")`` where the fields are written as a checker of types wants
    them; else ``NewMsg.model_validate({"at": "2026-01-02"})``.
    """
    used: list[str] = []
    try:
        text = _called(ref, value, schemas, used)
    except _Plain:
        name = class_name(ref)
        return _broken(f"{name}.model_validate(", [python(value)], ")"), (name,)
    return text, tuple(sorted(set(used)))


class _Plain(Exception):
    """JSON is not how a model's field of this type is written."""


def _called(ref: str, value: JsonValue, schemas: Mapping[str, Schema], used: list[str]) -> str:
    schema = schemas.get(ref.rpartition("/")[2], {})
    properties = schema.get("properties", {})
    if not isinstance(value, dict) or not isinstance(properties, dict):
        raise _Plain
    arguments: list[str] = []
    for name, one in value.items():
        if name not in properties or not name.isidentifier() or iskeyword(name):
            raise _Plain
        arguments.append(f"{name}={_field(properties[name], one, schemas, used)}")
    name = class_name(ref)
    used.append(name)
    return _broken(f"{name}(", arguments, ")")


def _field(
    schema: JsonValue, value: JsonValue, schemas: Mapping[str, Schema], used: list[str]
) -> str:
    """A field's value; `_Plain` where the field holds something else than JSON."""
    if not isinstance(schema, dict):
        return python(value)
    ref = schema.get("$ref")
    if isinstance(ref, str):
        return _called(ref, value, schemas, used)
    for word in ("anyOf", "oneOf"):
        arms = schema.get(word)
        if isinstance(arms, list):
            return _arm(arms, value, schemas, used)
    kind = schema.get("type", "")
    if (
        kind == "array"
        and isinstance(value, list)
        and not {"uniqueItems", "prefixItems"} & {*schema}
    ):
        items = schema.get("items", True)
        return _broken("[", [_field(items, one, schemas, used) for one in value], "]")
    if kind == "object" and isinstance(value, dict):
        values = schema.get("additionalProperties", True)
        if "patternProperties" in schema or "propertyNames" in schema:
            raise _Plain
        inner = [
            f"{_quoted(key)}: {_field(values, one, schemas, used)}" for key, one in value.items()
        ]
        return _broken("{", inner, "}")
    if kind in UNTYPED and "format" not in schema:
        return python(value)
    raise _Plain


def _arm(
    arms: list[JsonValue], value: JsonValue, schemas: Mapping[str, Schema], used: list[str]
) -> str:
    """A value of a union: only one of whose arms can be meant."""
    fitting = [arm for arm in arms if isinstance(arm, dict) and _could_be(arm, value)]
    if len(fitting) != 1:
        raise _Plain
    return _field(fitting[0], value, schemas, used)


def _could_be(schema: Schema, value: JsonValue) -> bool:
    kind = schema.get("type")
    match value:
        case None:
            return kind == "null"
        case bool():
            return kind == "boolean"
        case int():
            return kind in ("integer", "number")
        case float():
            return kind == "number"
        case str():
            return kind == "string"
        case list():
            return kind == "array"
        case dict():
            return kind == "object" or "$ref" in schema
        case _ as unknown:
            assert_never(unknown)


def _js_line(value: JsonValue) -> str:
    match value:
        case dict():
            inner = ", ".join(f"{_key(name)}: {_js_line(one)}" for name, one in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list():
            return f"[{', '.join(map(_js_line, value))}]"
        case _:
            return _quoted_js(value)


def _key(name: str) -> str:
    """A name in an object; ``__proto__`` would be no field of it."""
    if name == "__proto__":
        return '["__proto__"]'
    return name if _NAME.fullmatch(name) else _quoted_js(name)


def _quoted_js(value: JsonValue) -> str:
    """JSON, which JavaScript reads; line ends that old engines would see are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _quoted(text: str) -> str:
    """A text in double quotes, in Python: JSON's escapes are Python's."""
    quoted = json.dumps(text, ensure_ascii=not text.isprintable())
    # Outside of the first plane JSON writes two surrogates, which Python does not join.
    return quoted if text.isprintable() else _joined(quoted)


def _joined(quoted: str) -> str:
    return re.sub(
        r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})",
        lambda pair: f"\\U{_code_point(pair[1], pair[2]):08x}",
        quoted,
    )


def _code_point(high: str, low: str) -> int:
    return 0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00


def _broken(begin: str, parts: list[str], end: str) -> str:
    """Parts on one line, or each on its own where that would be too long."""
    line = f"{begin}{', '.join(parts)}{end}"
    if len(line) <= WIDE - 12 and "\n" not in line:
        return line
    return begin + "".join(f"\n    {_indented(part, '    ')}," for part in parts) + f"\n{end}"


def _indented(text: str, by: str) -> str:
    """The lines after the first, moved in. No value has a line end inside of a literal."""
    return text.replace("\n", f"\n{by}")

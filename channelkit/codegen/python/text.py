"""Python as text: expressions, laid out over lines the way formatters do. Pure.

What does not fit on a line is opened, an item on each line with a comma behind the
last, which formatters leave as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from inspect import cleandoc
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import JsonValue

__all__ = [
    "WIDTH",
    "Arms",
    "Expr",
    "Group",
    "Name",
    "Pair",
    "assigned",
    "called",
    "docstring",
    "flat",
    "laid",
    "quoted",
    "signature",
    "subscript",
    "value",
]

WIDTH: Final = 88
"""Columns of a line: what formatters take where nobody tells them."""

INDENT: Final = "    "


@dataclass(frozen=True, slots=True)
class Name:
    """What is never broken: a name, a number, a string."""

    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """A head, then items in brackets: a call, a subscript, a list."""

    head: str
    items: tuple[Expr, ...]
    brackets: str


@dataclass(frozen=True, slots=True)
class Pair:
    """``name=value`` or ``"key": value``, with what stands between in the head."""

    head: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Arms:
    """A union of two or more."""

    items: tuple[Expr, ...]


Expr: TypeAlias = Name | Group | Pair | Arms


def called(head: str, *items: Expr, **named: Expr) -> Group:
    """``head(item, name=value)``."""
    pairs = (Pair(f"{name}=", one) for name, one in named.items())
    return Group(head, (*items, *pairs), "()")


def subscript(head: str, *items: Expr) -> Group:
    """``head[item, item]``."""
    return Group(head, items, "[]")


def value(json: JsonValue) -> Expr:
    """A JSON value as Python writes it."""
    match json:
        case str():
            return Name(quoted(json))
        case float() if not math.isfinite(json):
            return called("float", Name(f'"{json}"'))
        case list():
            return Group("", tuple(map(value, json)), "[]")
        case dict():
            pairs = (Pair(f"{quoted(key)}: ", value(one)) for key, one in json.items())
            return Group("", tuple(pairs), "{}")
        case _:
            return Name(repr(json))


def quoted(text: str) -> str:
    """A string, in the quotes that formatters choose."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    if "\\" in text and text.isprintable() and quote not in text and not text.endswith("\\"):
        return f"r{quote}{text}{quote}"
    inner = "".join(f"\\{sign}" if sign in {quote, "\\"} else _shown(sign) for sign in text)
    return f"{quote}{inner}{quote}"


def flat(expr: Expr) -> str:
    """An expression on one line."""
    match expr:
        case Name(text):
            return text
        case Pair(head, inner):
            return f"{head}{flat(inner)}"
        case Arms(items):
            return " | ".join(map(flat, items))
        case Group(head, items, brackets):
            comma = "," if head == "" and brackets == "()" and len(items) == 1 else ""
            return f"{head}{brackets[0]}{', '.join(map(flat, items))}{comma}{brackets[1]}"


def laid(head: str, expr: Expr, tail: str = "", *, indent: str = "") -> list[str]:
    """An expression between what stands before and behind it, on one line or more.

    Args:
        head: With the indentation of its line.
        indent: Of the last line, where there are more.
    """
    line = f"{head}{flat(expr)}{tail}"
    return [line] if len(line) <= WIDTH else _opened(head, expr, tail, indent)


def assigned(name: str, kind: Expr, given: Expr | None, indent: str) -> list[str]:
    """``name: kind``, or ``name: kind = given``."""
    head = f"{indent}{name}: "
    if given is None:
        return laid(head, kind, indent=indent)
    line = f"{head}{flat(kind)} = {flat(given)}"
    if len(line) <= WIDTH:
        return [line]
    before = f"{head}{flat(kind)} = "
    if isinstance(given, Group) and len(before + given.head) < WIDTH:
        return laid(before, given, indent=indent)
    *lines, last = _opened(head, kind, "", indent)
    return [*lines, *laid(f"{last} = ", given, indent=indent)]


def signature(
    head: str, parameters: Sequence[tuple[str, Expr | None]], result: Expr, indent: str
) -> list[str]:
    """``head(parameters) -> result:``."""
    items = tuple(
        Name(name) if kind is None else Pair(f"{name}: ", kind) for name, kind in parameters
    )
    line = f"{indent}{head}({', '.join(map(flat, items))}) -> {flat(result)}:"
    if len(line) <= WIDTH:
        return [line]
    inner = indent + INDENT
    body = f"{inner}{', '.join(map(flat, items))}"
    lines = [body] if len(body) <= WIDTH else _each(items, ",", inner)
    return [f"{indent}{head}(", *lines, *laid(f"{indent}) -> ", result, ":", indent=indent)]


def docstring(text: str, indent: str) -> list[str]:
    """What is told to people, as a docstring; nothing where nothing is told."""
    escaped = "".join(_in_docstring(cleandoc(text)))
    lines = [line.rstrip() for line in escaped.strip().split("\n")]
    if lines == [""]:
        return []
    last = lines[-1]
    if last.endswith('"'):
        lines[-1] = f'{last[:-1]}\\"'
    first, *rest = [line and f"{indent}{line}" for line in lines]
    opening = f'{indent}"""{first.removeprefix(indent)}'
    return [opening, *rest, f'{indent}"""'] if rest else [f'{opening}"""']


def _opened(head: str, expr: Expr, tail: str, indent: str) -> list[str]:
    """An expression that does not fit on one line."""
    inner = indent + INDENT
    match expr:
        case Group(before, items, brackets) if items:
            # A comma in a subscript would make a tuple of one item.
            comma = "" if brackets == "[]" and before and len(items) == 1 else ","
            body = _each(items, comma, inner)
            return [f"{head}{before}{brackets[0]}", *body, f"{indent}{brackets[1]}{tail}"]
        case Pair(before, inner_value):
            return laid(f"{head}{before}", inner_value, tail, indent=indent)
        case Arms():
            return [f"{head}(", *_item(expr, "", inner), f"{indent}){tail}"]
        case _:
            return [f"{head}{flat(expr)}{tail}"]


def _each(items: Iterable[Expr], comma: str, indent: str) -> list[str]:
    return [line for item in items for line in _item(item, comma, indent)]


def _item(item: Expr, tail: str, indent: str) -> list[str]:
    """What stands in brackets on lines of its own, where unions need none themselves."""
    before, union = (item.head, item.value) if isinstance(item, Pair) else ("", item)
    if not isinstance(union, Arms) or len(f"{indent}{flat(item)}{tail}") <= WIDTH:
        return laid(indent, item, tail, indent=indent)
    signs = [before, *["| "] * (len(union.items) - 1)]
    tails = [*[""] * (len(union.items) - 1), tail]
    return [
        line
        for sign, arm, end in zip(signs, union.items, tails, strict=True)
        for line in laid(f"{indent}{sign}", arm, end, indent=indent)
    ]


def _in_docstring(text: str) -> Iterable[str]:
    quotes = 0
    for sign in text:
        quotes = quotes + 1 if sign == '"' else 0
        if sign == "\\" or quotes == 3:
            quotes = 0
            yield f"\\{sign}"
        else:
            yield sign if sign == "\n" else _shown(sign)


def _shown(sign: str) -> str:
    """A sign as it is, or escaped where nobody could see it or no file hold it."""
    return sign if sign.isprintable() else repr(sign)[1:-1]

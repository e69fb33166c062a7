"""Texts of authors as TypeScript: strings, keys and comments that say nothing else. Pure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..types import Scalar

__all__ = ["comment", "indented", "key", "literal"]

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of signs that a reader does not see, or that turn the text around them."""

_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def literal(value: Scalar) -> str:
    """A value as TypeScript, in plain view whatever signs it has."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(_escaped(sign) if category(sign) in _INVISIBLE else sign for sign in text)


def key(name: str) -> str:
    """The name of a field, quoted where it has to be."""
    return name if _PLAIN.fullmatch(name) else literal(name)


def comment(paragraphs: Iterable[str], indent: str = "") -> str:
    """A documentation comment with these paragraphs, and a line end; nothing if they are empty."""
    told = [part for paragraph in paragraphs if (part := _visible(paragraph).strip())]
    lines = "\n\n".join(told).splitlines()
    if not lines:
        return ""
    if len(lines) == 1 and len(lines[0]) + len(indent) < 92:
        return f"{indent}/** {lines[0]} */\n"
    middle = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{middle}{indent} */\n"


def indented(text: str) -> str:
    """Lines, two columns further in; empty ones stay empty."""
    return "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))


def _visible(text: str) -> str:
    """A text that cannot end its comment, nor tell the compiler anything."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    plain = "".join(
        sign if sign == "\n" or category(sign) not in _INVISIBLE else " " for sign in lines
    )
    return plain.replace("*/", "*\\/").replace("@ts-", "@ ts-")


def _escaped(sign: str) -> str:
    """A sign as an escape sequence, in two halves where it takes two."""
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))

"""Names from anywhere → identifiers of a language, each of them once. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = ["Case", "Style", "identifier", "identifiers", "words"]

Case: TypeAlias = Literal["camel", "pascal", "snake"]
"""``newMsg``, ``NewMsg`` or ``new_msg``."""

_BETWEEN = re.compile(r"[\W_]+")
_TURNS = re.compile(r"(?<=[^\W\dA-Z_])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][^\W\dA-Z_])")
_CAPITALS = re.compile(r"[A-Z]+(?![^\W\dA-Z_])|[A-Z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How identifiers of one kind look, in one language."""

    case: Case
    reserved: Collection[str] = frozenset()
    """Words that mean something else where these identifiers stand."""
    suffix: str = "_"
    """Comes behind a reserved one."""
    lead: str = "_"
    """Comes before one that would begin with a digit."""
    empty: str = "x"
    """Stands for a name without a letter or digit; the code points of its signs follow."""


def words(name: str) -> list[str]:
    """The words of a name: what stands between signs, in the form that identifiers have.

    Compatible forms of letters become one (NFKC), as Python's own identifiers do.
    """
    parts = _BETWEEN.split(normalize("NFKC", name))
    # Some letters and digits of Unicode, as ² and ①, may stand in no identifier.
    fit = ("".join(sign for sign in part if f"x{sign}".isidentifier()) for part in parts)
    return [part for part in fit if part]


def identifier(name: str, style: Style) -> str:
    """A name as an identifier; not necessarily unlike that of another name."""
    found = words(name)
    match style.case:
        case "pascal":
            text = "".join(map(_capital, found))
        case "camel":
            text = "".join([*map(_small, found[:1]), *map(_capital, found[1:])])
        case "snake":
            text = "_".join(_TURNS.sub("_", word) for word in found).lower()
        case _:
            assert_never(style.case)
    text = normalize("NFKC", text) or style.empty + "".join(f"{ord(sign):x}" for sign in name)
    if not text.isidentifier():
        text = style.lead + text
    return text + style.suffix if text in style.reserved else text


def identifiers(names: Iterable[str], style: Style) -> dict[str, str]:
    """An identifier for each name, no two alike, none reserved.

    A name that is an identifier already keeps it; of others that would become the same
    one, all but the first of the alphabet get a number. Their order does not matter.
    """
    every = sorted(dict.fromkeys(names), key=lambda name: (identifier(name, style) != name, name))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in every:
        wanted = unique = identifier(name, style)
        number = 1
        while unique in taken or unique in style.reserved:
            number += 1
            unique = f"{wanted}{number}"
        taken.add(unique)
        found[name] = unique
    return {name: found[name] for name in sorted(found)}


def _capital(word: str) -> str:
    """A word with a capital before it, where its script has any."""
    return word[0].upper() + word[1:] if len(word[0].upper()) == 1 else word


def _small(word: str) -> str:
    """A word without the capitals before it: ``HTTPError`` gives ``httpError``."""
    capitals = _CAPITALS.match(word)
    return word if capitals is None else capitals[0].lower() + word[capitals.end() :]

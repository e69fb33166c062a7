"""Texts that a regular expression accepts: short ones, for samples. Pure."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final, TypeAlias, final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["accepts", "matching"]

LONGEST: Final = 4096
"""No sample is longer."""

WORD: Final = "abcdefghijklmnopqrstuvwxyz"
DIGITS: Final = "0123456789"
PRINTED: Final = WORD + WORD.upper() + DIGITS + " _-.,:;'\"!?#$%&()*+/<=>@[\\]^`{|}~"
CLASSES: Final = {"d": DIGITS, "w": WORD + DIGITS + "_", "s": " "}
CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
MANY: Final = {"*": (0, None), "+": (1, None), "?": (0, 1)}

_Bounds: TypeAlias = "tuple[int, int | None]"


def accepts(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text; a pattern that Python cannot read takes all."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python finds odd in it is the author's affair
            return re.search(pattern, text) is not None
    except re.error:
        return True


def matching(pattern: str, least: int = 0, most: int | None = None) -> str | None:
    """A text in which the pattern is found, of so many characters; None where none is thought of.

    Look-arounds and back-references are not followed, only checked afterwards.
    """
    longest = LONGEST if most is None else most
    try:
        root = _Parser(pattern).parse()
    except _Unread:
        return None
    shortest = "".join(_written(root, 0))
    texts = _growing(root, min(max(least, 4), LONGEST), longest)
    for text in (*texts, shortest.ljust(least, "a")):
        if least <= len(text) <= longest and accepts(pattern, text):
            return text
    return None


def _growing(root: _Sequence, most: int, longest: int) -> Iterator[str]:
    """Texts in which what may be repeated is repeated more and more."""
    for extra in range(most + 1):
        text = "".join(_written(root, extra))
        if len(text) > longest:
            return
        yield text


class _Unread(Exception):
    """Not a regular expression that is understood here."""


@dataclass(frozen=True, slots=True)
class _Chars:
    """One of these characters."""

    of: str


@dataclass(frozen=True, slots=True)
class _Sequence:
    """All of these, one behind the other, each so often."""

    items: tuple[tuple[_Chars | _Sequence, _Bounds], ...]


NOTHING: Final = _Sequence(())


def _written(node: _Sequence, extra: int) -> Iterator[str]:
    """A text of the node: what may be repeated is repeated so often beyond the least."""
    for item, (least, most) in node.items:
        times = least + extra if most is None else min(most, least + extra)
        if isinstance(item, _Chars):
            letters = cycle(item.of)  # "0123…", not "0000…": it shows what may stand there
            yield "".join(next(letters) for _ in range(times))
        else:
            for _ in range(times):
                yield from _written(item, extra)


@final
class _Parser:
    """Reads a regular expression, of alternatives the first."""

    def __init__(self, pattern: str) -> None:
        self._left = list(reversed(pattern))

    def parse(self) -> _Sequence:
        root = self._alternatives()
        if self._left:
            raise _Unread
        return root

    def _next(self) -> str:
        if not self._left:
            raise _Unread
        return self._left.pop()

    def _take(self, wanted: str) -> bool:
        if "".join(self._left[: -len(wanted) - 1 : -1]) != wanted:
            return False
        del self._left[-len(wanted) :]
        return True

    def _until(self, end: str) -> str:
        text = ""
        while not self._take(end):
            text += self._next()
        return text

    def _alternatives(self) -> _Sequence:
        found = [self._sequence()]
        while self._take("|"):
            found.append(self._sequence())
        return found[0]

    def _sequence(self) -> _Sequence:
        items: list[tuple[_Chars | _Sequence, _Bounds]] = []
        while self._left and self._left[-1] not in "|)":
            item = self._item()
            items.append((item, self._bounds()))
        return _Sequence(tuple(items))

    def _item(self) -> _Chars | _Sequence:
        match self._next():
            case "(":
                return self._group()
            case "[":
                return self._set()
            case "\\":
                return self._escape()
            case ".":
                return _Chars(WORD)
            case "^" | "$":
                return NOTHING
            case "*" | "+" | "?":
                raise _Unread
            case letter:
                return _Chars(letter)

    def _group(self) -> _Sequence:
        unseen = any(map(self._take, ("?=", "?!", "?<=", "?<!")))
        if not unseen and self._take("?"):
            self._naming()
        inner = self._alternatives()
        self._next()  # its closing bracket
        return NOTHING if unseen else inner

    def _naming(self) -> None:
        """What stands before a group's content: a name, flags, or that it is not counted."""
        if self._take("P<") or self._take("<"):
            self._until(">")
        else:
            while self._next() != ":":
                if self._left and self._left[-1] == ")":
                    return  # flags for all that follows

    def _escape(self) -> _Chars | _Sequence:
        letter = self._next()
        if letter in "bBAzZ":
            return NOTHING
        return _Chars(self._escaped(letter))

    def _escaped(self, letter: str) -> str:
        if letter in "xu":
            return self._code(letter)
        if letter in "pP":
            if self._take("{"):
                self._until("}")
            return WORD
        if letter in "DWS":
            without = CLASSES[letter.lower()]
            return "".join(other for other in PRINTED if other not in without)
        return CLASSES.get(letter) or CONTROLS.get(letter, letter)

    def _code(self, letter: str) -> str:
        if self._take("{"):
            digits = self._until("}")
        else:
            digits = "".join(self._next() for _ in range(2 if letter == "x" else 4))
        try:
            return chr(int(digits, 16))
        except (ValueError, OverflowError):
            raise _Unread from None

    def _set(self) -> _Chars:
        negated = self._take("^")
        found = ""
        first = True
        while first or not self._take("]"):
            first = False
            found += self._member()
        if negated:
            found = "".join(letter for letter in PRINTED if letter not in found)
        if not found:
            raise _Unread
        return _Chars(found)

    def _member(self) -> str:
        """One character of a set, or a range of them, as many as are of use."""
        letter = self._next()
        begin = self._escaped(self._next()) if letter == "\\" else letter
        if len(begin) != 1 or len(self._left) < 2 or self._left[-1] != "-" or self._left[-2] == "]":
            return begin
        self._next()
        letter = self._next()
        end = self._escaped(self._next()) if letter == "\\" else letter
        if len(end) != 1 or end < begin:
            raise _Unread
        return "".join(map(chr, range(ord(begin), min(ord(end), ord(begin) + 127) + 1)))

    def _bounds(self) -> _Bounds:
        bounds: _Bounds = (1, 1)
        if self._left and self._left[-1] in MANY:
            bounds = MANY[self._next()]
        elif self._left and self._left[-1] == "{":
            bounds = self._counted()
        if bounds != (1, 1) and not self._take("?"):
            self._take("+")  # lazy or possessive: all the same here
        return bounds

    def _counted(self) -> _Bounds:
        counted = re.match(r"\{(\d+)(?:(,)(\d*))?\}", "".join(reversed(self._left)))
        if counted is None:
            return (1, 1)  # a brace that means itself
        del self._left[-counted.end() :]
        least = min(int(counted[1]), LONGEST)
        if counted[2] is None:
            return (least, least)
        return (least, min(int(counted[3]), LONGEST) if counted[3] else None)

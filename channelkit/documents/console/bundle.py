"""Modules that import each other → one script without imports. Pure.

Our own modules only, so it reads just the forms that they are written in: named
imports from a relative path, at the top; `export` before a declaration.
"""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["bundle"]

IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
EXPORT: Final = re.compile(
    r"^export ((?:async )?function|class|const|let) ([A-Za-z_$][\w$]*)", re.MULTILINE
)
LEFT: Final = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
WORDS: Final = re.compile(r"^[ \t]*/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*\n|^// @ts-check\n", re.MULTILINE)
"""Comments that stand on lines of their own: a page has no reader for them."""


def bundle(entry: str, read: Callable[[str], str]) -> str:
    """A module with all that it imports, each in a scope of its own.

    Args:
        entry: Its path; what it imports is named from there.
        read: The text of a module.

    Raises:
        ValueError: A module imports or exports in another form, or modules
            import each other in a circle.
    """
    done: dict[str, str] = {}
    _add(entry, read, done, ())
    return "\n".join(done.values())


def _add(
    path: str, read: Callable[[str], str], done: dict[str, str], before: tuple[str, ...]
) -> None:
    if path in before:
        raise ValueError(f"modules import each other in a circle: {' → '.join((*before, path))}")
    if path in done:
        return
    text = read(path)
    for _, other in IMPORT.findall(text):
        _add(normpath(join(dirname(path), other)), read, done, (*before, path))
    done[path] = _scoped(path, text)


def _scoped(path: str, text: str) -> str:
    def taken(found: re.Match[str]) -> str:
        names = found[1].replace(" as ", ": ")
        return f"const {{{names}}} = {_name(normpath(join(dirname(path), found[2])))};\n"

    names = ", ".join(name for _, name in EXPORT.findall(text))
    body = EXPORT.sub(r"\1 \2", IMPORT.sub(taken, WORDS.sub("", text)))
    if found := LEFT.search(body):
        raise ValueError(f"{path}: {found[0]!r} is no form of import or export that is read here")
    return f"const {_name(path)} = (() => {{\n{body.strip()}\nreturn {{ {names} }};\n}})();"


def _name(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))

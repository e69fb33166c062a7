"""HTML by construction: text is escaped wherever it comes from, and only elements are markup. Pure.

Two dozen lines that the type checkers see through take the place of a template
engine, where one forgotten filter would let a docstring run.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final, TypeAlias, final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Attribute", "Children", "Html", "document", "joined", "raw", "tag"]

VOID: Final = frozenset({"br", "hr", "input", "link", "meta", "wbr"})

# What would end the element that holds it, or begin a comment in which its end is not seen.
UNSAFE: Final = re.compile(r"</(?:script|style)|<!--", re.IGNORECASE)


@final
class Html:
    """Markup; it is made by the functions of this module only."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


Attribute: TypeAlias = str | int | bool | None
"""True is an attribute without a value; None and False are none."""

Children: TypeAlias = "Html | str | Iterable[Children] | None"
"""What stands in an element: markup as it is, text escaped, None not at all."""


def tag(name: str, /, *children: Children, **attributes: Attribute) -> Html:
    """An element.

    Args:
        attributes: ``class_`` is ``class``, ``data_event`` is ``data-event``.
    """
    opened = f"<{name}{''.join(map(_attribute, attributes.items()))}>"
    return Html(opened if name in VOID else f"{opened}{_text(children)}</{name}>")


def joined(*children: Children) -> Html:
    """Several things one after the other, without an element around them."""
    return Html(_text(children))


def raw(name: str, text: str, /, **attributes: Attribute) -> Html:
    """A ``script`` or ``style``, whose text HTML takes as it is.

    Raises:
        ValueError: The text would not stay within the element.
    """
    if found := UNSAFE.search(text):
        raise ValueError(f"{found[0]!r} cannot stand in a {name}")
    return Html(f"<{name}{''.join(map(_attribute, attributes.items()))}>{text}</{name}>")


def document(root: Html) -> str:
    """A whole document, with a line end at the end."""
    return f"<!doctype html>\n{root.text}\n"


def _attribute(item: tuple[str, Attribute]) -> str:
    name, value = item
    if value is None or value is False:
        return ""
    written = name.strip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(str(value))}"'


def _text(children: Children) -> str:
    match children:
        case Html():
            return children.text
        case str():
            return escape(children, quote=False)
        case None:
            return ""
        case _:
            return "".join(map(_text, children))

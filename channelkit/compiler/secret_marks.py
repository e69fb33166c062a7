"""Whether `Secret()` stands where it masks something. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final, get_args, get_origin

from ..secrecy import Secret
from .annotations import shown
from .payload_codes import PayloadCode

if TYPE_CHECKING:
    from ..errors import Place
    from .problems import Findings

__all__ = ["IN_HANDLER", "IN_TOPIC", "NO_FIELD", "check_unmarked", "is_mark", "mentions_mark"]

IN_TOPIC: Final = "topics are logged; carry the secret in the join's params"
IN_HANDLER: Final = "mark the secret fields of the message instead"
NO_FIELD: Final = "remove the mark; a ClassVar and a private attribute are in no payload"
"""What to do about a mark, by where it stands."""


def check_unmarked(annotation: object, place: Place, advice: str, findings: Findings) -> None:
    """Report a mark in the annotation of what is no field of a message."""
    if _holds_mark(annotation):
        got = f"{shown(annotation)} with Secret()"
        findings.report(PayloadCode.SECRET_NOWHERE, place, got=got, advice=advice)


def is_mark(value: object) -> bool:
    """Whether it is `Secret()`, or `Secret` itself."""
    return value is Secret or isinstance(value, Secret)


def mentions_mark(annotation: object) -> bool:
    """Whether an annotation that is not read yet has the mark; pydantic's ``Secret[T]`` is none."""
    return re.search(r"\bSecret\b(?!\[)", str(annotation)) is not None


def _holds_mark(annotation: object) -> bool:
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _holds_mark(inner[0]) or any(map(is_mark, inner[1:]))
    return any(map(_holds_mark, inner))

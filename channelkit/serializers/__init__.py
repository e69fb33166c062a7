"""Envelope ⇄ frame, in the versions that clients negotiate. Pure. See README.md here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .base import Serializer, Unsendable
from .classic import TAKEN, Classic
from .v1 import V1
from .v2 import V2

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "DEFAULT_VSN",
    "SERIALIZERS",
    "TAKEN",
    "V1",
    "V2",
    "Classic",
    "Serializer",
    "Unsendable",
    "negotiate",
]

SERIALIZERS: Final[tuple[Serializer, ...]] = (Classic(), V1(), V2())

DEFAULT_VSN: Final = "1.0.0"
"""What a client speaks that does not say; an endpoint may assume otherwise."""

_NUMBER: Final = "(0|[1-9][0-9]*)"
_VSN: Final = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


def negotiate(
    vsn: str | None, serializers: Sequence[Serializer] = SERIALIZERS
) -> Serializer | None:
    """The serializer for a requested version, None where none fits (protocol.md B1.1).

    A missing version means 1.0.0; the patch number is free. ``0.x`` is the
    first Phoenix, and so is every version that begins with 0.
    """
    wanted = _spoken(DEFAULT_VSN if vsn is None else vsn)
    return next((each for each in serializers if each.vsn == wanted), None)


def _spoken(vsn: str) -> str | None:
    """The version of the serializer that would fit, None for what is no version."""
    version = _VSN.fullmatch(vsn)
    if version is None:
        return vsn if vsn == "0.x" else None
    major, minor, patch, pre_release = version.groups()
    if major == "0":
        return "0.x"
    if patch == "0" and pre_release:
        return None  # 2.0.0-rc.1 comes before 2.0.0
    return f"{major}.{minor}.0"

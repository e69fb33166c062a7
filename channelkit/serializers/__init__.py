"""Envelope ⇄ frame, in the versions that clients negotiate. Pure. See README.md here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .base import Serializer, Unsendable
from .v1 import V1
from .v2 import V2

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SERIALIZERS", "V1", "V2", "Serializer", "Unsendable", "negotiate"]

SERIALIZERS: Final[tuple[Serializer, ...]] = (V1(), V2())

_DEFAULT_VSN: Final = "1.0.0"
_NUMBER: Final = "(0|[1-9][0-9]*)"
_VSN: Final = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


def negotiate(
    vsn: str | None, serializers: Sequence[Serializer] = SERIALIZERS
) -> Serializer | None:
    """The serializer for a requested version, None where none fits (protocol.md B1.1).

    A missing version means 1.0.0; the patch number is free.
    """
    version = _VSN.fullmatch(_DEFAULT_VSN if vsn is None else vsn)
    if version is None:
        return None
    major, minor, patch, pre_release = version.groups()
    if patch == "0" and pre_release:
        return None  # 2.0.0-rc.1 comes before 2.0.0
    wanted = f"{major}.{minor}.0"
    return next((each for each in serializers if each.vsn == wanted), None)

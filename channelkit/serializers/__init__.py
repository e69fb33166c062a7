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

DEFAULT_VSN: Final = "1.0.0"
_VSN = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:[-+][0-9A-Za-z.+-]*)?")


def negotiate(
    vsn: str | None, serializers: Sequence[Serializer] = SERIALIZERS
) -> Serializer | None:
    """The serializer for a requested version, None where none fits (protocol.md B1.1).

    A missing or empty version means 1.0.0; the patch number is free.
    """
    version = _VSN.fullmatch(vsn or DEFAULT_VSN)
    if version is None:
        return None
    wanted = f"{int(version[1])}.{int(version[2])}."
    for serializer in serializers:
        if serializer.vsn.startswith(wanted):
            return serializer
    return None

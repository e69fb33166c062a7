"""The anchors of a Markdown document: every place has one, and no two have the same. Pure."""

from __future__ import annotations

import re
from typing import Final, final

__all__ = ["Addresses"]

OTHER: Final = re.compile(r"[^A-Za-z0-9_]+")


@final
class Addresses:
    """Gives each place its anchor: the same one whenever it is asked for."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], str] = {}
        self._taken: set[str] = set()

    def of(self, *names: str) -> str:
        """The anchor of what has these names."""
        if names not in self._found:
            plain = "-".join(filter(None, (OTHER.sub("-", name).strip("-") for name in names)))
            wanted = address = plain.lower()
            number = 1
            while address in self._taken:
                number += 1
                address = f"{wanted}-{number}"
            self._taken.add(address)
            self._found[names] = address
        return self._found[names]

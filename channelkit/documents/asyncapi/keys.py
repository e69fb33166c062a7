"""Keys of an AsyncAPI document: names that references can carry, each once. Pure."""

from __future__ import annotations

import re
from typing import final

__all__ = ["Keys", "pointer"]

_OTHER = re.compile(r"[^A-Za-z0-9_.-]+")


@final
class Keys:
    """Gives out keys; the same questions in the same order get the same keys."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, *names: str) -> str:
        """A key that nobody has yet, made of these names."""
        wanted = key = ".".join(_OTHER.sub("_", name).strip("_.") or "_" for name in names)
        number = 1
        while key in self._taken:
            number += 1
            key = f"{wanted}_{number}"
        self._taken.add(key)
        return key


def pointer(*keys: str) -> dict[str, str]:
    """A reference to a place in the document."""
    return {"$ref": "#/" + "/".join(keys)}

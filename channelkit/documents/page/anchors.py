"""The addresses within the page: readable, and the same as long as the names are. Pure."""

from __future__ import annotations

import re
from typing import Final, final

__all__ = ["Anchors"]

OTHERS: Final = re.compile(r"[^\w.\-]+")


@final
class Anchors:
    """Hands out each address once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, *names: str) -> str:
        """An address made of these names, as in ``room-name.send.new_msg``.

        Signs that would have to be written as ``%7B`` are left out; where two come
        to the same, the later one gets a number.
        """
        plain = ".".join(OTHERS.sub("-", name).strip("-.").lower() or "-" for name in names)
        address, number = plain, 1
        while address in self._taken:
            number += 1
            address = f"{plain}-{number}"
        self._taken.add(address)
        return address

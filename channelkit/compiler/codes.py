"""What a kind of problem is: its code and its words. Pure."""

from __future__ import annotations

from enum import Enum

__all__ = ["Code"]


class Code(Enum):
    """One kind of problem; the members stand in the modules of their subjects.

    *expected* and *remedy* may hold ``{words}`` that the finding fills in.
    """

    def __init__(self, code: str, title: str, expected: str, remedy: str) -> None:
        self.code = code
        self.title = title
        self.expected = expected
        self.remedy = remedy

"""A piece of code to copy. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from .given import Asked, Called, Heard, Joined, Present

__all__ = ["Language", "Snippet", "Writer"]

Language: TypeAlias = Literal["phoenix.js", "typescript", "python", "testing"]
"""For whom: what is on npm, the two clients that are generated, and the test kit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of code, which stands behind those of connecting and joining.

    Attributes:
        title: What people call the language: ``Test kit``.
        syntax: What it is to be highlighted as: ``js``, ``ts`` or ``python``.
        imports: Lines that belong to the top of a file.
        body: The rest.
    """

    language: Language
    title: str
    syntax: Literal["js", "ts", "python"]
    imports: tuple[str, ...]
    body: str

    @property
    def text(self) -> str:
        """All of it, with a line end at the end."""
        head = "".join(f"{line}\n" for line in self.imports)
        return f"{head}\n{self.body}\n" if head else f"{self.body}\n"


class Writer(Protocol):
    """Writes the code for one client."""

    def connect(self, asked: Asked) -> Snippet: ...
    def join(self, joined: Joined) -> Snippet: ...
    def event(self, called: Called) -> Snippet: ...
    def push(self, heard: Heard) -> Snippet: ...
    def presence(self, present: Present) -> Snippet: ...

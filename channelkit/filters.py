"""Which fields of a payload are secrets by their name: Phoenix's `filter_parameters`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

__all__ = ["MASK", "SECRET_WORDS", "FilterParameters"]

MASK: Final = "[FILTERED]"
"""What is shown in a secret's place; Phoenix's word."""

SECRET_WORDS: Final = (
    "password",
    "passwd",
    "secret",
    "token",
    "authorization",
    "apikey",
    "cookie",
    "credential",
    "passphrase",
    "privatekey",
)
"""The words in a field's name that make it a secret, unless an endpoint says otherwise."""


@final
@dataclass(frozen=True, slots=True)
class FilterParameters:
    """Which fields are masked by their name, as Phoenix's ``filter_parameters`` (protocol B2d).

    A field is masked, at any depth, if its name contains one of the words, in
    any case and with ``-`` and ``_`` anywhere: ``token`` masks ``csrf-token``
    and ``accessToken``. So is a text that holds ``token=…``, as URLs do.

    Args:
        words: The words.
        kept: None; or the inverse, the names whose fields alone are shown, with
            all that is in them. Every other value is masked.

    Raises:
        ValueError: One of the words has no letters: it would mask everything.
    """

    words: tuple[str, ...] = SECRET_WORDS
    kept: frozenset[str] | None = None

    def __post_init__(self) -> None:
        folded = tuple(map(_folded, self.words))
        if not all(folded):
            raise ValueError(f"a word to filter by has letters, got {self.words!r}")
        object.__setattr__(self, "words", folded)

    @classmethod
    def adding(cls, *words: str) -> FilterParameters:
        """The usual words, `SECRET_WORDS`, and these."""
        return cls((*SECRET_WORDS, *words))

    @classmethod
    def only(cls, *words: str) -> FilterParameters:
        """These words instead of the usual ones; without any, nothing is masked by its name."""
        return cls(words)

    @classmethod
    def keeping(cls, *names: str) -> FilterParameters:
        """The inverse: the fields of exactly these names are shown, and no other value."""
        return cls((), frozenset(names))

    def hides(self, name: str) -> bool:
        """Whether a field of this name is a secret."""
        folded = _folded(name)
        return any(word in folded for word in self.words)

    def hides_text(self, text: str) -> bool:
        """Whether a text holds a secret: its name, then ``=``."""
        if "=" not in text or not self.hides(text):  # nearly always
            return False
        *before, _ = text.split("=")
        return any(self.hides(_SEPARATOR.split(part[-_NAME:])[-1]) for part in before)


_SEPARATOR: Final = re.compile(r"""[?&;#,\s"']""")
"""What may stand before a name: in a URL, a form, a cookie, a connection string."""

_NAME: Final = 200
"""Characters of a name that are looked at."""


def _folded(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "")

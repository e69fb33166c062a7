"""docs/deploying.md, and the blocks in it."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["PAGE", "block", "blocks"]

PAGE = (Path(__file__).parents[2] / "docs" / "deploying.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Every block of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def block(language: str) -> str:
    """The first of them."""
    return blocks(language)[0]

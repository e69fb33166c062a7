"""The console: what makes the page of a contract join and push. Pure.

The modules in this folder are its script; `bundle` makes one text of them and
of the client that they stand on, `channelkit.js`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ...js import JAVASCRIPT
from .bundle import bundle
from .data import samples_of

__all__ = ["SCRIPT", "STYLE", "samples_of"]

_HERE: Final = Path(__file__).parent
_CLIENT: Final = "../../js/channelkit.js"
_STYLES: Final = ("forms.css", "results.css", "dock.css", "narrow.css")


def _read(path: str) -> str:
    file = JAVASCRIPT if path == _CLIENT else _HERE / path
    return file.read_text("utf-8")


SCRIPT: Final = bundle("main.js", _read).strip()
"""One module without imports."""

STYLE: Final = "\n".join(map(_read, _STYLES)).strip()
"""Its style sheet; it goes by the page's colours."""

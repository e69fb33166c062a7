"""The page's own styles and scripts, and the policy that lets nothing else run. Pure."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .elements import joined, raw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .elements import Html

__all__ = ["HERE", "PAGE", "Assets", "asset", "policy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """Texts that stand in the page itself.

    Attributes:
        styles: CSS, in this order.
        early: Classic scripts for the head: they run before anything is drawn.
        modules: Scripts that run once the page is read; each is a module without imports.
        connects: What they may connect to, as in the policy's ``connect-src``.
    """

    styles: tuple[str, ...] = ()
    early: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    connects: tuple[str, ...] = ()

    def __add__(self, other: Assets) -> Assets:
        """Both, these first."""
        return Assets(
            styles=self.styles + other.styles,
            early=self.early + other.early,
            modules=self.modules + other.modules,
            connects=self.connects + other.connects,
        )

    def head(self) -> Html:
        """The elements for the head."""
        return joined(
            (raw("style", style) for style in self.styles),
            (raw("script", script) for script in self.early),
        )

    def foot(self) -> Html:
        """The elements for the end of the body."""
        return joined(raw("script", module, type="module") for module in self.modules)


def asset(folder: Path, name: str) -> str:
    """A file of the package, as it stands in the page and is hashed."""
    return folder.joinpath(name).read_text("utf-8").strip()


STYLES: Final = ("base", "layout", "parts", "search", "print")
MODULES: Final = ("bar", "panels", "spy", "search")

HERE: Final = Path(__file__).parent

PAGE: Final = Assets(
    styles=tuple(asset(HERE, f"{name}.css") for name in STYLES),
    early=(asset(HERE, "early.js"),),
    modules=tuple(asset(HERE, f"{name}.js") for name in MODULES),
)
"""What every page has."""


def policy(assets: Assets) -> str:
    """The Content-Security-Policy that lets exactly these run, and lets nothing be loaded.

    By hashes, so that it holds for a file as for a page that is served.
    """
    sources = {
        "default-src": ["'none'"],
        "style-src": _hashes(assets.styles),
        "script-src": _hashes((*assets.early, *assets.modules)),
        "connect-src": list(assets.connects),
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in sources.items() if values)


def _hashes(texts: Iterable[str]) -> list[str]:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return [f"'sha256-{b64encode(digest).decode('ascii')}'" for digest in digests]

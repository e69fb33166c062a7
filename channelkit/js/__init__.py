"""The browser's side: one ES module without dependencies, served or bundled as it is. Pure."""

from pathlib import Path
from typing import Final

__all__ = ["JAVASCRIPT"]

JAVASCRIPT: Final = Path(__file__).with_name("channelkit.js")
"""The module `channelkit.js`; its JSDoc comments are its types and its reference."""

"""Code to begin with: how to connect, join, push and listen, with payloads that are valid. Pure.

`given.py` makes the values, every other module writes one client's code.
"""

from .snippet import Language, Snippet
from .told import Told, told
from .write import Snippets

__all__ = ["Language", "Snippet", "Snippets", "Told", "told"]

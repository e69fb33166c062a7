"""Clients in other languages and code bases, made from a contract. Pure.

`reading` reads the JSON Schemas as the tree of `types`, `names` makes identifiers; each language
writes its module from those.
"""

from __future__ import annotations

from .languages import Language, client

__all__ = ["Language", "client"]

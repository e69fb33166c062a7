"""Clients in other languages and code bases, made from a contract. Pure.

`types` reads the JSON Schemas as a neutral tree and `names` makes identifiers; each language
writes its module from those.
"""

from __future__ import annotations

__all__: list[str] = []

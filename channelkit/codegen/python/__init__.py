"""Clients in Python: a contract as a module of models and channels that only declare. Pure.

`module` puts it together. `merging` makes one definition of what the server reads and writes
alike, `roles` says what each is used for, `naming` what it is called; `models` and `channels` write
classes, `annotations` types, and `text` lays all of it out.
"""

from __future__ import annotations

from .module import python

__all__ = ["python"]

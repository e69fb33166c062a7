"""Documents of a contract, for the people who write its clients.

All but `docs_site`, which serves them, is pure.
"""

from __future__ import annotations

from .serving import DocsSite, docs_site

__all__ = ["DocsSite", "docs_site"]

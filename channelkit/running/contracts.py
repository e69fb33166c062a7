"""The contract of what a command names."""

from __future__ import annotations

from ..contract import contract_of, dump
from ..endpoint import Endpoint
from .checking import compiled
from .target import endpoints, load

__all__ = ["made"]


def made(target: str) -> str:
    """The contract of ``module:app``, as text.

    Raises:
        UsageFailure: There is no such app.
        DeclarationError: Its channels cannot work.
    """
    app = endpoints(load(target))
    compiled(app)  # tells the problems of all endpoints at once
    # A raw endpoint has no messages that a contract could tell of.
    return dump(contract_of([one for one in app if isinstance(one, Endpoint)]))

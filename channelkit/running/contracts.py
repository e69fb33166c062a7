"""The contract of what a command names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contract import contract_of, dump
from ..endpoint import Endpoint
from .checking import compiled
from .comparing import read
from .target import endpoints, load

if TYPE_CHECKING:
    from ..contract import Contract

__all__ = ["contract_for", "made"]


def made(target: str) -> str:
    """The contract of ``module:app``, as text. Raises as `contract_for`."""
    return dump(_compiled(target))


def contract_for(target: str) -> Contract:
    """The contract of ``module:app``, or the one that stands in ``….json``.

    Raises:
        UsageFailure: There is no such app or file, or it holds no contract.
        DeclarationError: Its channels cannot work.
    """
    return read(target) if target.endswith(".json") else _compiled(target)


def _compiled(target: str) -> Contract:
    app = endpoints(load(target))
    compiled(app)  # tells the problems of all endpoints at once
    # A raw endpoint has no messages that a contract could tell of.
    return contract_of([one for one in app if isinstance(one, Endpoint)])

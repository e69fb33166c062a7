"""The client of what a command names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..codegen import client
from ..compiler.problems import did_you_mean
from .contracts import contract_for
from .failures import UsageFailure

if TYPE_CHECKING:
    from ..codegen import Language
    from ..contract import Contract
    from ..contract.form import EndpointContract

__all__ = ["client_for"]


def client_for(target: str, path: str | None, language: Language) -> str:
    """The client's module, as text.

    Args:
        target: ``module:app``, or a contract, as in ``chat.json``.
        path: Which endpoint; needed where there are several.

    Raises:
        UsageFailure: There is no such app, contract or endpoint, or there are several.
        DeclarationError: Its channels cannot work.
    """
    contract = contract_for(target)
    return client(contract, _endpoint(contract, path, target), language)


def _endpoint(contract: Contract, path: str | None, target: str) -> EndpointContract:
    endpoints = {endpoint.path: endpoint for endpoint in contract.endpoints}
    if not endpoints:
        raise UsageFailure(f"{target} has no endpoint with channels")
    listed = ", ".join(endpoints)
    if path is None:
        if len(endpoints) > 1:
            raise UsageFailure(
                f"{target} has several endpoints: choose one of {listed} (--endpoint)"
            )
        return next(iter(endpoints.values()))
    if path not in endpoints:
        hint = did_you_mean(path, endpoints) or f"; there is {listed}"
        raise UsageFailure(f"{target} has no endpoint at {path!r}{hint}")
    return endpoints[path]

"""The contracts that documents are made of in tests: small, with one of everything, and real."""

from __future__ import annotations

from typing import Final

from channelkit import Endpoint
from channelkit.contract import Contract, contract_of
from examples.chat import endpoint as chat
from examples.conformance import make_server

from ..contract import app

__all__ = ["CONTRACTS"]

CONTRACTS: Final[dict[str, Contract]] = {
    "empty": contract_of([]),
    "chat": contract_of([chat]),
    "conformance": contract_of(
        [one for one in make_server(port=0).endpoints if isinstance(one, Endpoint)]
    ),
    "everything": contract_of([app.endpoint, app.lobby]),
}

"""The languages in which clients can be written. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from .python import python
from .typescript import typescript

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..contract.form import Contract, EndpointContract

__all__ = ["Language", "client"]

Language: TypeAlias = Literal["python", "typescript"]
"""What a client can be written in."""

_WRITERS: Final[Mapping[Language, Callable[[Contract, EndpointContract], str]]] = {
    "python": python,
    "typescript": typescript,
}


def client(contract: Contract, endpoint: EndpointContract, language: Language) -> str:
    """A client of one endpoint of the contract, as a module. The same contract, the same bytes."""
    return _WRITERS[language](contract, endpoint)

"""The contract: the compiled protocol as data, for everybody who is not this program. Pure.

`contract_of` makes one of endpoints, `dump` and `load` are its text. Its form stands in
`form.py`, and as a JSON Schema in `form.json`, next to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from .build import Described, contract_of
from .form import Contract
from .text import dump, fingerprint, form_schema, load

__all__ = [
    "SCHEMA",
    "Contract",
    "Described",
    "contract_of",
    "dump",
    "fingerprint",
    "form_schema",
    "load",
]

SCHEMA: Final = Path(__file__).with_name("form.json")
"""The JSON Schema of a contract: what `form_schema` makes."""

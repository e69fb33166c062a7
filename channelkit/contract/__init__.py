"""The contract: the compiled protocol as data, for everybody who is not this program. Pure.

`contract_of` makes one of endpoints, `dump` and `load` are its text, `compare` says what a new
one means for clients of the old, and `authz` who may do what. Its form stands in
`form.py`, and as a JSON Schema in `form.json`, next to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from .authz import AuthzForm, authz
from .build import Described, contract_of
from .changes import Change, Judgement
from .diff import compare
from .form import Contract
from .report import ReportForm, report
from .text import dump, fingerprint, form_schema, load

__all__ = [
    "SCHEMA",
    "AuthzForm",
    "Change",
    "Contract",
    "Described",
    "Judgement",
    "ReportForm",
    "authz",
    "compare",
    "contract_of",
    "dump",
    "fingerprint",
    "form_schema",
    "load",
    "report",
]

SCHEMA: Final = Path(__file__).with_name("form.json")
"""The JSON Schema of a contract: what `form_schema` makes."""

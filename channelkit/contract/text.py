"""Contract ⇄ text: the same contract gives the same bytes. Pure."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final, cast

from pydantic import ValidationError

from ..errors import ContractError
from .form import FORM, Contract

if TYPE_CHECKING:
    from pydantic import JsonValue

__all__ = ["FORM_SCHEMA_ID", "dump", "fingerprint", "form_schema", "load"]

FORM_SCHEMA_ID: Final = "urn:channelkit:contract:1"

WORDS: Final = frozenset({"description", "title", "examples", "$comment"})
"""Keywords that tell people something, and programs nothing."""

NAMED: Final = frozenset({"properties", "patternProperties", "$defs", "schemas"})
"""Objects whose keys are names that somebody chose, whatever they look like."""


def dump(contract: Contract) -> str:
    """The contract as JSON text, one line per value, with a line end at the end."""
    return json.dumps(contract.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def load(text: str | bytes) -> Contract:
    """Read a contract.

    Raises:
        ContractError: It is no JSON, no contract, or one of another version.
    """
    try:
        data: object = json.loads(text)
    except ValueError:
        raise ContractError("this is not JSON") from None
    version = cast("dict[str, object]", data).get("contract") if isinstance(data, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        raise ContractError("this is JSON, but no contract")
    if version != FORM:
        raise ContractError(f"this is a contract of version {version}; read here is {FORM}")
    try:
        return Contract.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ContractError(f"this contract is damaged at {where}: {first['msg']}") from None


def fingerprint(contract: Contract) -> str:
    """What changes if, and only if, something changes for a client."""
    data: dict[str, JsonValue] = contract.model_dump(mode="json", exclude={"fingerprint"})
    bare = json.dumps(_without_words(data), sort_keys=True, ensure_ascii=True).encode()
    return f"sha256:{hashlib.sha256(bare).hexdigest()}"


def form_schema() -> dict[str, JsonValue]:
    """The JSON Schema of a contract itself."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": FORM_SCHEMA_ID,
        **Contract.model_json_schema(mode="serialization"),
    }


def _without_words(value: JsonValue, *, names: bool = False) -> JsonValue:
    match value:
        case dict():
            return {
                key: _without_words(inner, names=key in NAMED and not names)
                for key, inner in value.items()
                if names or key not in WORDS
            }
        case list():
            return [_without_words(inner) for inner in value]
        case _:
            return value

"""What clients are told of presences: the JSON forms (protocol B2c). Pure."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias, TypedDict

from pydantic import JsonValue

__all__ = ["PHX_REFS", "Diffed", "Fields", "Present", "grouped", "on_the_wire", "phx_ref"]

PHX_REFS: Final = ("phx_ref", "phx_ref_prev")
"""What a meta has on the wire beside its own fields."""

Fields: TypeAlias = dict[str, JsonValue]
"""A JSON object."""

Present: TypeAlias = Mapping[str, Fields]
"""Who is here: key → ``{"metas": [...]}`` and whatever a fetch adds."""


class Diffed(TypedDict):
    """The payload of a `presence_diff`."""

    joins: Present
    leaves: Present


def phx_ref(time_ns: int, replica: int, number: int) -> str:
    """An opaque ref of 16 characters, each fit for a URL.

    Args:
        time_ns: The time.
        replica: What tells this process from others.
        number: What tells refs of the same time apart.
    """
    parts = (time_ns, 8), (replica, 2), (number, 2)
    data = b"".join((value % 256**size).to_bytes(size, "big") for value, size in parts)
    return urlsafe_b64encode(data).decode()


def on_the_wire(fields: Fields, ref: str, ref_prev: str | None) -> Fields:
    """A meta with its refs."""
    told: Fields = {**fields, "phx_ref": ref}
    return told if ref_prev is None else {**told, "phx_ref_prev": ref_prev}


def grouped(metas: Mapping[str, Sequence[Fields]], extras: Present) -> Present:
    """Presences as clients read them.

    Args:
        metas: Those of each key, as `on_the_wire` gives them.
        extras: What else is to be told of a key; the metas stay whatever it holds.
    """
    return {key: {**extras.get(key, {}), "metas": [*held]} for key, held in metas.items()}

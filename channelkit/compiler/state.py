"""What a channel class gives its members beside handlers: their own state. Pure."""

from __future__ import annotations

from collections import deque
from types import FunctionType
from typing import TYPE_CHECKING, Final

from ..channel import AnyChannel, Channel
from .class_codes import ClassCode
from .marks import annotated, body, is_shared

if TYPE_CHECKING:
    from .problems import Findings

__all__ = ["check_state"]

_MUTABLE: Final = (list, dict, set, bytearray, deque)
_RESERVED: Final = frozenset(name for name in dir(Channel) if not name.startswith("__"))
_METHODS: Final = (FunctionType, property, classmethod, staticmethod)


def check_state(channel: type[AnyChannel], findings: Findings) -> None:
    """Report what the class body gives that members cannot have as their own."""
    for owner in channel.__mro__[: channel.__mro__.index(Channel)]:
        if "__init__" in vars(owner):
            place = findings.places.of_attribute(owner, "__init__")
            findings.report(ClassCode.OWN_INIT, place, got="__init__")
    _check_defaults(channel, findings)
    _check_names(channel, findings)


def _check_defaults(channel: type[AnyChannel], findings: Findings) -> None:
    annotations = annotated(channel)
    for name, (owner, value) in body(channel).items():
        own = name not in annotations or not is_shared(annotations[name][1])
        if _is_mutable(value) and own and not name.startswith("__"):
            findings.report(
                ClassCode.SHARED_STATE,
                findings.places.of_attribute(owner, name),
                got=f"a {type(value).__name__}",
                attribute=name,
            )


def _is_mutable(value: object) -> bool:
    return isinstance(value, _MUTABLE)


def _check_names(channel: type[AnyChannel], findings: Findings) -> None:
    """A method may be overridden by a method; anything else would break it."""
    given = {
        name: owner
        for name, (owner, value) in body(channel).items()
        if not isinstance(value, _METHODS)
    }
    for name, owner in {**given, **{n: o for n, (o, _) in annotated(channel).items()}}.items():
        if name in _RESERVED:
            findings.report(
                ClassCode.RESERVED_NAME,
                findings.places.of_attribute(owner, name),
                got=name,
                names=", ".join(sorted(n for n in _RESERVED if not n.startswith("_"))),
            )

"""Does a value of one type fit where another is wanted? As far as run time can tell. Pure."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NewType, TypeVar, get_args, get_origin

from .annotations import arms

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["fits", "signature_of"]


def fits(given: object, wanted: object) -> bool:
    """Whether every arm of a type is, or derives from, some arm of the wanted one.

    What cannot be told here (protocols, type variables, the arguments of a
    generic base) fits: the type checkers see it, and a sound program must compile.
    """
    return all(any(_arm_fits(arm, other) for other in arms(wanted)) for arm in arms(given))


def signature_of(function: Callable[..., object]) -> inspect.Signature | None:
    """A function's signature with its annotations read; None where they cannot be."""
    try:
        return inspect.signature(function, eval_str=True)
    except Exception:  # an annotation is any expression, and a builtin may have no signature
        return None


def _arm_fits(given: object, wanted: object) -> bool:
    if given == wanted or wanted is object or Any in (given, wanted):
        return True
    if isinstance(given, NewType):
        return fits(given.__supertype__, wanted)
    base = get_origin(wanted) or wanted
    if isinstance(given, TypeVar) or isinstance(wanted, TypeVar) or _is_protocol(base):
        return True
    kind = get_origin(given) or given
    if not isinstance(kind, type) or not isinstance(base, type):
        return False
    if kind is base:  # one of them bare, or the arguments differ
        return not (get_args(given) and get_args(wanted))
    try:
        return issubclass(kind, base)
    except TypeError:  # a TypedDict, for one
        return False


def _is_protocol(base: object) -> bool:
    return bool(getattr(base, "_is_protocol", False))

"""Resolved annotations: the members of unions, type variables, and how they are shown. Pure."""

from __future__ import annotations

import re
import typing
from collections.abc import AsyncGenerator, AsyncIterator
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Never,
    NoReturn,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

import typing_extensions

from .places import named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Bound", "arms", "bindings", "shown", "substituted", "union"]

Bound: TypeAlias = "Mapping[object, object]"
"""What a class's type variables stand for."""

_STREAMS: Final = (AsyncIterator, AsyncGenerator)
_NOTHING: Final[Bound] = {}
_ALIASES: Final = (
    typing_extensions.TypeAliasType,
    getattr(typing, "TypeAliasType", typing_extensions.TypeAliasType),
)


def arms(annotation: object) -> tuple[object, ...]:
    """The members of a union, each once, without `Annotated` and aliases; `Never` has none."""
    if isinstance(annotation, _ALIASES):
        return arms(getattr(annotation, "__value__"))  # noqa: B009  (no checker knows both classes)
    if annotation is Never or annotation is NoReturn:
        return ()
    origin = get_origin(annotation)
    if origin is Annotated:
        return arms(get_args(annotation)[0])
    if origin is Union or origin is UnionType:
        found: list[object] = []
        for member in get_args(annotation):
            found += [arm for arm in arms(member) if arm not in found]
        return tuple(found)
    return (NoneType if annotation is None else annotation,)


def shown(annotation: object, *, full: bool = False) -> str:
    """An annotation as its author would write it.

    Args:
        full: Name the classes' modules too.
    """
    origin = get_origin(annotation)
    if annotation is NoneType or annotation is None:
        return "None"
    if origin is Annotated:
        return shown(get_args(annotation)[0], full=full)
    if origin is Union or origin is UnionType:
        return " | ".join(shown(arm, full=full) for arm in get_args(annotation))
    if origin in _STREAMS:
        parts = ", ".join(shown(part, full=full) for part in get_args(annotation))
        return f"{shown(origin)}[{parts}]"
    if isinstance(annotation, type):
        return f"{annotation.__module__}.{named(annotation)}" if full else named(annotation)
    return re.sub(r"\b(typing|collections\.abc)\.", "", repr(annotation))


def union(members: tuple[object, ...]) -> str:
    """The members of a union as its author would write it."""
    return " | ".join(map(shown, members)) or "Never"


def substituted(annotation: object, bound: Bound) -> object:
    """The annotation with its type variables replaced by what they stand for."""
    if isinstance(annotation, TypeVar):
        return bound.get(annotation, annotation)
    parameters: tuple[object, ...] = getattr(annotation, "__parameters__", ())
    if not parameters or isinstance(annotation, type):
        return annotation
    generic: Any = annotation
    return generic[tuple(bound.get(parameter, parameter) for parameter in parameters)]


def bindings(
    owner: type, root: type, read: Callable[[type, object], object], bound: Bound = _NOTHING
) -> dict[type, Bound]:
    """What the type variables of a class's generic bases stand for.

    Args:
        owner: The class.
        root: Only bases that derive from it are looked at.
        read: Resolves an argument written among the bases of a class.
        bound: What the class's own type variables stand for.
    """
    found: dict[type, Bound] = {}
    for base in vars(owner).get("__orig_bases__", owner.__bases__):
        origin = get_origin(base) or base
        if issubclass(origin, root) and origin not in found:
            given = [substituted(read(owner, argument), bound) for argument in get_args(base)]
            parameters: tuple[object, ...] = getattr(origin, "__parameters__", ())
            values = given or map(_default, parameters)
            found[origin] = dict(zip(parameters, values, strict=False))
            found = {**bindings(origin, root, read, found[origin]), **found}
    return found


def _default(parameter: object) -> object:
    default = getattr(parameter, "__default__", typing_extensions.NoDefault)
    return Any if default is typing_extensions.NoDefault else default

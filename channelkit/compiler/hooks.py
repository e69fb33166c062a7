"""The functions that an endpoint is given beside `connect`: do they fit its assigns? Pure."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from datetime import datetime
from types import MethodType
from typing import TYPE_CHECKING, Any, Final

from ..errors import Place
from ..exits import Exit
from .annotations import shown
from .endpoint_codes import EndpointCode
from .fitting import fits, signature_of
from .places import NOWHERE, named, plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType

    from .problems import Findings

__all__ = ["Hooks", "check_hooks"]

_ASSIGNS: Final = object()
"""Stands for the endpoint's assigns in what a hook takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What an endpoint's author gave; None for what was left out. See `Endpoint`."""

    identify: object = None
    expires_at: object = None
    on_disconnect: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What one of them must look like."""

    code: EndpointCode
    takes: tuple[object, ...] = (_ASSIGNS,)
    returns: object = Any
    waits: bool = False
    """Whether it is async."""


_KINDS: Final = {
    "identify": _Kind(code=EndpointCode.IDENTIFY, returns=str | None),
    "expires_at": _Kind(code=EndpointCode.EXPIRES_AT, returns=datetime | None),
    "on_disconnect": _Kind(code=EndpointCode.ON_DISCONNECT, takes=(_ASSIGNS, Exit), waits=True),
}


def check_hooks(hooks: Hooks, assigns: object, findings: Findings) -> None:
    """Report those that cannot be called with these assigns, or give something else."""
    for name, kind in _KINDS.items():
        hook: object = getattr(hooks, name)
        got = None if hook is None else _wrong(hook, kind, assigns)
        if got is not None:
            place = _place(hook, name, findings)
            findings.report(kind.code, place, got=got, assigns=shown(assigns))


def _wrong(hook: object, kind: _Kind, assigns: object) -> str | None:
    """What is wrong with it, None if nothing is, as far as its annotations say."""
    if not callable(hook):
        return f"an object of the class {shown(type(hook))}"
    if kind.waits:
        if _is_def(hook) and not _is_async(hook):
            return "a plain def, which cannot be awaited"
    elif _is_async(hook):
        return "an async one, whose result would never be looked at"
    return _wrong_call(hook, kind, assigns)


def _wrong_call(hook: Callable[..., object], kind: _Kind, assigns: object) -> str | None:
    takes = signature_of(hook)
    try:
        signature = takes or inspect.signature(hook)
    except (TypeError, ValueError, NameError):  # a builtin without one
        return None
    try:
        given = signature.bind(*kind.takes)
    except TypeError:
        return f"one that takes {signature}"
    if takes is None:  # its annotations cannot be read
        return None
    for name in given.arguments:
        parameter = takes.parameters[name]
        if parameter.kind is parameter.VAR_POSITIONAL or parameter.annotation is parameter.empty:
            continue
        wanted = assigns if given.arguments[name] is _ASSIGNS else given.arguments[name]
        if not fits(wanted, parameter.annotation):
            return f"one that takes {name}: {shown(parameter.annotation)}"
    if takes.return_annotation is not takes.empty and not fits(
        takes.return_annotation, kind.returns
    ):
        return f"one that returns {shown(takes.return_annotation)}"
    return None


def _is_async(hook: object) -> bool:
    called = getattr(hook, "__call__", None)  # noqa: B004  (an object may be async only there)
    return any(map(inspect.iscoroutinefunction, (hook, called)))


def _is_def(hook: object) -> bool:
    """Whether it is no lambda, which may well give something to wait for."""
    function = _function(hook)
    return function is not None and function.__name__ != "<lambda>"


def _place(hook: object, name: str, findings: Findings) -> Place:
    function = _function(hook)
    if function is None:
        return Place(file=NOWHERE, line=1, name=name, source="")
    return findings.places.of_function(function, named(function))


def _function(hook: object) -> FunctionType | None:
    return plain(hook.__func__ if isinstance(hook, MethodType) else hook)

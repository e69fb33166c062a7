"""A class of callbacks for bare frames → its plan. Pure."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final, TypeGuard, TypeVar

from ..errors import Place
from ..raw_socket import RawPlan, RawSocket
from .annotations import arms, bindings, shown
from .fitting import fits
from .handlers import summary
from .payload_codes import PayloadCode
from .places import NOWHERE, named, plain
from .problems import did_you_mean
from .raw_codes import RawCode
from .signatures import Scope, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FunctionType

    from ..dispatch import ConnectPlan
    from ..raw_socket import AnyRawSocket
    from .problems import Findings

__all__ = ["check_raw_assigns", "read_raw_socket"]

_SHAPES: Final[Mapping[str, str]] = {
    "on_open": "async def on_open(self) -> None",
    "on_frame": "async def on_frame(self, frame: str | bytes) -> None",
    "on_control": "async def on_control(self, frame: Ping | Pong) -> None",
    "on_info": "async def on_info(self, info: Tick) -> None",
    "on_drain": "async def on_drain(self) -> None",
    "on_terminate": "async def on_terminate(self, reason: Exit) -> None",
}


def read_raw_socket(socket: object, findings: Findings) -> RawPlan | None:
    """The plan of a raw endpoint's class; None if it is none, which is reported."""
    if not _is_raw_socket(socket):
        place = findings.places.of_class(socket) if isinstance(socket, type) else _nowhere()
        got = f"the class {shown(socket)}" if isinstance(socket, type) else repr(socket)
        findings.report(RawCode.NO_FRAMES, place, got=got)
        return None
    own = _own(socket)
    _check_names(own, findings)
    callbacks = frozenset(name for name in own if name in _SHAPES)
    for name in sorted(callbacks):
        _check_callback(name, *own[name], findings)
    place = findings.places.of_class(socket)
    if "on_frame" not in callbacks:
        findings.report(RawCode.NO_FRAMES, place, got="no on_frame")
    return RawPlan(
        socket=socket,
        callbacks=callbacks,
        place=place,
        summary=summary(vars(socket).get("__doc__")),
    )


def _is_raw_socket(socket: object) -> TypeGuard[type[AnyRawSocket]]:
    return isinstance(socket, type) and issubclass(socket, RawSocket)


def _nowhere() -> Place:
    return Place(file=NOWHERE, line=1, name="RawEndpoint", source="")


def _own(socket: type[AnyRawSocket]) -> dict[str, tuple[type, object]]:
    """What the class and its bases below `RawSocket` give, the most derived winning."""
    above = reversed(socket.__mro__[: socket.__mro__.index(RawSocket)])
    return {name: (owner, value) for owner in above for name, value in vars(owner).items()}


def _check_names(own: Mapping[str, tuple[type, object]], findings: Findings) -> None:
    """Nothing that looks like a callback is called by nobody."""
    for name, (owner, _) in own.items():
        if name == "__init__":
            advice = "give the state defaults in the class, or set it in on_open"
        elif name.startswith("on_") and name not in _SHAPES:
            advice = f"rename it{did_you_mean(name, _SHAPES)}"
        else:
            continue
        place = findings.places.of_attribute(owner, name)
        findings.report(
            RawCode.NEVER_CALLED, place, got=name, names=", ".join(_SHAPES), advice=advice
        )


def _check_callback(name: str, owner: type, value: object, findings: Findings) -> None:
    """It is async, and takes what it is given."""
    function = plain(value)
    parameters = 0 if function is None else _parameters(function)
    wanted = 1 if name in ("on_open", "on_drain") else 2
    if function is not None and inspect.iscoroutinefunction(value) and parameters == wanted:
        return
    if function is None:
        place, got = findings.places.of_attribute(owner, name), f"a {type(value).__name__}"
    else:
        place = findings.places.of_function(function, f"{named(owner)}.{name}")
        kind = "async def" if inspect.iscoroutinefunction(value) else "def"
        got = f"{kind} {name}{inspect.signature(function)}"
    findings.report(RawCode.NOT_A_CALLBACK, place, got=got, expected=_SHAPES[name])


def _parameters(function: FunctionType) -> int | None:
    """How many it takes by their places, None where it takes others, too."""
    kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    by_place = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return len(kinds) if all(kind in by_place for kind in kinds) else None


def check_raw_assigns(plan: RawPlan, connect: ConnectPlan | None, findings: Findings) -> None:
    """The class's assigns are what `connect` returns; without one it has none."""
    socket, place = plan.socket, plan.place

    def read(owner: type, argument: object) -> object:
        scope = Scope.of_bases(owner, findings.places.of_class(owner).file)
        return resolve(argument, scope, place, findings)

    (assigns,) = bindings(socket, RawSocket, read)[RawSocket].values()
    expected: object = type(None) if connect is None else connect.assigns
    unreadable = assigns is None or isinstance(assigns, TypeVar)  # reported where it was read
    if not unreadable and not fits(expected, assigns):
        places = [place] if connect is None else [place, connect.place]
        findings.report(
            PayloadCode.ASSIGNS_DIFFER,
            *places,
            got=f"RawSocket[{shown(assigns)}]",
            expected=" | ".join(map(shown, arms(expected))),
        )

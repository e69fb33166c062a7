"""The list of channels → each class with the routers it stands in. Pure."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeGuard

from ..channel import AnyChannel, Channel
from ..errors import Place
from ..routers import Router
from .annotations import shown
from .class_codes import ClassCode
from .places import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .problems import Findings

__all__ = ["Placed", "placed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A channel class where it is listed."""

    channel: type[AnyChannel]
    routers: tuple[Router[Any], ...]
    """Those it stands in, the outermost first."""

    @property
    def prefix(self) -> str:
        """What the routers put before its pattern."""
        return "".join(router.prefix for router in self.routers)

    @property
    def name(self) -> str:
        """The channel as problems call it, with the router that it stands in."""
        return shown(self.channel) + (f" in {self.routers[-1]!r}" if self.routers else "")


def placed(
    channels: Sequence[object], findings: Findings, routers: tuple[Router[Any], ...] = ()
) -> list[Placed]:
    """The channel classes of a list and of the routers in it; what else it holds is reported."""
    found: list[Placed] = []
    for index, channel in enumerate(channels):
        if _is_router(channel):
            found += placed(channel.channels, findings, (*routers, channel))
        elif _is_channel(channel):
            found.append(Placed(channel=channel, routers=routers))
        else:
            inside = f"{routers[-1]!r}." if routers else ""
            place, got = _stranger(channel, f"{inside}channels[{index}]", findings)
            findings.report(ClassCode.NOT_A_CHANNEL, place, got=got)
    return found


def _is_router(channel: object) -> TypeGuard[Router[Any]]:
    return isinstance(channel, Router)


def _is_channel(channel: object) -> TypeGuard[type[AnyChannel]]:
    return isinstance(channel, type) and issubclass(channel, Channel) and channel is not Channel


def _stranger(channel: object, name: str, findings: Findings) -> tuple[Place, str]:
    """Where something stands that is no channel class, and what it is."""
    # A bare @channel takes the class for its pattern, and leaves a function in its place.
    pattern = _captured(channel) if isinstance(channel, FunctionType) else None
    if isinstance(pattern, type):
        return findings.places.of_class(pattern), "@channel as it is, without a pattern"
    if isinstance(channel, type):
        return findings.places.of_class(channel), f"the class {shown(channel)}"
    place = Place(file=NOWHERE, line=1, name=name, source="")
    return place, f"an object of the class {shown(type(channel))}"


def _captured(function: FunctionType) -> object:
    return inspect.getclosurevars(function).nonlocals.get("pattern")

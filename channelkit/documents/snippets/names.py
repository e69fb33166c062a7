"""What the classes, methods and pushes of a contract are called in Python. Pure."""

from __future__ import annotations

from keyword import iskeyword, kwlist
from typing import TYPE_CHECKING, Final

from ...codegen.names import Style, identifier, identifiers
from ..literals import class_name, python, python_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...contract.form import ChannelContract, PushContract, Schema
    from .given import Value

__all__ = ["channel_name", "imported", "message", "method", "push_class", "topic_call"]

CLASS: Final = Style(case="pascal", reserved=kwlist)
METHOD: Final = Style(case="snake", reserved=kwlist, lead="event_", empty="event")
WIDE: Final = 88


def channel_name(channel: ChannelContract) -> str:
    """The class of a channel."""
    name = channel.name
    return name if name.isidentifier() and not iskeyword(name) else identifier(name, CLASS)


def method(channel: ChannelContract, event: str) -> str:
    """The method that has an event, taken to be called like it."""
    return identifiers([one.event for one in channel.events], METHOD)[event]


def push_class(push: PushContract) -> str:
    """The class of a push."""
    shape = push.payload[0]
    return class_name(shape.ref) if shape.kind == "model" else identifier(push.event, CLASS)


def message(value: Value, schemas: Mapping[str, Schema]) -> tuple[str, tuple[str, ...]]:
    """A payload in Python, and the classes of the program that it takes; `Open` is channelkit's."""
    if value.ref is not None:
        return python_model(value.ref, value.json, schemas)
    if value.shape.kind == "binary":
        return _bytes(value.data), ()
    return f"Open(payload={python(value.json)})", ()


def _bytes(data: bytes) -> str:
    escaped = "".join(f"\\x{byte:02x}" for byte in data)
    return f'b"{escaped}"'


def topic_call(channel: ChannelContract, parameters: Mapping[str, object]) -> str:
    """How a topic is made of its parameters."""
    arguments = ", ".join(f"{name}={_argument(value)}" for name, value in parameters.items())
    return f"{channel_name(channel)}.topic_for({arguments})"


def _argument(value: object) -> str:
    return repr(value) if not isinstance(value, str) else python(value)


def imported(module: str, names: Iterable[str]) -> tuple[str, ...]:
    """The import of these names, none where there are none; sorted as formatters want it."""
    found = sorted({*names}, key=lambda name: (name[:1].islower(), name))
    if not found:
        return ()
    line = f"from {module} import {', '.join(found)}"
    if len(line) <= WIDE:
        return (line,)
    return (f"from {module} import (", *(f"    {name}," for name in found), ")")

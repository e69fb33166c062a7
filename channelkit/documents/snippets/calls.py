"""What the client in Python and the test kit have in common: the same words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..literals import python
from .names import channel_name, imported, message, method, topic_call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...contract.form import Schema
    from .given import Called, Joined

__all__ = ["broken", "called_code", "joined_code", "opened"]

WIDE = 80


def broken(begin: str, parts: list[str], end: str) -> str:
    """A call on one line, or each argument on its own where that would be too long."""
    line = f"{begin}{', '.join(parts)}{end}"
    if len(line) <= WIDE and "\n" not in line:
        return line
    inner = (part.replace("\n", "\n    ") for part in parts)
    return begin + "".join(f"\n    {part}," for part in inner) + f"\n{end}"


def opened(arguments: list[str]) -> str:
    """The block of a connection; what follows stands in it."""
    return broken("async with connect(", arguments, ") as socket:") + "\n    ..."


def joined_code(
    joined: Joined, module: str, schemas: Mapping[str, Schema]
) -> tuple[str, tuple[str, ...]]:
    """A join, and what it imports."""
    channel = channel_name(joined.channel)
    params, used = message(joined.params, schemas)
    topic, router = topic_call(joined.channel, joined.parameters), ""
    if joined.prefix:
        topic, router = f"Router({python(joined.prefix)}, {channel}).topic({topic})", "Router"
    join = broken("room, verdict = await socket.join(", [topic, f"{channel}.join", params], ")")
    return f"{join}\nprint(verdict)", _imports(params, module, channel, *used, kit=router)


def called_code(
    called: Called, module: str, schemas: Mapping[str, Schema]
) -> tuple[str, tuple[str, ...]]:
    """An event with what comes back, and what it imports."""
    event, channel = called.event, channel_name(called.channel)
    text, used = message(called.message, schemas)
    arguments = [f"{channel}.{method(called.channel, event.event)}", text]
    if event.streams is not None:
        code = broken("async for item in room.stream(", arguments, "):") + "\n    print(item)"
    elif event.silent:
        code = broken("await room.send(", arguments, ")")
    else:
        code = broken("reply = await room.call(", arguments, ")") + "\nprint(reply)"
    return code, _imports(text, module, channel, *used)


def _imports(text: str, module: str, *names: str, kit: str = "") -> tuple[str, ...]:
    found = [kit] if kit else []
    if text.startswith("Open(") and "Open" not in names:
        found.append("Open")
    return (*imported("channelkit", found), *imported(module, names))

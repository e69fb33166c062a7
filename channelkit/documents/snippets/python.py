"""Snippets for channelkit's client in Python. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from ..literals import class_name, python
from .calls import called_code, joined_code, opened
from .names import channel_name, imported, message, push_class
from .snippet import Snippet

if TYPE_CHECKING:
    from ...contract.form import Contract
    from ..about import About
    from .given import Asked, Called, Heard, Joined, Present

__all__ = ["PythonWriter"]


@final
class PythonWriter:
    """Writes for `channelkit.client`; the joined topic is called ``room``."""

    def __init__(self, about: About, contract: Contract) -> None:
        self._about = about
        self._schemas = contract.schemas

    def connect(self, asked: Asked) -> Snippet:
        arguments = [python(self._about.address(asked.path))]
        used: tuple[str, ...] = ()
        if asked.params is not None and asked.params.ref is not None:
            params, used = message(asked.params, self._schemas)
            arguments.append(f"params={params}")
        refusals = [class_name(one.ref) for one in asked.refuses]
        if refusals:
            arguments.append(f"refusals=[{', '.join(refusals)}]")
        return _snippet(
            opened(arguments),
            "from channelkit.client import connect",
            *imported(self._about.module, [*used, *refusals]),
        )

    def join(self, joined: Joined) -> Snippet:
        body, imports = joined_code(joined, self._about.module, self._schemas)
        return _snippet(body, *imports)

    def event(self, called: Called) -> Snippet:
        body, imports = called_code(called, self._about.module, self._schemas)
        return _snippet(body, *imports)

    def push(self, heard: Heard) -> Snippet:
        pushed = push_class(heard.push)
        return _snippet(
            "async for message in room.pushes():\n"
            f"    if isinstance(message, {pushed}):\n"
            "        print(message)",
            *imported(self._about.module, [pushed]),
        )

    def presence(self, present: Present) -> Snippet:
        channel = channel_name(present.channel)
        return _snippet(
            f"async for here in room.presences({channel}.here):\n    print(here)",
            *imported(self._about.module, [channel]),
        )


def _snippet(body: str, *imports: str) -> Snippet:
    return Snippet(language="python", title="Python", syntax="python", imports=imports, body=body)

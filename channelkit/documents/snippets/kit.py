"""Snippets for the test kit, `channelkit.testing`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from ..literals import python
from .calls import called_code, joined_code, opened
from .names import channel_name, imported, message, push_class
from .snippet import Snippet

if TYPE_CHECKING:
    from ...contract.form import Contract
    from ..about import About
    from .given import Asked, Called, Heard, Joined, Present

__all__ = ["KitWriter"]


@final
class KitWriter:
    """Writes for the test kit; the joined topic is called ``room``."""

    def __init__(self, about: About, contract: Contract) -> None:
        self._about = about
        self._schemas = contract.schemas

    def connect(self, asked: Asked) -> Snippet:
        arguments = ["endpoint"]
        used: tuple[str, ...] = ()
        if asked.params is not None and asked.params.ref is not None:
            params, used = message(asked.params, self._schemas)
            arguments.append(params)
        return _snippet(
            opened(arguments),
            "from channelkit.testing import connect",
            *imported(self._about.module, [*used, "endpoint"]),
        )

    def join(self, joined: Joined) -> Snippet:
        body, imports = joined_code(joined, self._about.module, self._schemas)
        return _snippet(body, *imports)

    def event(self, called: Called) -> Snippet:
        body, imports = called_code(called, self._about.module, self._schemas)
        return _snippet(body, *imports)

    def push(self, heard: Heard) -> Snippet:
        if heard.push.payload[0].kind != "model":  # its class is the program's own affair
            return _snippet(f"message = await room.expect_event({python(heard.push.event)})")
        pushed = push_class(heard.push)
        return _snippet(
            f"message = await room.expect({pushed})", *imported(self._about.module, [pushed])
        )

    def presence(self, present: Present) -> Snippet:
        channel = channel_name(present.channel)
        return _snippet(
            f"here = await room.presences({channel}.here)",
            *imported(self._about.module, [channel]),
        )


def _snippet(body: str, *imports: str) -> Snippet:
    return Snippet(
        language="testing", title="Test kit", syntax="python", imports=imports, body=body
    )

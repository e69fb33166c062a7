"""Snippets for phoenix.js, as npm has it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from ..literals import javascript
from .snippet import Snippet

if TYPE_CHECKING:
    from ..about import About
    from .given import Asked, Called, Heard, Joined, Present, Value

__all__ = ["PhoenixWriter"]


@final
class PhoenixWriter:
    """Writes for phoenix.js; the channel is called ``channel``."""

    def __init__(self, about: About) -> None:
        self._about = about

    def connect(self, asked: Asked) -> Snippet:
        address = javascript(self._about.address(asked.path))
        query = javascript(asked.query)
        options = f", {{ params: {query} }}" if asked.query else ""
        lines = [f"const socket = new Socket({address}{options})", "socket.connect()"]
        return _snippet("\n".join(lines), 'import { Socket } from "phoenix"')

    def join(self, joined: Joined) -> Snippet:
        params = _written(joined.params)
        return _snippet(
            f"const channel = socket.channel({javascript(joined.topic)}, {params})\n"
            "channel.join()\n"
            '  .receive("ok", (response) => console.log("joined", response))\n'
            '  .receive("error", (response) => console.log("refused", response))\n'
            '  .receive("timeout", () => console.log("no answer"))'
        )

    def event(self, called: Called) -> Snippet:
        event = called.event
        push = f"channel.push({javascript(event.event)}, {_written(called.message)})"
        lines = [push]
        if event.answers:
            lines.append('  .receive("ok", (response) => console.log("ok", response))')
        lines.append('  .receive("error", (response) => console.log("refused", response))')
        before = [
            f"channel.on({javascript(item)}, (item, ref) => console.log(ref, item))"
            for item in event.streams or ()
        ]
        return _snippet("\n".join([*before, *lines]))

    def push(self, heard: Heard) -> Snippet:
        event = javascript(heard.push.event)
        return _snippet(f"channel.on({event}, (payload) => console.log(payload))")

    def presence(self, present: Present) -> Snippet:
        return _snippet(
            "const presence = new Presence(channel)\n"
            "presence.onSync(() => {\n"
            "  presence.list((key, { metas }) => console.log(key, metas))\n"
            "})",
            'import { Presence } from "phoenix"',
        )


def _written(value: Value) -> str:
    if value.shape.kind == "binary":
        return f"new Uint8Array([{', '.join(map(str, value.data))}]).buffer"
    return javascript(value.json)


def _snippet(body: str, *imports: str) -> Snippet:
    return Snippet(
        language="phoenix.js", title="phoenix.js", syntax="js", imports=imports, body=body
    )

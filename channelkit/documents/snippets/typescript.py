"""Snippets for the TypeScript that `channelkit client` writes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from ...codegen.names import identifiers
from ...codegen.typescript import EVENT, PARAMETER, named_channels
from ..literals import javascript
from .snippet import Snippet

if TYPE_CHECKING:
    from ...codegen.typescript import ChannelNames
    from ...contract.form import ChannelContract, Contract, EndpointContract
    from ..about import About
    from .given import Asked, Called, Heard, Joined, Present, Value

__all__ = ["TypeScriptWriter"]


@final
class TypeScriptWriter:
    """Writes for the generated module; the channel is called ``room``."""

    def __init__(self, about: About, contract: Contract) -> None:
        self._about = about
        self._contract = contract

    def connect(self, asked: Asked) -> Snippet:
        arguments = [javascript(self._about.address(asked.path))]
        imports = ['import { Socket } from "phoenix";']
        if asked.params is not None:
            arguments.append(f"socketOptions({javascript(asked.query)})")
            imports.append(self._imported("socketOptions"))
        lines = [f"const socket = new Socket({', '.join(arguments)});", "socket.connect();"]
        return _snippet("\n".join(lines), *imports)

    def join(self, joined: Joined) -> Snippet:
        names = self._names(joined.endpoint, joined.channel)
        parameters = identifiers(joined.parameters, PARAMETER)
        given = {parameters[name]: value for name, value in joined.parameters.items()}
        arguments = ["socket", *([javascript(given)] if given else []), _written(joined.params)]
        return _snippet(
            f"const room = {names.join}({', '.join(arguments)});\n"
            "const joined = await room.joined;\n"
            "console.log(joined.ok ? joined.response : joined.reason);",
            self._imported(names.join),
        )

    def event(self, called: Called) -> Snippet:
        event = called.event
        methods = identifiers([one.event for one in called.channel.events], EVENT)
        call = f"room.{methods[event.event]}({_written(called.message)})"
        if event.streams is not None:
            body = f"for await (const item of {call}) {{\n  console.log(item);\n}}"
        elif event.silent and not event.answers:
            body = f"{call};"
        else:
            name = f"{methods[event.event]}Result"
            body = (
                f"const {name} = await {call};\n"
                f"console.log({name}.ok ? {name}.response : {name}.reason);"
            )
        return _snippet(body)

    def push(self, heard: Heard) -> Snippet:
        event = javascript(heard.push.event)
        return _snippet(f"room.on({event}, (payload) => console.log(payload));")

    def presence(self, present: Present) -> Snippet:
        return _snippet(
            "room.presence.onSync(() => {\n"
            "  room.presence.list((key, { metas }) => console.log(key, metas));\n"
            "});"
        )

    def _names(self, endpoint: EndpointContract, channel: ChannelContract) -> ChannelNames:
        names = named_channels(self._contract, endpoint)
        return names[endpoint.channels.index(channel)]

    def _imported(self, name: str) -> str:
        module = self._about.module.rpartition(".")[2]
        return f"import {{ {name} }} from {javascript(f'./{module}.js')};"


def _written(value: Value) -> str:
    if value.shape.kind == "binary":
        return f"new Uint8Array([{', '.join(map(str, value.data))}])"
    return javascript(value.json)


def _snippet(body: str, *imports: str) -> Snippet:
    return Snippet(
        language="typescript", title="TypeScript", syntax="ts", imports=imports, body=body
    )

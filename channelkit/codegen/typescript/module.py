"""An endpoint of a contract as one TypeScript module. Pure."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...contract.form import Model
from ..names import Style, identifiers
from ..reading import read_definitions
from .channels import ChannelWriter, channel_names, definition
from .shapes import Shapes
from .text import comment, key, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...contract.form import (
        ConnectContract,
        Contract,
        EndpointContract,
        EventContract,
        JoinContract,
        Payload,
    )
    from .channels import ChannelNames

__all__ = ["named_channels", "typescript"]

RUNTIME: Final = Path(__file__).with_name("runtime.ts").read_text("utf-8")
"""What every module has: the part behind its own imports."""

_, _, COMMON = RUNTIME.partition("is copied into it.\n\n")

OWN: Final = frozenset(
    re.findall(r"^(?:export )?(?:type|class|function|const) (\w+)", RUNTIME, re.MULTILINE)
)
GLOBAL: Final = frozenset(
    {"Array", "ArrayBuffer", "ArrayBufferView", "AsyncIterableIterator", "BigInt", "Boolean"}
    | {"Date", "Error", "Exclude", "Function", "Infinity", "Iterable", "IteratorResult", "JSON"}
    | {"Map", "NaN", "Number", "Object", "Omit", "Partial", "Promise", "RangeError"}
    | {"ReadonlyArray", "ReadonlySet", "Record", "Set", "String", "Symbol", "Uint8Array"}
)
HERE: Final = frozenset(
    {"PhoenixPresence", "PhoenixChannel", "PhoenixPush", "PhoenixSocket", "SocketConnectOption"}
    | {"ConnectParams", "PathVariables", "FINGERPRINT", "PATH", "path", "socketOptions"}
)
RESERVED: Final = OWN | GLOBAL | HERE

_VARIABLE = re.compile(r"\{(\w+)\}")


def typescript(contract: Contract, endpoint: EndpointContract) -> str:
    """The module of one endpoint of the contract. The same contract gives the same bytes."""
    shapes, names = _named(contract, endpoint)
    channels = [
        ChannelWriter(channel, its, shapes).text()
        for channel, its in zip(endpoint.channels, names, strict=True)
    ]
    parts = [_head(contract, endpoint), _connecting(endpoint, shapes), shapes.declarations()]
    parts += ["// What all channels have.\n", COMMON, "// The channels.\n", *channels]
    return "\n".join(part for part in parts if part)


def named_channels(contract: Contract, endpoint: EndpointContract) -> list[ChannelNames]:
    """What the module calls each channel of the endpoint."""
    _, names = _named(contract, endpoint)
    return names


def _named(contract: Contract, endpoint: EndpointContract) -> tuple[Shapes, list[ChannelNames]]:
    definitions = read_definitions(contract.schemas)
    shapes = Shapes(definitions, _sent(endpoint), _received(endpoint), RESERVED)
    return shapes, channel_names(endpoint.channels, {*RESERVED, *shapes.names})


def _head(contract: Contract, endpoint: EndpointContract) -> str:
    option = "  type SocketConnectOption,\n" if endpoint.connect is not None else ""
    return (
        "// Typed channels, over the npm package phoenix.\n"
        "// Written by channelkit from the server's contract: not to be edited, but written anew.\n"
        "\n"
        "import {\n"
        "  Presence as PhoenixPresence,\n"
        "  type Channel as PhoenixChannel,\n"
        "  type Push as PhoenixPush,\n"
        f'  type Socket as PhoenixSocket,\n{option}}} from "phoenix";\n'
        "\n"
        "/** Of the contract: another one, and something has changed on the wire. */\n"
        f"export const FINGERPRINT = {literal(contract.fingerprint)};\n"
        "\n" + _path(endpoint.path)
    )


def _path(path: str) -> str:
    """Where the endpoint is, as a constant, or as a function of its variables."""
    variables = _VARIABLE.findall(path)
    if not variables:
        about = "/** Where the endpoint is: `new Socket(PATH)`, behind a host if need be. */\n"
        return f"{about}export const PATH = {literal(path)};\n"
    names = identifiers(variables, Style(case="camel"))
    fields = "".join(f"  {key(names[name])}: string;\n" for name in variables)
    parts = [
        f"encodeURIComponent(variables.{names[found[1]]})"
        if (found := _VARIABLE.fullmatch(segment))
        else literal(segment)
        for segment in path.split("/")
    ]
    return (
        f"{comment([f'The variables of `{path}`.'])}export type PathVariables = {{\n{fields}}};\n\n"
        "/** Where the endpoint is: `new Socket(path(…))`, behind a host if need be. */\n"
        "export function path(variables: PathVariables): string {\n"
        f'  return [{", ".join(parts)}].join("/");\n}}\n'
    )


def _connecting(endpoint: EndpointContract, shapes: Shapes) -> str:
    connect = endpoint.connect
    if connect is None:
        return ""
    about = comment([connect.description, *_refusals(connect), "`params` may be a function."])
    return (
        f"/** The parameters of a connection. */\n"
        f"export type ConnectParams = {_params(endpoint, connect, shapes)};\n\n"
        f"{about}export function socketOptions(\n"
        "  params: Fresh<ConnectParams>,\n"
        "  options: Partial<SocketConnectOption> = {},\n"
        "): Partial<SocketConnectOption> {\n"
        '  const fresh = typeof params === "function" ? () => query(params()) : query(params);\n'
        "  return { ...options, params: fresh };\n"
        "}\n"
    )


def _params(endpoint: EndpointContract, connect: ConnectContract, shapes: Shapes) -> str:
    """The type of what goes into the query; variables of the path do not."""
    kinds = [
        shapes.name(definition(shape.ref)) if isinstance(shape, Model) else "JsonObject"
        for shape in connect.params
    ]
    variables = " | ".join(map(literal, _VARIABLE.findall(endpoint.path)))
    return " | ".join(f"Omit<{kind}, {variables}>" if variables else kind for kind in kinds)


def _refusals(connect: ConnectContract) -> Iterator[str]:
    """phoenix.js does not see why a connection was refused; a person may."""
    if connect.refuses:
        told = ", ".join(f"{one.reason or 'no reason'} ({one.status})" for one in connect.refuses)
        yield f"It may be refused: {told}."


def _models(payload: Iterable[Payload]) -> Iterator[str]:
    for shape in payload:
        if isinstance(shape, Model):
            yield definition(shape.ref)


def _sent(endpoint: EndpointContract) -> Iterator[str]:
    """The schemas of what clients send."""
    if endpoint.connect is not None:
        yield from _models(endpoint.connect.params)
    for channel in endpoint.channels:
        yield from _models(channel.join.accepts)
        for event in channel.events:
            yield from _models(event.accepts)


def _received(endpoint: EndpointContract) -> Iterator[str]:
    """The schemas of what clients get."""
    for channel in endpoint.channels:
        every: list[JoinContract | EventContract] = [channel.join, *channel.events]
        for answered in every:
            yield from _models(answered.answers)
            yield from (definition(refusal.ref) for refusal in answered.refuses)
        for push in channel.pushes:
            yield from _models(push.payload)
        if channel.presence is not None:
            beside = channel.presence.beside
            yield from _models([channel.presence.meta, *([] if beside is None else [beside])])

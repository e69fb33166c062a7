"""Contract → AsyncAPI document, as data. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..samples import Samples
from .channels import ChannelWriter
from .keys import Keys, pointer
from .messages import ENVELOPES, Messages
from .schemas import converted
from .servers import binding, servers

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ...contract.form import Contract
    from ..about import About
    from .schemas import Object

__all__ = ["VERSION", "asyncapi"]

VERSION: Final = "3.1.0"
"""The version of AsyncAPI."""

TOLD: Final = """\
Described is the server: what it receives is what clients push, what it sends is what they get.

Every server here is one socket that carries many topics; a channel is the topics of one pattern, \
and its address the topic. On version 2.0.0 of the wire a message is the JSON array \
`[join_ref, ref, topic, event, payload]`: the payload is the payload here, what stands before it \
are the headers, each with its `x-position`. A reply has the ref of the push that it answers. \
A topic is joined before anything else is pushed there."""


def asyncapi(contract: Contract, about: About) -> Object:
    """The AsyncAPI document of a contract; the same input gives the same document."""
    samples, messages = Samples(contract.schemas), Messages(contract.schemas)
    names, within, paths = Keys(), Keys(), Keys()
    made: Object = {}
    channels: Object = {}
    operations: dict[str, JsonValue] = {}
    bindings: Object = {}
    for endpoint in contract.endpoints:
        path = paths.take(re.sub(r"[{}]", "", endpoint.path.strip("/")))
        own = {f"{path}.{name}": one for name, one in servers(endpoint, about).items()}
        made.update(own)
        here: JsonValue = [dict(pointer("servers", key)) for key in own]
        bindings[path] = binding(endpoint, contract.schemas)
        for channel in endpoint.channels:
            key = names.take(channel.name)
            writer = ChannelWriter(key, contract, messages, samples, operations, within)
            channels[key] = writer.written(endpoint, channel, here, path)
        key = names.take("phoenix")
        writer = ChannelWriter(key, contract, messages, samples, operations, within)
        channels[key] = writer.heartbeat(here)
    return {
        "asyncapi": VERSION,
        "info": {
            "title": about.title,
            "version": about.version_of(contract),
            "description": TOLD,
            "x-fingerprint": contract.fingerprint,
        },
        "defaultContentType": "application/json",
        "servers": made,
        "channels": channels,
        "operations": operations,
        "components": {
            "schemas": {
                **{name: converted(schema) for name, schema in contract.schemas.items()},
                **(ENVELOPES if channels else {}),
                **messages.schemas,
            },
            "messages": messages.shared,
            "correlationIds": {
                "ref": {
                    "description": "The ref: second in the envelope of version 2.0.0.",
                    "location": "$message.header#/ref",
                }
            },
            "channelBindings": bindings,
        },
    }

"""Channels with their operations, as an AsyncAPI document has them. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from ...contract.form import Empty
from ...wire import (
    CLOSE,
    ERROR,
    HEARTBEAT,
    JOIN,
    LEAVE,
    PHOENIX,
    PRESENCE_DIFF,
    PRESENCE_STATE,
)
from ..framework import event_errors, join_errors
from ..words import plain, schema_words
from .keys import Keys, pointer
from .schemas import converted, described, nothing, presence_schemas, referred
from .servers import refusals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

    from ...contract.form import (
        ChannelContract,
        Contract,
        EndpointContract,
        EventContract,
        ParameterContract,
        Payload,
        PresenceContract,
        RefusalContract,
    )
    from ..samples import Samples
    from .messages import Messages, Sender
    from .schemas import Object

__all__ = ["ChannelWriter"]

_REST = re.compile(r"\{(\w+)\*\}")

EMPTY: Final = Empty()
ENDED: Final[Object] = {
    "type": "object",
    "properties": {"reason": {"type": "string"}},
}


@final
class ChannelWriter:
    """One channel in the making.

    Args:
        key: What it is called in the document.
        operations: Where its operations go.
        within: The keys of all operations.
    """

    def __init__(
        self,
        key: str,
        contract: Contract,
        messages: Messages,
        samples: Samples,
        operations: dict[str, JsonValue],
        within: Keys,
    ) -> None:
        self._key = key
        self._contract = contract
        self._shared = messages
        self._samples = samples
        self._operations = operations
        self._within = within
        self._keys = Keys()
        self._messages: dict[str, JsonValue] = {}

    def written(
        self, endpoint: EndpointContract, channel: ChannelContract, servers: JsonValue, ws: str
    ) -> Object:
        """The channel; its operations and shared messages go where they belong."""
        self._join(endpoint, channel)
        for event in channel.events:
            self._event(endpoint, event)
        for push in channel.pushes:
            sent = self._said("push", push.event, push.description, push.payload, "server")
            asked: Object = {"x-intercepted": push.intercepted}
            self._operate("push", push.event, "send", sent, push.description, asked)
        if channel.presence is not None:
            self._presence(channel.presence)
        self._ends()
        presence = channel.presence
        return {
            "address": _REST.sub(r"{\1}", channel.pattern),
            "title": channel.name,
            **described(channel.description),
            "servers": servers,
            "parameters": {one.name: self._parameter(one) for one in channel.parameters},
            "messages": self._messages,
            "bindings": dict(pointer("components", "channelBindings", ws)),
            "x-topic": channel.pattern,
            "x-presence": None if presence is None else _presence(presence),
        }

    def heartbeat(self, servers: JsonValue) -> Object:
        """The channel of the wire itself."""
        beat = self._shared.fixed(
            HEARTBEAT, "Shows that the client is alive.", nothing(), sender="client"
        )
        sent = [self._have(beat)]
        reply = self._reply([EMPTY], (), None)
        self._operate("heartbeat", "", "receive", sent, "", reply)
        return {
            "address": PHOENIX,
            "title": PHOENIX,
            "summary": "The socket's own topic, which nobody joins.",
            "servers": servers,
            "parameters": {},
            "messages": self._messages,
            "x-topic": PHOENIX,
        }

    def _parameter(self, parameter: ParameterContract) -> Object:
        schema = parameter.value
        told: Object = {"description": plain(schema_words(schema, self._contract.schemas))}
        values = self._values(schema)
        if values:
            told["enum"] = values
        sample = self._samples.value(schema, parameter.name)
        if sample is not None:
            told["examples"] = [_text(sample)]
        return {**told, "x-schema": converted(schema), "x-rest": parameter.rest}

    def _values(self, schema: Object) -> JsonValue:
        """The texts that it may be, where they are counted."""
        ref = schema.get("$ref")
        if isinstance(ref, str):
            schema = self._contract.schemas.get(ref.rpartition("/")[2], {})
        values = schema.get("enum")
        return [_text(value) for value in values] if isinstance(values, list) else []

    def _join(self, endpoint: EndpointContract, channel: ChannelContract) -> None:
        join = channel.join
        sent = self._said("join", JOIN, join.description, join.accepts, "client")
        failed = self._shared.failed("join", join_errors(endpoint))
        reply = self._reply(join.answers, join.refuses, failed)
        asked: Object = {**reply, "x-refusals": refusals(join.refuses)}
        self._operate("join", "", "receive", sent, join.description, asked)

    def _event(self, endpoint: EndpointContract, event: EventContract) -> None:
        sent = self._said("event", event.event, event.description, event.accepts, "client")
        failed = self._shared.failed("event", event_errors(endpoint, event))
        self._operate(
            "event",
            event.event,
            "receive",
            sent,
            event.description,
            {
                **self._reply(event.answers, event.refuses, failed),
                "x-permission": event.permission,
                "x-rate": event.rate,
                "x-refusals": refusals(event.refuses),
                "x-silent": event.silent,
                "x-concurrent": event.concurrent,
                "x-streams": None if event.streams is None else list(event.streams),
            },
        )

    def _presence(self, presence: PresenceContract) -> None:
        schemas = presence_schemas(self._key, presence, self._contract.schemas)
        self._shared.schemas.update(schemas)
        for event, part, told in (
            (PRESENCE_STATE, "state", "Who is here, by key."),
            (PRESENCE_DIFF, "diff", "Who came and who went."),
        ):
            (message,) = self._shared.said(event, told, EMPTY, sender="server")
            del message["examples"]
            schema = pointer("components", "schemas", f"{self._key}.presence_{part}")
            key = self._keys.take("push", event)
            self._messages[key] = {**message, "payload": dict(schema)}
            self._operate("push", event, "send", [key], told, {})

    def _ends(self) -> None:
        leave = self._shared.fixed(LEAVE, "Ends the membership.", nothing(), sender="client")
        left = self._reply([EMPTY], (), None)
        self._operate("leave", "", "receive", [self._have(leave)], "Leave the topic.", left)
        for event, told in (
            (CLOSE, "The membership has ended: the client left, or the server ended it."),
            (ERROR, "The membership has ended, by a mistake; clients join again."),
        ):
            key = self._have(self._shared.fixed(event, told, ENDED, sender="server"))
            self._operate("push", event, "send", [key], told, {})

    def _said(
        self, kind: str, event: str, description: str, payloads: Iterable[Payload], sender: Sender
    ) -> list[str]:
        keys: list[str] = []
        for payload in payloads:
            for message in self._shared.said(event, description, payload, sender=sender):
                key = self._keys.take(kind, event)
                self._messages[key] = message
                keys.append(key)
        return keys

    def _have(self, shared: str) -> str:
        """A message that all channels have: it is this channel's, too."""
        self._messages[shared] = dict(pointer("components", "messages", shared))
        return shared

    def _reply(
        self,
        answers: Iterable[Payload],
        refuses: Iterable[RefusalContract],
        failed: str | None,
    ) -> Object:
        ok = [key for payload in answers for key in self._shared.replied(payload)]
        errors = [self._shared.refused(one) for one in refuses]
        keys = list(dict.fromkeys(ok + errors + ([] if failed is None else [failed])))
        messages: JsonValue = [self._place(self._have(key)) for key in keys]
        return {"reply": {"channel": self._here(), "messages": messages}}

    def _operate(
        self, kind: str, event: str, action: str, keys: list[str], told: str, more: Object
    ) -> None:
        name = self._within.take(self._key, kind, *([event] if event else []))
        self._operations[name] = {
            "action": action,
            "channel": self._here(),
            "title": f"{kind} {event}".rstrip(),
            **described(told),
            "messages": [self._place(key) for key in keys],
            **more,
        }

    def _here(self) -> JsonValue:
        return dict(pointer("channels", self._key))

    def _place(self, key: str) -> JsonValue:
        return dict(pointer("channels", self._key, "messages", key))


def _presence(presence: PresenceContract) -> Object:
    beside = presence.beside
    return {
        "meta": referred(presence.meta.ref),
        "beside": None if beside is None else referred(beside.ref),
    }


def _text(value: JsonValue) -> str:
    """A value as a topic has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)

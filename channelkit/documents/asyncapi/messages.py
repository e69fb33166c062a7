"""What goes over the wire, as messages of an AsyncAPI document. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias, assert_never, final

from ...contract.form import Empty
from ..samples import Samples
from ..words import name_of
from .keys import Keys
from .schemas import described, nothing, referred

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from ...contract.form import Payload, RefusalContract, Schema
    from ..framework import Answer
    from .schemas import Object

__all__ = ["ENVELOPES", "Messages", "Sender"]

Sender: TypeAlias = Literal["client", "server"]

BINARY: Final = "application/octet-stream"
ANY: Final[Object] = {"description": "Any JSON."}
BYTES: Final[Object] = {"type": "string", "format": "binary"}

REF: Final[Object] = {
    "type": "string",
    "description": "The number of the push; its reply has the same.",
    "x-position": 1,
}
JOIN_REF: Final[Object] = {
    "type": ["string", "null"],
    "description": "The ref of the join of this topic.",
    "x-position": 0,
}
TOPIC: Final[Object] = {"type": "string", "description": "The topic.", "x-position": 2}
EVENT: Final[Object] = {"type": "string", "description": "The event.", "x-position": 3}
REPLY_EVENT: Final[Object] = {**EVENT, "const": "phx_reply"}
NO_REF: Final[Object] = {
    "type": ["string", "null"],
    "description": "Null; in an item of a stream, the ref of the push that asked for it.",
    "x-position": 1,
}

ENVELOPES: Final[dict[str, JsonValue]] = {
    f"envelope.{name}": {
        "type": "object",
        "title": f"{name.capitalize()}Envelope",
        "description": description,
        "properties": {"join_ref": JOIN_REF, "ref": ref, "topic": TOPIC, "event": event},
        "required": ["join_ref", "ref", "topic", "event"],
        "x-envelope": ["join_ref", "ref", "topic", "event", "payload"],
    }
    for name, description, ref, event in (
        ("push", "What stands before the payload in a push of the client.", REF, EVENT),
        ("notice", "What stands before the payload in a push of the server.", NO_REF, EVENT),
        (
            "reply",
            "What stands before the payload in a reply.",
            REF,
            {**EVENT, "const": "phx_reply"},
        ),
    )
}


@final
class Messages:
    """Writes messages, and collects those that several channels have."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._samples = Samples(schemas)
        self.shared: dict[str, JsonValue] = {}
        self.schemas: dict[str, JsonValue] = {}
        self._keys = Keys()
        self._failures: dict[tuple[str, tuple[Answer, ...]], str] = {}

    def said(
        self, event: str, description: str, payload: Payload, *, sender: Sender
    ) -> list[Object]:
        """An event with one of its payloads: of an open one, as JSON and as bytes."""
        whole: Object = {
            "name": event,
            "title": event,
            **described(description),
            "headers": _envelope("push" if sender == "client" else "notice"),
            **({"correlationId": _REF} if sender == "client" else {}),
            "x-event": event,
        }
        bodies = self._bodies(payload, optional=sender == "server")
        return [{**whole, **body} for body in bodies]

    def fixed(self, event: str, description: str, schema: Object, *, sender: Sender) -> str:
        """A message of the wire itself, that all channels have."""
        if event not in self.shared:
            (whole,) = self.said(event, description, Empty(), sender=sender)
            self.shared[event] = {**whole, "payload": schema}
        return event

    def replied(self, payload: Payload) -> list[str]:
        """The ok replies with this payload, as names of shared messages."""
        match payload.kind:
            case "model":
                name = name_of(payload.ref)
                sample = self._samples.named(payload.ref, optional=True)
                return [self._reply("ok", name, referred(payload.ref), sample)]
            case "empty":
                return [self._reply("ok", "empty", nothing(), {})]
            case "binary":
                return [self._binary_reply()]
            case "open":
                return [self._reply("ok", "any", ANY, None), self._binary_reply()]
            case _ as unknown:
                assert_never(unknown)

    def refused(self, refusal: RefusalContract) -> str:
        """The error reply of a declared refusal, as the name of a shared message."""
        name = name_of(refusal.ref)
        sample = self._samples.named(refusal.ref, optional=True)
        key = self._reply("error", name, referred(refusal.ref), sample, refusal.description)
        return key

    def failed(self, kind: str, several: tuple[Answer, ...]) -> str:
        """What the framework itself answers, as the name of a shared message."""
        name = self._failures.setdefault((kind, several), "")
        if not name:
            name = self._failures[kind, several] = self._keys.take("framework", kind)
        reasons: JsonValue = [answer.reason for answer in several]
        told = "\n".join(f"- `{answer.reason}`: {answer.when}" for answer in several)
        response: Object = {
            "type": "object",
            "properties": {
                "reason": {"type": "string", "enum": reasons},
                "errors": {"type": "array", "items": {"type": "object"}},
                "retry_after": {"type": "integer", "minimum": 0},
            },
            "required": ["reason"],
        }
        sample: JsonValue = {"reason": several[0].reason}
        return self._reply("error", name, response, sample, f"No handler said so.\n\n{told}")

    def _bodies(self, payload: Payload, *, optional: bool) -> list[Object]:
        match payload.kind:
            case "model":
                sample = self._samples.named(payload.ref, optional=optional)
                return [{"payload": referred(payload.ref), "examples": [{"payload": sample}]}]
            case "empty":
                return [{"payload": nothing(), "examples": [{"payload": {}}]}]
            case "binary":
                return [{"contentType": BINARY, "payload": BYTES}]
            case "open":
                return [{"payload": ANY}, {"contentType": BINARY, "payload": BYTES}]
            case _ as unknown:
                assert_never(unknown)

    def _reply(
        self, status: str, name: str, response: Object, sample: JsonValue, description: str = ""
    ) -> str:
        key = f"{status}.{name}"
        payload: Object = {"status": status, "response": sample}
        self.schemas[f"reply.{key}"] = {
            "type": "object",
            "title": f"{status.capitalize()}{name.title().replace('.', '')}Reply",
            "properties": {"status": {"const": status, "type": "string"}, "response": response},
            "required": ["status", "response"],
        }
        self.shared[key] = {
            "name": "phx_reply",
            "title": f"{status}: {name}",
            **described(description),
            "headers": _envelope("reply"),
            "correlationId": _REF,
            "payload": {"$ref": f"#/components/schemas/reply.{key}"},
            **({} if response is ANY else {"examples": [{"payload": payload}]}),
            "x-event": "phx_reply",
            "x-status": status,
        }
        return key

    def _binary_reply(self) -> str:
        self.shared["ok.binary"] = {
            "name": "phx_reply",
            "title": "ok: binary",
            "summary": "The response in a binary frame, whose head has the status.",
            "headers": _envelope("reply"),
            "correlationId": _REF,
            "contentType": BINARY,
            "payload": BYTES,
            "x-event": "phx_reply",
            "x-status": "ok",
        }
        return "ok.binary"


_REF: Final[Object] = {"$ref": "#/components/correlationIds/ref"}


def _envelope(name: str) -> Object:
    return {"$ref": f"#/components/schemas/envelope.{name}"}

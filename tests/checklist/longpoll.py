"""A client that polls, in version 1.0.0 or 2.0.0."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any, final

from ..transcripts.speech import said
from ..wire.poller import NDJSON, Poller
from .client import V1, Client

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from .rooms import World

__all__ = ["PollClient", "poll_client"]


@final
class PollClient:
    """One session.

    Attributes:
        poller: Its requests.
        wire: What it is to hear, in its version: see `Client`.
    """

    def __init__(self, poller: Poller, vsn: str) -> None:
        self.poller = poller
        self.wire = Client(poller.gets, vsn)

    async def say(
        self,
        join_ref: JsonValue,
        ref: JsonValue,
        topic: str,
        event: str,
        payload: JsonValue | bytes = None,
    ) -> int:
        """POST one envelope; without a payload it is an empty object. The status in the body."""
        if isinstance(payload, bytes):
            return await self.batch([join_ref, ref, topic, event, payload])
        content: JsonValue = {} if payload is None else payload
        if self.wire.vsn == V1:
            envelope: JsonValue = {"topic": topic, "event": event, "payload": content, "ref": ref}
            response = await self.poller.post(json.dumps(envelope).encode())
            return int(response.json()["status"])
        return await self.batch([join_ref, ref, topic, event, content])

    async def batch(self, *envelopes: Sequence[object]) -> int:
        """POST them as ndjson, a binary payload as base64."""
        lines = [_line(envelope) for envelope in envelopes]
        response = await self.poller.post(b"\n".join(lines), NDJSON)
        assert response.status == 200, response
        return int(response.json()["status"])

    async def heard(self, count: int) -> list[Any]:
        """So many messages, and no more of them."""
        return await self.poller.heard(count)

    async def join(self, topic: str, *, brings: int = 0, payload: JsonValue = None) -> None:
        """Join with "11" as join_ref and "1" as ref.

        Args:
            brings: Messages that come behind the reply.
        """
        assert await self.say("11", "1", topic, "phx_join", payload) == 200
        answer, *_ = await self.heard(1 + brings)
        assert answer == self.wire.reply("11", "1", topic), answer


async def poll_client(world: World, vsn: str, *headers: str, query: str = "") -> PollClient:
    """One that has opened its session."""
    target = f"{world.endpoint.path}/longpoll?vsn={vsn}{'&' if query else ''}{query}"
    gets, posts = await world.peer(), await world.peer()
    poller = Poller(gets, posts, target, headers)
    await poller.open()
    return PollClient(poller, vsn)


def _line(envelope: Sequence[object]) -> bytes:
    payload = envelope[-1]
    if not isinstance(payload, bytes):
        return json.dumps(envelope).encode()
    join_ref, ref, topic, event = map(str, envelope[:4])
    names = {"join_ref": join_ref, "ref": ref, "topic": topic, "event": event}
    (packed,) = said({"binary": "push", **names, "hex": payload.hex()})
    return b64encode(packed.data)

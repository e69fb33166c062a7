"""A client that speaks version 1.0.0 or 2.0.0 of the wire, knowing nothing of our serializers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, final

from ..transcripts.speech import Frame, heard, said
from ..wire.client import BINARY, NOTHING, TEXT, Closed, Peer, frame

if TYPE_CHECKING:
    from pydantic import JsonValue

__all__ = ["V1", "V2", "Client"]

V1, V2 = "1.0.0", "2.0.0"


@final
class Client:
    """One WebSocket.

    What it hears and what it is to hear are in the wire's own form: a list on
    2.0.0, an object with exactly four keys on 1.0.0, for a binary frame the
    dict that transcripts have.
    """

    def __init__(self, peer: Peer, vsn: str) -> None:
        self.peer = peer
        self.vsn = vsn
        self._silences = 0

    # Speaking.

    async def say(
        self,
        join_ref: JsonValue,
        ref: JsonValue,
        topic: str,
        event: str,
        payload: JsonValue | bytes = None,
    ) -> None:
        """Send one envelope; without a payload it is an empty object."""
        await self.peer.send(self.spoken(join_ref, ref, topic, event, payload))

    def spoken(
        self,
        join_ref: JsonValue,
        ref: JsonValue,
        topic: str,
        event: str,
        payload: JsonValue | bytes = None,
    ) -> bytes:
        """The frame of one envelope, to send several in one write."""
        if isinstance(payload, bytes):
            names = {"join_ref": join_ref, "ref": ref, "topic": topic, "event": event}
            (packed,) = said({"binary": "push", **names, "hex": payload.hex()})
            return frame(BINARY, packed.data)
        content: JsonValue = {} if payload is None else payload
        envelope: JsonValue = [join_ref, ref, topic, event, content]
        if self.vsn == V1:
            envelope = {"topic": topic, "event": event, "payload": content, "ref": ref}
        return frame(TEXT, json.dumps(envelope).encode())

    async def join(
        self,
        topic: str,
        payload: JsonValue = None,
        *,
        join_ref: str = "11",
        ref: str = "1",
        response: JsonValue = None,
    ) -> None:
        """Join, which must be granted with this response."""
        await self.say(join_ref, ref, topic, "phx_join", payload)
        answer = await self.heard()
        assert answer == self.reply(join_ref, ref, topic, response), answer

    # Hearing.

    async def heard(self) -> Any:
        """The next message."""
        received = await self.peer.frame()
        assert received.opcode in (TEXT, BINARY), received
        return heard(Frame(received.payload, binary=received.opcode == BINARY))

    async def silent(self) -> None:
        """Nothing was sent: the answer to a heartbeat is the next message."""
        self._silences += 1
        ref = f"silence-{self._silences}"
        await self.say(None, ref, "phoenix", "heartbeat")
        answer = await self.heard()
        assert answer == self.reply(None, ref, "phoenix"), answer

    async def closed(self) -> Closed:
        """How the server closed; whatever comes before is skipped."""
        return await self.peer.closed()

    # What it is to hear.

    def wire(
        self, join_ref: object, ref: object, topic: str, event: str, payload: object = None
    ) -> object:
        """An envelope as this version has it: 1.0.0 has no join_ref."""
        content = NOTHING if payload is None else payload
        if self.vsn == V1:
            return {"topic": topic, "event": event, "payload": content, "ref": ref}
        return [join_ref, ref, topic, event, content]

    def reply(
        self,
        join_ref: object,
        ref: object,
        topic: str,
        response: object = None,
        *,
        status: str = "ok",
    ) -> object:
        """A reply; without a response it is an empty object."""
        content = {"status": status, "response": NOTHING if response is None else response}
        return self.wire(join_ref, ref, topic, "phx_reply", content)

    def refusal(self, join_ref: object, ref: object, topic: str, reason: str) -> object:
        """An error reply with this reason."""
        return self.reply(join_ref, ref, topic, {"reason": reason}, status="error")

    def pushed(self, join_ref: object, topic: str, event: str, payload: object = None) -> object:
        """A push: its ref is null."""
        return self.wire(join_ref, None, topic, event, payload)

    def broadcast(self, topic: str, event: str, payload: object = None) -> object:
        """A broadcast: neither ref nor join_ref."""
        return self.wire(None, None, topic, event, payload)

    def ended(self, join_ref: object, topic: str, event: str = "phx_close") -> object:
        """The end of a member: the join_ref is its ref, too, where the version has one."""
        payload = {"reason": "channel_crash"} if event == "phx_error" else None
        return self.wire(join_ref, None if self.vsn == V1 else join_ref, topic, event, payload)

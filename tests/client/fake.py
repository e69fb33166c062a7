"""A server in memory that says what a test wants it to say: streams of bytes, no sockets."""

from __future__ import annotations

from http import HTTPStatus
from math import inf
from typing import TYPE_CHECKING, Any

import anyio
from anyio.abc import ByteStream
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from channelkit.serializers import V2
from channelkit.wire import Broadcast, Push, Reply

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

    from channelkit.wire import Body, Envelope, Ref

__all__ = ["Bytes", "FakeServer", "Peer", "pipe"]


class Bytes(ByteStream):
    """One end of a pipe."""

    def __init__(
        self, source: MemoryObjectReceiveStream[bytes], sink: MemoryObjectSendStream[bytes]
    ) -> None:
        self._source = source
        self._sink = sink
        self._rest = b""

    async def receive(self, max_bytes: int = 65536) -> bytes:
        data = self._rest or await self._source.receive()
        self._rest = data[max_bytes:]
        return data[:max_bytes]

    async def send(self, item: bytes) -> None:
        await self._sink.send(item)

    async def send_eof(self) -> None:
        self._sink.close()

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        self._sink.close()
        self._source.close()


def pipe(room: float = inf) -> tuple[Bytes, Bytes]:
    """Two ends; `room` is how many sends of the first wait unread before it blocks."""
    there, back = (
        anyio.create_memory_object_stream[bytes](room),
        anyio.create_memory_object_stream[bytes](inf),
    )
    return Bytes(back[1], there[0]), Bytes(there[1], back[0])


class FakeServer:
    """Where a client dials: each connection is a peer that the test accepts.

    Attributes:
        dials: When, on the loop's clock.
        down: Whether nobody is there.
    """

    def __init__(self, room: float = inf) -> None:
        self.dials: list[float] = []
        self.down = False
        self._room = room
        self._ends: list[Bytes] = []
        self._put, self._peers = anyio.create_memory_object_stream[Peer](inf)

    async def opener(self) -> ByteStream:
        """What `connect` is given."""
        self.dials.append(anyio.current_time())
        if self.down:
            raise ConnectionRefusedError
        ours, theirs = pipe(self._room)
        self._ends += [ours, theirs]
        self._put.send_nowait(Peer(theirs))
        return ours

    async def accept(self) -> Peer:
        """The next connection, its handshake done."""
        peer = await self._peers.receive()
        await peer.shake_hands()
        return peer

    async def arrived(self) -> Peer:
        """The next connection as it arrives."""
        return await self._peers.receive()

    def close(self) -> None:
        """Nothing is left open."""
        self._put.close()
        self._peers.close()
        for end in self._ends:
            end.close()


class Peer:
    """The server's end of one connection."""

    def __init__(self, stream: Bytes) -> None:
        self.stream = stream
        self.protocol = ServerProtocol()
        self.closed: tuple[int, str] | None = None
        self._frames: list[WebSocketFrame] = []

    async def request(self) -> Request:
        """What opens the connection."""
        while True:
            self.protocol.receive_data(await self.stream.receive())
            for event in self.protocol.events_received():
                assert isinstance(event, Request)
                return event

    async def shake_hands(self, behind: bytes = b"") -> None:
        """Let it in; `behind` is sent in one piece with that."""
        self.protocol.send_response(self.protocol.accept(await self.request()))
        await self.stream.send(b"".join(self.protocol.data_to_send()) + behind)

    async def refuse(self, status: int, body: str) -> None:
        """Do not let it in."""
        await self.request()
        self.protocol.send_response(self.protocol.reject(HTTPStatus(status), body))
        await self.flush()
        await self.stream.aclose()

    async def frame(self) -> WebSocketFrame:
        """The next frame of the client."""
        while not self._frames:
            self.protocol.receive_data(await self.stream.receive())
            frames = [e for e in self.protocol.events_received() if isinstance(e, WebSocketFrame)]
            self._frames += frames
            if self.protocol.state is OPEN:
                await self.flush()
        return self._frames.pop(0)

    async def receive(self) -> Push:
        """The next push of the client."""
        frame = await self.frame()
        data = bytes(frame.data)
        if frame.opcode is Opcode.BINARY:
            return V2().decode_binary(data)
        assert frame.opcode is Opcode.TEXT, frame
        return V2().decode(data)

    async def send(self, envelope: Envelope) -> None:
        """Say something."""
        match envelope:
            case Push():
                frame = V2().push(envelope)
            case Reply():
                frame = V2().reply(envelope)
            case Broadcast():
                frame = V2().broadcast(envelope)
        if frame.binary:
            self.protocol.send_binary(frame.data)
        else:
            self.protocol.send_text(frame.data)
        await self.flush()

    async def reply(self, push: Push, response: Body = None, *, status: Any = "ok") -> None:
        """Answer a push."""
        content: Body = {} if response is None else response
        await self.send(Reply(push.join_ref, push.ref, push.topic, status, content))

    async def join(self, response: Body = None) -> Push:
        """Let the next push, which is a join, in."""
        push = await self.receive()
        assert push.event == "phx_join", push
        await self.reply(push, {"members": 1} if response is None else response)
        return push

    async def push(self, join_ref: Ref, event: str, payload: Body, ref: Ref = None) -> None:
        """Push to room:1."""
        await self.send(Push(join_ref, ref, "room:1", event, payload))

    async def text(self, data: bytes) -> None:
        """Send any text."""
        self.protocol.send_text(data)
        await self.flush()

    async def close(self, code: int = 1012, reason: str = "") -> None:
        """Say goodbye, and hang up."""
        self.protocol.send_close(code, reason)
        await self.flush()
        await self.stream.aclose()

    async def flush(self) -> None:
        """Send what the protocol has to say."""
        data = b"".join(self.protocol.data_to_send())
        if data:
            await self.stream.send(data)

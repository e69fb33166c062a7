"""One WebSocket of a conversation, on a plain blocking socket."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Self, final

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import CloseCode, Opcode
from websockets.frames import Frame as WireFrame
from websockets.uri import parse_uri

from .speech import BEAT, Frame, heard, heard_ref, heartbeat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import JsonValue

__all__ = ["Peer"]

PATIENCE = 5.0
MARKER = "marker-"


@final
class Peer:
    """Connected as soon as it is made, or refused.

    Attributes:
        opened: How the server answered the handshake, ``"HTTP 101"`` at best.
        heard: What came since it was last taken, the replies to markers left out.
        over: The connection is closed, by whomever, or was never opened.
    """

    def __init__(self, address: str, target: str, *, deflate: bool) -> None:
        host, _, port = address.removeprefix("http://").rpartition(":")
        extensions = [ClientPerMessageDeflateFactory()] if deflate else None
        uri = parse_uri(f"ws://{host}:{port}{target}")
        self._protocol = ClientProtocol(uri, extensions=extensions)
        self._deflate = deflate
        self._major = target.partition("vsn=")[2][:1] or "1"
        self._markers = 0
        self._answered = 0
        self.heard: list[JsonValue] = []
        self.over = False
        self._socket = socket.create_connection((host, int(port)), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.opened = self._handshake()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def fileno(self) -> int:
        """For `select`."""
        return self._socket.fileno()

    def send(self, frames: Iterable[Frame]) -> None:
        """Send them in one write."""
        for frame in frames:
            if frame.binary:
                self._protocol.send_binary(frame.data)
            else:
                self._protocol.send_text(frame.data)
        self._flush()

    def mark(self) -> None:
        """Send a marker: what the server sent until it is answered came before."""
        self._markers += 1
        self.send([heartbeat(f"{MARKER}{self._markers}", self._major)])

    @property
    def caught_up(self) -> bool:
        """Whether every marker is answered, or none can be any more."""
        return self.over or self._answered == self._markers

    def close(self) -> None:
        """Begin to close."""
        self._protocol.send_close(CloseCode.NORMAL_CLOSURE)
        self._flush()

    def end_writing(self) -> None:
        """Say no more, without a close frame."""
        self._socket.shutdown(socket.SHUT_WR)

    def receive(self) -> None:
        """Take what is there to be read; waits if there is nothing."""
        data = self._socket.recv(65536)
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        for event in self._protocol.events_received():
            if isinstance(event, WireFrame):
                self._hear(event)
        self._flush()
        if not data:
            self._end()

    def take(self) -> list[JsonValue]:
        """What was heard since the last time."""
        taken, self.heard = self.heard, []
        return taken

    def _handshake(self) -> str:
        self._protocol.send_request(self._protocol.connect())
        self._flush()
        while self._protocol.handshake_exc is None and self._protocol.state.name == "CONNECTING":
            self.receive()
        match self._protocol.handshake_exc:
            case None:
                assert len(self._protocol.extensions) == self._deflate, "not negotiated as asked"
                return "HTTP 101"
            case InvalidStatus(response=response):
                self.over = True
                return f"HTTP {response.status_code}"
            case error:
                raise error

    def _hear(self, frame: WireFrame) -> None:
        if frame.opcode is Opcode.CLOSE:
            return  # told once the connection has ended with it
        assert frame.fin, "the server sends no fragments"
        said = heard(Frame(bytes(frame.data), binary=frame.opcode is Opcode.BINARY))
        if self._is_marker(said):
            self._answered += 1
        else:
            self.heard.append(said)

    def _is_marker(self, said: JsonValue) -> bool:
        """Whether it answers one; on version 0.x the next answer due is taken for it."""
        due = self._answered < self._markers
        return str(heard_ref(said)).startswith(MARKER) or (said == BEAT and due)

    def _end(self) -> None:
        self.over = True
        closed = self._protocol.close_rcvd
        if not self._protocol.close_sent or self._protocol.close_rcvd_then_sent:
            self.heard.append({"close": None if closed is None else closed.code})

    def _flush(self) -> None:
        data = b"".join(self._protocol.data_to_send())
        if data and not self.over:
            self._socket.sendall(data)

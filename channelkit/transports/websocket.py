"""The carrier over a WebSocket: frames of a link to messages of a connection, and back.

A frame that is complete, whole, plain and masked is read here, all others by
websockets' `ServerProtocol`, which owns everything that can go wrong. It is
only ever given complete frames, so both always agree on where a frame begins,
and reading can stop between any two. The exception is a frame whose header
condemns it: that, and all behind it, it gets at once.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final, final

from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode
from websockets.protocol import OPEN

from ..exits import ConnectionLost, close_code
from ..raw_frames import RawFrame
from ..runtime.log import crashed
from .deflate import hibernate
from .fragments import INVALID_DATA, Fault, Fragments
from .frames import BINARY, TEXT, WHOLE, apply_mask, condemned, ends, extended, is_utf8, wire_form
from .machine import plain, verdict

if TYPE_CHECKING:
    from websockets.server import ServerProtocol

    from ..exits import Exit
    from ..limits import Limits
    from ..runtime.carried import Carried
    from ..wire import Frame
    from .link import Link

__all__ = ["WebSocket"]


class _Phase(Enum):
    OPEN = auto()
    CLOSING = auto()
    """We have said goodbye, and wait for the peer's close frame."""
    OVER = auto()
    """Nothing more is to be said: the link is ending."""


_OPEN: Final = _Phase.OPEN


@final
class WebSocket:
    """Implements `Carrier` for a connection, and `Receiver` for a link.

    Attributes:
        connection: Whom it carries for; set right after it is made.

    Args:
        protocol: Past its handshake, and given nothing yet. None where no extension was agreed:
            one is made when it is needed.
        rest: What the peer sent behind its opening handshake.
        fast_path: Whether to read plain frames here; tests turn it off to show
            that nobody can tell.
    """

    __slots__ = (
        "_busy",
        "_direct",
        "_eof",
        "_fast",
        "_fragments",
        "_limits",
        "_link",
        "_machine",
        "_phase",
        "_plain",
        "_reading",
        "_rest",
        "_stirred",
        "connection",
    )

    connection: Carried

    def __init__(
        self,
        link: Link,
        protocol: ServerProtocol | None,
        limits: Limits,
        *,
        rest: bytes = b"",
        fast_path: bool = True,
    ) -> None:
        self._link = link
        self._machine = protocol
        self._limits = limits
        self._rest = bytearray(rest)
        self._plain = protocol is None or not protocol.extensions
        self._fast = fast_path and self._plain
        self._direct = self._fast  # and no message is open
        self._phase = _OPEN
        self._reading = False
        self._busy = False
        self._eof = False
        self._fragments = Fragments(limits.fragments)
        self._stirred = False

    # From the link: Receiver.

    def data(self, data: bytes) -> None:
        """See `Receiver.data`."""
        if self._phase is not _OPEN:
            self._wind_up(data)
        elif self._rest or not self._reading:
            self._rest += data
            self._work_off()
        else:
            taken = self._take(data)
            if taken < len(data):
                self._rest += data[taken:]

    def eof(self) -> None:
        """See `Receiver.eof`; what is not taken yet comes first."""
        self._eof = True
        if self._reading or self._phase is not _OPEN:
            self.lost()

    def lost(self) -> None:
        """See `Receiver.lost`."""
        if self._phase is not _Phase.OVER:
            self._hang_up()
            self.connection.lost(ConnectionLost())

    def writing_paused(self) -> None:
        """See `Receiver.writing_paused`."""
        self.connection.writing_paused()

    def writing_resumed(self) -> None:
        """See `Receiver.writing_resumed`."""
        self.connection.writing_resumed()

    # From the connection: Carrier.

    def send(self, frame: Frame) -> None:
        """See `Carrier.send`."""
        if self._phase is not _OPEN:
            return
        if self._plain or (isinstance(frame, RawFrame) and frame.control):
            self._link.write(wire_form(frame))
            return
        self._stirred = True
        if frame.binary:
            self._protocol.send_binary(frame.data)
        else:
            self._protocol.send_text(frame.data)
        self._write()

    def buffered(self) -> int:
        """See `Carrier.buffered`."""
        return self._link.buffered()

    def queued(self) -> int:
        """See `Carrier.queued`."""
        return 0

    def stirred(self) -> bool:
        """See `Carrier.stirred`; only compression has something to lose."""
        stirred, self._stirred = self._stirred, False
        return stirred

    def hibernate(self) -> None:
        """See `Carrier.hibernate`."""
        if not self._plain:
            hibernate(self._protocol)
        if not self._rest:
            self._rest = bytearray()  # an emptied one may keep what it had

    def pause_reading(self) -> None:
        """See `Carrier.pause_reading`."""
        self._reading = False
        if self._phase is _OPEN:
            self._link.pause_reading()

    def resume_reading(self) -> None:
        """See `Carrier.resume_reading`."""
        self._reading = True
        self._link.resume_reading()
        self._work_off()
        if self._eof and self._reading:
            self.lost()

    def close(self, reason: Exit) -> None:
        """See `Carrier.close`."""
        if self._phase is not _OPEN:
            return  # the peer began, or broke the protocol: that is answered already
        told = close_code(reason)
        if told is None:
            self._hang_up()
            return
        self._phase = _Phase.CLOSING
        self._protocol.send_close(*told)
        self._write()
        if self._eof:
            self._hang_up()
            return
        self._link.resume_reading()
        rest, self._rest = bytes(self._rest), bytearray()
        self._wind_up(rest)

    # Reading.

    @property
    def _protocol(self) -> ServerProtocol:
        self._machine = self._machine or plain(self._limits)
        return self._machine

    def _work_off(self) -> None:
        if self._reading and not self._busy:
            rest = self._rest
            taken = self._take(rest)
            del rest[:taken]

    def _take(self, data: bytes | bytearray) -> int:
        """Take frames until reading stops or none is complete; returns how many bytes."""
        self._busy = True
        try:
            return self._take_frames(data)
        except Exception as error:  # our own mistake: it costs this connection and no other
            crashed("transport crashed", error, peer=self.connection.peer)
            self._phase = _Phase.OVER
            self._link.abort()
            self.connection.lost(ConnectionLost())
            return len(data)
        finally:
            self._busy = False

    def _take_frames(self, data: bytes | bytearray) -> int:
        received, limit = self.connection.received, self._limits.message
        at, end = 0, len(data)
        while self._reading and at + 2 <= end:
            first, second = data[at], data[at + 1]
            length, body = second & 0x7F, at + 6
            if length > 125:
                length, body = extended(data, at)
            stop = body + length
            masked = second > 0x7F
            if self._direct and masked and first in WHOLE and length <= limit:
                if length < 0 or stop > end:
                    break
                payload = apply_mask(data[body:stop], data[body - 4 : body])
                at = stop
                if first == TEXT and not payload.isascii() and not is_utf8(payload):
                    self._fail(INVALID_DATA, "text that is not UTF-8")
                else:
                    received(payload, binary=first == BINARY)
                continue
            doomed = condemned(first, length, masked=masked, room=self._room)
            ending = doomed or ends(first, length, plain=self._plain, inside=bool(self._fragments))
            if ending and not self.connection.parting():
                break
            if doomed:
                self._hand_over(data[at:])
                return end
            if length < 0 or stop > end:
                break
            if first & 0x0F == Opcode.CLOSE:
                self._forget_fragments()
            self._hand_over(data[at:stop])
            at = stop
        return at

    @property
    def _room(self) -> int:
        begun = self._machine and self._machine.current_size
        return self._limits.message - (begun or 0)

    def _forget_fragments(self) -> None:
        # A close frame may come inside a message; websockets would call it a
        # protocol error (RFC 6455 §5.4, Autobahn 7.1.5).
        self._fragments.forget()
        self._direct = self._fast
        self._protocol.current_size = None

    def _hand_over(self, data: bytes | bytearray) -> None:
        """Let `ServerProtocol` read."""
        protocol = self._protocol
        protocol.receive_data(data)
        for event in protocol.events_received():
            assert isinstance(event, WebSocketFrame)
            self._event(event)
        over = protocol.state is not OPEN and self._phase is _OPEN
        (self._over if over else self._write)()

    def _event(self, frame: WebSocketFrame) -> None:
        opcode = frame.opcode
        if opcode in (Opcode.PING, Opcode.PONG):
            self.connection.controlled(bytes(frame.data), ping=opcode is Opcode.PING)
        elif opcode is not Opcode.CLOSE:
            data = bytes(frame.data)
            if not frame.fin or self._fragments:
                self._collect(opcode, data, last=frame.fin)
            elif opcode is Opcode.TEXT and not is_utf8(data):
                self._fail(INVALID_DATA, "text that is not UTF-8")
            else:
                self.connection.received(data, binary=opcode is Opcode.BINARY)

    def _collect(self, opcode: Opcode, data: bytes, *, last: bool) -> None:
        """Take a fragment; deliver the message with the last."""
        self.connection.heard()
        fragments = self._fragments
        if opcode is not Opcode.CONT:
            fragments.begin(binary=opcode is Opcode.BINARY)
        whole = fragments.add(data, last=last)
        self._direct = self._fast and last
        if isinstance(whole, Fault):
            self._fail(*whole)
        elif whole is not None:
            self.connection.received(whole, binary=fragments.binary)

    # Ending.

    def _fail(self, code: int, reason: str) -> None:
        """End it for a fault that `ServerProtocol` does not look for."""
        self._protocol.fail(code, reason)
        self._over()

    def _over(self) -> None:
        """The protocol is open no longer: say what it says, and why."""
        self._write()
        self._hang_up()
        self.connection.lost(verdict(self._protocol))

    def _write(self) -> None:
        for data in self._protocol.data_to_send():
            self._link.write(data)  # the empty one, SEND_EOF, is ours to do: `_hang_up`

    def _wind_up(self, data: bytes) -> None:
        """Look for the peer's close frame; everything else is too late."""
        if self._phase is _Phase.CLOSING:
            protocol = self._protocol
            protocol.receive_data(data)
            protocol.events_received()
            protocol.data_to_send()
            if protocol.eof_sent:
                self._hang_up()

    def _hang_up(self) -> None:
        self._phase = _Phase.OVER
        self._rest.clear()
        self._link.close()

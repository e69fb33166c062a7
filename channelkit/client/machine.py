"""A client's connection and its rooms as a state machine: no I/O, no clock, no tasks. Pure.

Inputs are what the program asks, what the server sends, and what the runtime
reports; each returns the actions that it causes. `transitions.py` is the
specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, final

from ..wire import HEARTBEAT, PHOENIX, Push, Reply
from .actions import (
    Call,
    CancelTimer,
    Connect,
    Disconnect,
    RoomBecame,
    SocketBecame,
    StartTimer,
    Transmit,
)
from .room_machine import CLOSED, RoomMachine
from .settings import Settings
from .transitions import (
    SOCKET_TABLE,
    SOCKET_TARGETS,
    RoomState,
    SocketInput,
    SocketRule,
    SocketState,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..wire import Envelope
    from .actions import Action, Timed

__all__ = ["NORMAL", "ClientMachine"]

NORMAL: Final = 1000
"""The close code after which nobody connects again (phoenix.js socket.js#onConnClose)."""

LOST: Final = 1006
"""Stands for a connection that ended without a close frame (RFC 6455 §7.1.5)."""

ABANDONED: Final = 4000
"""What the server reads where the client gave the connection up."""


def _even() -> float:
    return 0.5


@final
class ClientMachine:
    """One socket of a client.

    Each input returns what is to be done, in order; the caller does all of it
    before the next input.

    Attributes:
        state: Where the connection stands.

    Args:
        settings: Times and bounds.
        random: A number from 0 to 1, by which times between tries are spread, so that
            clients that one server lost at one moment do not all come back at one moment.
    """

    def __init__(
        self, settings: Settings | None = None, random: Callable[[], float] = _even
    ) -> None:
        self.state = SocketState.CLOSED
        self._settings = settings or Settings()
        self._random = random
        self._rooms: dict[str, RoomMachine] = {}
        self._tries = 0
        self._next_ref = 0
        self._silent = False

    @property
    def rooms(self) -> tuple[RoomMachine, ...]:
        """Those that are not closed."""
        return tuple(self._rooms.values())

    # What the program asks.

    def connect(self) -> list[Action]:
        """Connect, and again whenever the connection is lost; from waiting, at once."""
        return self._apply(SocketInput.CONNECT)

    def close(self, code: int = NORMAL, reason: str = "") -> list[Action]:
        """Close for good: rooms are closed, calls fail."""
        return self._apply(SocketInput.CLOSE, code, reason)

    def join(self, room: RoomMachine) -> list[Action]:
        """Join a topic, now or once the connection opens; takes the place of an earlier join."""
        if self.state is SocketState.CLOSED:
            return [RoomBecame(room, RoomState.CLOSED, reason=CLOSED)]
        earlier = self._rooms.get(room.topic)
        replaced = [] if earlier is None else earlier.replaced()
        self._rooms[room.topic] = room
        return [*replaced, *room.join(self)]

    def push(self, call: Call) -> list[Action]:
        """Send a push in its room, or keep it until that is joined."""
        return call.room.push(call)

    def abandon(self, call: Call) -> list[Action]:
        """Forget a call that nobody waits for any more."""
        return call.room.abandon(call)

    def leave(self, room: RoomMachine) -> list[Action]:
        """Leave a room."""
        return self._of(room, room.leave())

    # What the runtime reports.

    def opened(self) -> list[Action]:
        """The connection that was asked for is open."""
        return self._apply(SocketInput.OPENED)

    def closed(self, code: int = LOST, reason: str = "", *, final: bool = False) -> list[Action]:
        """The connection has closed, or did not open.

        Args:
            code: The server's close code, 1006 without a close frame.
            reason: What came with it, or why it did not open.
            final: There is no use in trying again.
        """
        over = final or code == NORMAL
        return self._apply(SocketInput.ENDED if over else SocketInput.LOST, code, reason)

    def received(self, envelope: Envelope) -> list[Action]:
        """Take what the server sent on the open connection."""
        self._silent = False  # whatever arrives shows that the server lives
        self._tries = 0  # not on opening: one that accepts and drops is not to be hammered
        room = self._rooms.get(envelope.topic)
        if room is None:
            return []  # the heartbeat's reply, or of a room that is no more
        if isinstance(envelope, Reply):
            return self._of(room, room.replied(envelope))
        return self._of(room, room.received(envelope))

    def fired(self, owner: Timed) -> list[Action]:
        """A timer is over."""
        match owner:
            case RoomMachine():
                return self._of(owner, owner.fired())
            case Call():
                return owner.room.timed_out(owner)
            case _:
                happened = SocketInput.SILENCE if self._is_dead else SocketInput.TIMER
                return self._apply(happened, LOST, _TIMEOUTS.get(self.state, ""))

    # For its rooms: `Line`.

    @property
    def is_open(self) -> bool:
        """See `Line.is_open`."""
        return self.state is SocketState.OPEN

    def next_ref(self) -> str:
        """See `Line.next_ref`."""
        self._next_ref += 1
        return str(self._next_ref)

    def rejoin_after(self, tries: int) -> float:
        """See `Line.rejoin_after`."""
        return self._spread(self._settings.rejoin_after, tries)

    @property
    def buffer(self) -> int:
        """See `Line.buffer`."""
        return self._settings.buffer

    # What the rules do.

    def _apply(self, happened: SocketInput, code: int = LOST, reason: str = "") -> list[Action]:
        rule = SOCKET_TABLE[happened][self.state]
        if rule is SocketRule.IGNORE:
            return []
        self.state = SOCKET_TARGETS.get(rule, self.state)
        return self._RULES[rule](self, _Cause(code, reason))

    def _dial(self, _: _Cause) -> list[Action]:
        timer = StartTimer(self, self._settings.timeout)
        return [timer, SocketBecame(self.state), Connect()]

    def _greet(self, _: _Cause) -> list[Action]:
        self._silent = False
        timer = StartTimer(self, self._settings.heartbeat)
        joins = [action for room in self.rooms for action in room.opened()]
        return [timer, SocketBecame(self.state), *joins]

    def _retry(self, cause: _Cause) -> list[Action]:
        self._tries += 1
        seconds = self._spread(self._settings.reconnect_after, self._tries)
        told = SocketBecame(self.state, cause.code, cause.reason, seconds)
        suspended = [action for room in self.rooms for action in self._of(room, room.lost())]
        return [StartTimer(self, seconds), told, *suspended]

    def _abandon(self, cause: _Cause) -> list[Action]:
        # A dead link may take minutes to report its close: do not wait for it.
        return [Disconnect(ABANDONED, cause.reason), *self._retry(cause)]

    def _beat(self, _: _Cause) -> list[Action]:
        self._silent = True
        beat = Push(None, self.next_ref(), PHOENIX, HEARTBEAT, {})
        return [Transmit(beat), StartTimer(self, self._settings.heartbeat)]

    def _end(self, cause: _Cause) -> list[Action]:
        told = SocketBecame(self.state, cause.code, cause.reason)
        closed = [action for room in self.rooms for action in room.ended(CLOSED)]
        self._rooms.clear()
        return [CancelTimer(self), told, *closed]

    def _hang_up(self, cause: _Cause) -> list[Action]:
        return [Disconnect(cause.code, cause.reason), *self._end(cause)]

    _RULES: ClassVar[Mapping[SocketRule, Callable[[Any, _Cause], list[Action]]]] = {
        SocketRule.DIAL: _dial,
        SocketRule.GREET: _greet,
        SocketRule.RETRY: _retry,
        SocketRule.ABANDON: _abandon,
        SocketRule.BEAT: _beat,
        SocketRule.END: _end,
        SocketRule.HANG_UP: _hang_up,
    }

    # What they share.

    def _spread(self, seconds: tuple[float, ...], tries: int) -> float:
        """The time before the nth try: the last one is repeated."""
        nth = seconds[min(tries, len(seconds)) - 1]
        return nth * (1 + self._settings.spread * (2 * self._random() - 1))

    @property
    def _is_dead(self) -> bool:
        """Whether nothing has come since the last heartbeat."""
        return self.is_open and self._silent

    def _of(self, room: RoomMachine, actions: list[Action]) -> list[Action]:
        """What is to be done about a room, which is forgotten once it is closed."""
        if room.state is RoomState.CLOSED and self._rooms.get(room.topic) is room:
            del self._rooms[room.topic]
        return actions


class _Cause(NamedTuple):
    """Why a rule is applied."""

    code: int
    reason: str


_TIMEOUTS: Final = {
    SocketState.CONNECTING: "connect timeout",
    SocketState.OPEN: "heartbeat timeout",
}

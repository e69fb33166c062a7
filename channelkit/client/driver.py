"""Does what the client's machine asks: connections, timers, and who waits for what."""

from __future__ import annotations

import logging
from math import inf
from typing import TYPE_CHECKING, Final, Protocol, assert_never, final

import anyio

from ..errors import CallFailed, ConnectFailed, Disconnected, Refused
from .actions import (
    CancelTimer,
    Connect,
    Deliver,
    Disconnect,
    Fail,
    Item,
    Resolve,
    RoomBecame,
    SocketBecame,
    StartTimer,
    Transmit,
)
from .changes import SocketChange, Watched
from .dialing import is_final
from .inbox import Signal
from .link import Link
from .machine import NORMAL
from .room_machine import TIMEOUT
from .transitions import RoomState, SocketState

if TYPE_CHECKING:
    from anyio.abc import TaskGroup

    from ..wire import Broadcast, Envelope, Push, Reply
    from .actions import Action, Call, Timed
    from .dialing import Dialer
    from .machine import ClientMachine
    from .room_machine import RoomMachine

__all__ = ["Answer", "Driver", "Face"]

LOGGER: Final = logging.getLogger("channelkit.client")


class Face(Protocol):
    """What the program has of a room."""

    def became(self, action: RoomBecame) -> None:
        """The room has a new state."""
        ...

    def arrived(self, envelope: Push | Broadcast) -> None:
        """The server sent this to the room."""
        ...


class Answer(Protocol):
    """Who waits for what becomes of a call."""

    def replied(self, reply: Reply | None) -> None:
        """The call is done."""
        ...

    def failed(self, reason: str) -> None:
        """The call is over without a reply."""
        ...

    def item(self, push: Push) -> None:
        """An item of its stream."""
        ...


@final
class Driver:
    """The runtime of one machine; it lives in the task group of `connect`.

    Attributes:
        changes: What became of the connection.
        cause: What ended it for good, None where the program did.
    """

    def __init__(self, machine: ClientMachine, dialer: Dialer, tasks: TaskGroup) -> None:
        self.machine = machine
        self.changes = Watched[SocketChange]()
        self.cause: Exception | None = None
        self._dialer = dialer
        self._tasks = tasks
        self._link: Link | None = None
        self._links: list[Link] = []
        self._faces: dict[RoomMachine, Face] = {}
        self._answers: dict[Call, Answer] = {}
        self._deadlines: dict[Timed, float] = {}
        self._alarm = Signal()
        self._next_look = inf
        self._was_open = False
        self._failure: Exception | None = None
        tasks.start_soon(self._keep_time)

    # For the socket and its rooms.

    async def open(self) -> None:
        """Connect for the first time.

        Raises:
            Refused: The server refused, as declared.
            ConnectFailed: There is no connection for another reason.
        """
        self.do(self.machine.connect())
        while self.machine.state is SocketState.CONNECTING:
            await self.changes.next()
        if not self._was_open:  # it may have been lost again since
            failure = self._failure or ConnectFailed(TIMEOUT)
            self.do(self.machine.close())
            raise failure

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Close for good, and wait for the goodbye, which is bounded."""
        self.do(self.machine.close(code, reason))
        for link in tuple(self._links):
            await link.ended.wait()

    def join(self, room: RoomMachine, face: Face) -> None:
        """Join a topic; the face is told what becomes of it."""
        self._faces[room] = face
        self.do(self.machine.join(room))

    def push(self, call: Call, answer: Answer) -> None:
        """Push; the answer is told what becomes of it."""
        self._answers[call] = answer
        self.do(self.machine.push(call))

    def abandon(self, call: Call) -> None:
        """Nobody waits for a call any more."""
        self.do(self.machine.abandon(call))
        self._answers.pop(call, None)

    async def clear(self, timeout: float) -> None:
        """Wait while more is to be written than should be.

        Raises:
            CallFailed: It takes too long.
        """
        link = self._link
        if link is None or not link.crowded:
            return
        with anyio.move_on_after(timeout):
            await link.drained()
            return
        raise CallFailed(TIMEOUT)

    # From the link: `Owner`. One that was hung up tells nothing.

    def opened(self) -> None:
        """See `Owner.opened`."""
        self._was_open = True
        self.do(self.machine.opened())

    def received(self, envelope: Envelope) -> None:
        """See `Owner.received`."""
        self.do(self.machine.received(envelope))

    def failed(self, error: Exception) -> None:
        """See `Owner.failed`."""
        self._failure = error
        if self._was_open and not isinstance(error, (Refused, ConnectFailed)):
            LOGGER.error("could not connect again", exc_info=error)
        final = not self._was_open or is_final(error)
        reason = error.reason if isinstance(error, CallFailed) else str(error)
        self.do(self.machine.closed(reason=reason, final=final))

    def lost(self, code: int, reason: str) -> None:
        """See `Owner.lost`."""
        self._failure = Disconnected(code, reason)
        self.do(self.machine.closed(code, reason))

    # The machine's actions.

    def do(self, actions: list[Action]) -> None:
        """Do all of it, in order."""
        for action in actions:
            self._do(action)

    def _do(self, action: Action) -> None:
        match action:
            case Transmit(push):
                self._sending.send(push)
            case StartTimer(owner, seconds):
                self._start(owner, seconds)
            case CancelTimer(owner):
                self._deadlines.pop(owner, None)
            case Resolve(call, reply):
                self._answers.pop(call).replied(reply)
            case Fail(call, reason):
                self._answers.pop(call).failed(reason)
            case Item(call, push):
                self._answers[call].item(push)
            case Deliver(room, envelope):
                self._faces[room].arrived(envelope)
            case RoomBecame(room, state):
                face = self._faces.pop(room) if state is RoomState.CLOSED else self._faces[room]
                face.became(action)
            case SocketBecame():
                self._became(action)
            case Connect():
                self._link = Link(self, self._dialer, self._dialer.settings)
                self._links.append(self._link)
                self._tasks.start_soon(self._run, self._link)
            case Disconnect(code, reason):
                link, self._link = self._sending, None
                link.hang_up(code, reason)
            case _:
                assert_never(action)

    def _became(self, action: SocketBecame) -> None:
        over = action.state is SocketState.CLOSED
        if over and self._link is not None:
            self.cause = self._failure  # it was not us: that would have disconnected first
        if over or action.state is SocketState.WAITING:
            self._link = None
        change = SocketChange(**action._asdict())
        LOGGER.debug("%s", change)
        self.changes.tell(change, last=over)

    @property
    def _sending(self) -> Link:
        assert self._link is not None, "the machine asks for this only while there is one"
        return self._link

    async def _run(self, link: Link) -> None:
        try:
            await link.run()
        finally:
            self._links.remove(link)

    # Time.

    def _start(self, owner: Timed, seconds: float) -> None:
        self._deadlines[owner] = deadline = anyio.current_time() + seconds
        if deadline < self._next_look:
            self._alarm.ring()

    async def _keep_time(self) -> None:
        while True:
            self._next_look = min(self._deadlines.values(), default=inf)
            with anyio.CancelScope(deadline=self._next_look):
                await self._alarm.wait()
            now = anyio.current_time()
            for owner in [each for each, due in self._deadlines.items() if due <= now]:
                if self._deadlines.get(owner, inf) <= now:  # another one may have cancelled it
                    del self._deadlines[owner]
                    self.do(self.machine.fired(owner))

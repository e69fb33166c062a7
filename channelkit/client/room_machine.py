"""One join of one topic as the client keeps it: a state machine. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, Protocol, final

from ..wire import CHANNEL_CRASH, CLOSE, ERROR, JOIN, LEAVE, Broadcast, Push
from .actions import (
    CancelTimer,
    Deliver,
    Expects,
    Fail,
    Item,
    Resolve,
    RoomBecame,
    StartTimer,
    Transmit,
)
from .transitions import ROOM_TABLE, ROOM_TARGETS, RoomInput, RoomRule, RoomState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..wire import Body, Ref, Reply
    from .actions import Action, Call

__all__ = ["CLOSED", "LEFT", "REPLACED", "TIMEOUT", "Line", "RoomMachine"]

# Why a call fails, or a room is closed, where the server does not say.
CLOSED: Final = "closed"
DISCONNECTED: Final = "disconnected"
FULL: Final = "full"
LEFT: Final = "left"
REFUSED: Final = "refused"
REPLACED: Final = "replaced"
TIMEOUT: Final = "timeout"

_HEARD: Final = {CLOSE: RoomInput.PHX_CLOSE, ERROR: RoomInput.PHX_ERROR}


class Line(Protocol):
    """What a room needs to know of its connection."""

    @property
    def is_open(self) -> bool:
        """Whether pushes can be sent now."""
        ...

    def next_ref(self) -> str:
        """A ref that was never used on this socket."""
        ...

    def rejoin_after(self, tries: int) -> float:
        """Seconds before the nth try to join again, counted from 1."""
        ...

    @property
    def buffer(self) -> int:
        """How many pushes of a room may wait for it to be joined."""
        ...


@final
class RoomMachine:
    """One join of one topic, joined again until it is left, refused or closed.

    Each input returns what is to be done about it. The join's verdict is the
    first `RoomBecame` that is joined or closed.

    Attributes:
        topic: The topic.
        params: What each join carries.
        timeout: Seconds that a join or a leave waits for its reply.
        state: Where it stands.
        join_ref: The ref of the join that this connection carries, None without one.
        was_joined: Whether a join was ever granted.
    """

    def __init__(self, topic: str, params: Body, *, timeout: float) -> None:
        self.topic = topic
        self.params = params
        self.timeout = timeout
        self.state = RoomState.CLOSED
        self.join_ref: Ref = None
        self.was_joined = False
        self._line: Line | None = None
        self._leave_ref: Ref = None
        self._tries = 0
        self._held: list[Call] = []
        self._sent: dict[Ref, Call] = {}

    # What the program asks.

    def join(self, line: Line) -> list[Action]:
        """Join over this connection, now or once it opens. Once only."""
        self._line = line
        return self._apply(RoomInput.JOIN if line.is_open else RoomInput.JOIN_EARLY)

    def push(self, call: Call) -> list[Action]:
        """Send a push, or keep it until the room is joined."""
        happened = RoomInput.PUSH
        waits = self.state in ROOM_TABLE[RoomInput.PUSH_AT_BOUND]
        if waits and len(self._held) >= self._open_line.buffer:
            happened = RoomInput.PUSH_AT_BOUND
        return self._PUSHED[ROOM_TABLE[happened][self.state]](self, call)

    def abandon(self, call: Call) -> list[Action]:
        """Forget a call that nobody waits for any more; if it was not sent it never is."""
        return [CancelTimer(call)] if self._forget(call) else []

    def leave(self) -> list[Action]:
        """Leave for good; `RoomBecame` closed follows."""
        sent = self.join_ref is not None
        return self._apply(RoomInput.LEAVE if sent else RoomInput.LEAVE_UNSENT, LEFT)

    def replaced(self) -> list[Action]:
        """Make room for another join of the topic; the server ends this one."""
        return self._apply(RoomInput.REPLACED, REPLACED)

    # What happens to the connection, and to time.

    def opened(self) -> list[Action]:
        """The connection is open again."""
        return self._apply(RoomInput.OPENED)

    def lost(self) -> list[Action]:
        """The connection is gone, and will be back."""
        return self._apply(RoomInput.LOST, DISCONNECTED)

    def ended(self, reason: str) -> list[Action]:
        """The connection is over for good."""
        return self._apply(RoomInput.ENDED, reason)

    def fired(self) -> list[Action]:
        """The timer that was started for this room is over."""
        match self.state:
            case RoomState.JOINING if self.was_joined:
                return self._apply(RoomInput.TIMED_OUT_AGAIN, TIMEOUT)
            case RoomState.JOINING:
                return self._apply(RoomInput.TIMED_OUT, TIMEOUT)
            case RoomState.LEAVING:
                return self._apply(RoomInput.LEFT, LEFT)
            case _:
                return self._apply(RoomInput.TIMER)

    def timed_out(self, call: Call) -> list[Action]:
        """The timer that was started for a call of this room is over."""
        return [Fail(call, TIMEOUT)] if self._forget(call) else []

    # What the server sends.

    def replied(self, reply: Reply) -> list[Action]:
        """Take a reply on this topic."""
        call = self._sent.get(reply.ref)
        if call is not None:
            self._forget(call)
            return [CancelTimer(call), Resolve(call, reply)]
        if reply.ref is None:
            return []
        if reply.ref == self._leave_ref:
            return self._apply(RoomInput.LEFT, LEFT)
        if reply.ref == self.join_ref and self.state is RoomState.JOINING:
            return self._decided(reply)
        return []  # to a call that was abandoned, or a push that asked for nothing

    def received(self, envelope: Push | Broadcast) -> list[Action]:
        """Take a push or broadcast on this topic."""
        happened = self._heard(envelope)
        if happened in (RoomInput.PHX_CLOSE, RoomInput.PHX_ERROR):
            return self._apply(happened, self._end_reason(envelope))
        if ROOM_TABLE[happened][self.state] is RoomRule.IGNORE:
            return []
        if isinstance(envelope, Push) and envelope.ref is not None:
            return self._item(envelope)
        return [Deliver(self, envelope)]

    def _end_reason(self, envelope: Push | Broadcast) -> str:
        if self.state is RoomState.LEAVING:
            return LEFT
        usual = CHANNEL_CRASH if envelope.event == ERROR else CLOSED
        return _reason(envelope.payload) or usual

    def _heard(self, envelope: Push | Broadcast) -> RoomInput:
        join_ref = envelope.join_ref if isinstance(envelope, Push) else None
        if join_ref is not None and join_ref != self.join_ref:
            return RoomInput.STALE  # phoenix.js channel.js#isMember
        return _HEARD.get(envelope.event, RoomInput.EVENT)

    def _item(self, push: Push) -> list[Action]:
        """An item of a stream: the only pushes of a server that carry a ref."""
        call = self._sent.get(push.ref)
        if call is None or call.expects is not Expects.STREAM:
            return []  # of a stream that was abandoned
        return [StartTimer(call, call.timeout), Item(call, push)]

    # Which rule of the table.

    def _decided(self, reply: Reply) -> list[Action]:
        if reply.status == "ok":
            happened = RoomInput.GRANTED
        else:
            happened = RoomInput.REFUSED_AGAIN if self.was_joined else RoomInput.REFUSED
        return self._apply(happened, _reason(reply.response) or REFUSED, reply)

    def _apply(
        self, happened: RoomInput, reason: str = CLOSED, reply: Reply | None = None
    ) -> list[Action]:
        rule = ROOM_TABLE[happened][self.state]
        before, self.state = self.state, ROOM_TARGETS.get(rule, self.state)
        if rule is RoomRule.IGNORE:
            return []
        cause = _Cause(reason, reply, before)
        return self._RULES[rule](self, cause)

    # What the rules do. A state is told before calls fail: who reads of a failure sees it.

    def _send_join(self, cause: _Cause) -> list[Action]:
        self.join_ref = ref = self._open_line.next_ref()
        told = [] if cause.before is RoomState.JOINING else [RoomBecame(self, self.state)]
        push = Push(ref, ref, self.topic, JOIN, self.params)
        return [*told, Transmit(push), StartTimer(self, self.timeout)]

    def _wait(self, _: _Cause) -> list[Action]:
        return [RoomBecame(self, self.state)]

    def _suspend(self, cause: _Cause) -> list[Action]:
        self.join_ref = None
        told = [] if cause.before is self.state else [cause.told(self)]
        return [CancelTimer(self), *told, *self._unanswered(cause.reason)]

    def _admit(self, cause: _Cause) -> list[Action]:
        self.was_joined = True
        self._tries = 0
        held, self._held = self._held, []
        sent = [action for call in held for action in self._transmit(call)]
        return [CancelTimer(self), cause.told(self), *sent]

    def _give_up(self, cause: _Cause) -> list[Action]:
        return [self._leaving(), *self._close(cause)]

    def _retry(self, cause: _Cause) -> list[Action]:
        self.join_ref = None
        self._tries += 1
        seconds = self._open_line.rejoin_after(self._tries)
        told = cause.told(self, seconds)
        return [StartTimer(self, seconds), told, *self._unanswered(cause.reason)]

    def _retry_late(self, cause: _Cause) -> list[Action]:
        return [self._leaving(), *self._retry(cause)]

    def _send_leave(self, _: _Cause) -> list[Action]:
        leave = self._leaving()
        self._leave_ref = leave.push.ref
        return [RoomBecame(self, self.state), leave, StartTimer(self, self.timeout)]

    def _close(self, cause: _Cause) -> list[Action]:
        self.join_ref = self._leave_ref = None
        waiting = [*self._sent.values(), *self._held]
        self._sent, self._held = {}, []
        return [CancelTimer(self), cause.told(self), *_failed(waiting, cause.reason)]

    _RULES: ClassVar[Mapping[RoomRule, Callable[[Any, _Cause], list[Action]]]] = {
        RoomRule.SEND_JOIN: _send_join,
        RoomRule.WAIT: _wait,
        RoomRule.SUSPEND: _suspend,
        RoomRule.ADMIT: _admit,
        RoomRule.REFUSE: _close,
        RoomRule.GIVE_UP: _give_up,
        RoomRule.RETRY: _retry,
        RoomRule.RETRY_LATE: _retry_late,
        RoomRule.SEND_LEAVE: _send_leave,
        RoomRule.CLOSE: _close,
    }

    # What they do about a push of the program.

    def _transmit(self, call: Call) -> list[Action]:
        call.ref = self._open_line.next_ref()
        push = Push(self.join_ref, call.ref, self.topic, call.event, call.payload)
        if call.expects is Expects.NOTHING:
            return [Transmit(push), CancelTimer(call), Resolve(call, None)]
        self._sent[call.ref] = call
        return [Transmit(push)]

    def _transmit_now(self, call: Call) -> list[Action]:
        return [StartTimer(call, call.timeout), *self._transmit(call)]

    def _hold(self, call: Call) -> list[Action]:
        self._held.append(call)
        return [StartTimer(call, call.timeout)]

    def _reject(self, call: Call) -> list[Action]:
        return [Fail(call, CLOSED)]

    def _full(self, call: Call) -> list[Action]:
        return [Fail(call, FULL)]

    _PUSHED: ClassVar[Mapping[RoomRule, Callable[[Any, Call], list[Action]]]] = {
        RoomRule.TRANSMIT: _transmit_now,
        RoomRule.HOLD: _hold,
        RoomRule.REJECT: _reject,
        RoomRule.FULL: _full,
    }

    # What they share.

    @property
    def _open_line(self) -> Line:
        assert self._line is not None, "a room is joined first"
        return self._line

    def _leaving(self) -> Transmit:
        ref = self._open_line.next_ref()
        return Transmit(Push(self.join_ref, ref, self.topic, LEAVE, {}))

    def _unanswered(self, reason: str) -> list[Action]:
        """What was sent will have no reply any more."""
        sent, self._sent = self._sent, {}
        return _failed(sent.values(), reason)

    def _forget(self, call: Call) -> bool:
        if call in self._held:
            self._held.remove(call)
            return True
        return self._sent.pop(call.ref, None) is not None


class _Cause(NamedTuple):
    """Why a rule is applied, and in which state."""

    reason: str
    reply: Reply | None
    before: RoomState

    def told(self, room: RoomMachine, retry_in: float | None = None) -> RoomBecame:
        reason = self.reason if self.reply is None else None
        return RoomBecame(room, room.state, self.reply, reason, retry_in)


def _failed(calls: Iterable[Call], reason: str) -> list[Action]:
    return [action for call in calls for action in (CancelTimer(call), Fail(call, reason))]


def _reason(payload: Body) -> str | None:
    reason = payload.get("reason") if isinstance(payload, dict) else None
    return reason if isinstance(reason, str) else None

"""One client link as a state machine: what every input causes, as a table. Pure.

Inputs return lists of actions; nothing that a peer sends raises. Time, tasks
and bytes are the runtime's.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, TypeAlias, final

from .exits import BadEncoding, BadFrame, Crashed, Exit, Overloaded, Replaced, Stopped
from .member import Member
from .transitions import TABLE, Input, Rule, State
from .wire import (
    CHANNEL_CRASH,
    CLOSE,
    ERROR,
    HEARTBEAT,
    INVALID_MESSAGE,
    JOIN,
    LEAVE,
    OVERLOADED,
    PHOENIX,
    TOO_MANY_CHANNELS,
    UNMATCHED_TOPIC,
    Envelope,
    Push,
    Reply,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic import JsonValue

    from .dispatch import DispatchTable, Match
    from .errors import RemoteProtocolError
    from .limits import Limits
    from .wire import Body, Status

__all__ = ["Action", "Close", "Deliver", "Send", "Session", "Start", "Stop"]


INVALID_DATA: Final = 1007
"""Close code: text that is not UTF-8, not JSON, or no envelope (RFC 6455 §7.4.1)."""

MAX_VIOLATIONS: Final = 3
"""Invalid messages of one connection; the last one closes it."""


class Send(NamedTuple):
    """Encode and send an envelope."""

    envelope: Envelope


class Start(NamedTuple):
    """Run the join of this member; where it replaces another, once that one has ended."""

    member: Member


class Deliver(NamedTuple):
    """Put a push into the member's inbox."""

    member: Member
    push: Push


class Stop(NamedTuple):
    """End the member's task for this reason; its `ended` follows."""

    member: Member
    exit: Exit


class Close(NamedTuple):
    """Close the connection for this reason."""

    exit: Exit


Action: TypeAlias = Send | Start | Deliver | Stop | Close


@final
class Session:
    """The members of one client link, and the rules of their life.

    Attributes:
        clogged: A member whose inbox is full. While there is one, the runtime
            receives nothing more; it goes when half the inbox is handled.
    """

    def __init__(self, table: DispatchTable, limits: Limits) -> None:
        self._table = table
        self._limits = limits
        self._members: dict[str, Member] = {}
        self._violations = 0
        self._closed = False
        self.clogged: Member | None = None

    @property
    def members(self) -> tuple[Member, ...]:
        """Who is joining, joined or leaving."""
        return tuple(self._members.values())

    # What the peer sends.

    def receive(self, push: Push) -> list[Action]:
        """Take a push from the peer: the whole of protocol.md B1.4 and B1.5."""
        if self._closed:
            return []
        member = self._members.get(push.topic)
        if member is not None:
            happened = self._present(push, member)
            return self._PRESENT[TABLE[happened][member.state]](self, push, member)
        match = self._table.match(push.topic) if push.event == JOIN else None
        happened = self._absent(push, match)
        return self._ABSENT[TABLE[happened][State.ABSENT]](self, push, match)

    def violated(self, error: RemoteProtocolError) -> list[Action]:
        """Take a frame that holds no envelope.

        Where its ref could be read it is answered, and counted; else, and at
        the third, the connection closes.
        """
        if self._closed:
            return []
        self._violations += 1
        if not error.has_ref or self._violations >= MAX_VIOLATIONS:
            code = error.close_code
            return [Close(BadEncoding() if code == INVALID_DATA else BadFrame(code))]
        topic = PHOENIX if error.topic is None else error.topic
        return [Send(Reply(None, error.ref, topic, "error", refused(INVALID_MESSAGE)))]

    # What the runtime reports.

    def granted(self, member: Member, response: Body) -> list[Action]:
        """Admit a member whose join was authorized; `response` is what its reply carries.

        Pushes that arrived while the join was pending are taken up again
        after its reply, in the order they came.
        """
        return self._verdict(Input.GRANTED, member, "ok", response)

    def refused(self, member: Member, response: Body) -> list[Action]:
        """Reject a member: refused, crashed in its join, or timed out there."""
        return self._verdict(Input.REFUSED, member, "error", response)

    def left(self, member: Member) -> list[Action]:
        """Confirm a leave: everything queued before it is done."""
        if self._closed or TABLE[Input.LEFT][member.state] is not Rule.CONFIRM_LEAVE:
            return []
        return self._confirmed(member)

    def ended(self, member: Member, reason: Exit, unhandled: Iterable[Push] = ()) -> list[Action]:
        """Take a member out whose task is over, its farewell done.

        Args:
            reason: Why it ended.
            unhandled: What was delivered to it and never handled; answered as for no member.
        """
        if self._closed or self._members.get(member.topic) is not member:
            return []  # replaced: its close follows the new join's reply
        actions: list[Action]
        match TABLE[Input.ENDED][member.state]:
            case Rule.END:
                actions = [_farewell(member, reason)]
            case Rule.END_LEAVE:
                actions = [*self._confirmed(member), _farewell(member, None)]
            case _:
                return []
        del self._members[member.topic]
        left_over = [*unhandled, *member.held]
        member.held.clear()
        member.waiting = 0
        self._relieve(member)
        return actions + self._replayed(left_over)

    def stalled(self, member: Member) -> None:
        """A full inbox has stopped the reading for too long: answer its pushes "overloaded"."""
        member.stalled = member.full
        self.clogged = None

    def taken(self, member: Member) -> None:
        """The runtime took one push out of the member's inbox."""
        member.waiting -= 1
        self._relieve(member)

    def closed(self, reason: Exit) -> list[Action]:
        """The link is over: stop every member; nothing is sent any more."""
        self._closed = True
        members, self._members = self._members, {}
        return [Stop(member, reason) for member in members.values()]

    # Which row of the table.

    def _absent(self, push: Push, match: Match | None) -> Input:
        if push.event == HEARTBEAT and push.topic == PHOENIX:
            return Input.HEARTBEAT
        if push.event == LEAVE:
            return Input.LEAVE
        if push.event != JOIN:
            return Input.EVENT
        if match is None:
            return Input.JOIN_UNROUTED
        return Input.JOIN_AT_LIMIT if len(self._members) >= self._limits.topics else Input.JOIN

    def _present(self, push: Push, member: Member) -> Input:
        joined = member.state is State.JOINED
        if member.stalled and member.full and not (joined and push.event in (JOIN, LEAVE)):
            return Input.SWAMPED
        if push.event == JOIN:
            return Input.JOIN
        if not member.owns(push):
            return Input.STALE
        return Input.LEAVE if push.event == LEAVE else Input.EVENT

    # What the rules do about a push: for no member, then for one.

    def _heartbeat(self, push: Push, _: Match | None) -> list[Action]:
        return [Send(Reply(None, push.ref, push.topic, "ok", {}))]

    def _unmatched(self, push: Push, _: Match | None) -> list[Action]:
        return [Send(Reply(None, push.ref, push.topic, "error", refused(UNMATCHED_TOPIC)))]

    def _too_many(self, push: Push, _: Match | None) -> list[Action]:
        return [_answered(push, "error", refused(TOO_MANY_CHANNELS))]

    def _not_joined(self, push: Push, _: Match | None) -> list[Action]:
        return [_answered(push, "ok", {})]

    def _start(self, push: Push, match: Match | None) -> list[Action]:
        assert match is not None
        return [Start(self._entered(Member(push, match, self._limits.inbox)))]

    def _replace(self, push: Push, member: Member) -> list[Action]:
        successor = Member(push, member.match, self._limits.inbox, replaced=member)
        return [Stop(member, Replaced()), Start(self._entered(successor))]

    def _hold(self, push: Push, member: Member) -> list[Action]:
        member.held.append(push)
        self._clog(member)
        return []

    def _deliver(self, push: Push, member: Member) -> list[Action]:
        member.waiting += 1
        self._clog(member)
        return [Deliver(member, push)]

    def _deliver_leave(self, push: Push, member: Member) -> list[Action]:
        member.state = State.LEAVING
        member.leave = push
        return self._deliver(push, member)

    def _drop(self, _: Push, __: Member) -> list[Action]:
        return []

    def _swamped(self, push: Push, member: Member) -> list[Action]:
        return [Send(_reply(member, push, "error", refused(OVERLOADED)))]

    _ABSENT: ClassVar[Mapping[Rule, Callable[[Any, Push, Match | None], list[Action]]]] = {
        Rule.HEARTBEAT: _heartbeat,
        Rule.UNMATCHED: _unmatched,
        Rule.TOO_MANY: _too_many,
        Rule.NOT_JOINED: _not_joined,
        Rule.START: _start,
    }
    _PRESENT: ClassVar[Mapping[Rule, Callable[[Any, Push, Member], list[Action]]]] = {
        Rule.REPLACE: _replace,
        Rule.HOLD: _hold,
        Rule.DELIVER: _deliver,
        Rule.DELIVER_LEAVE: _deliver_leave,
        Rule.DROP: _drop,
        Rule.SWAMPED: _swamped,
    }

    # What they share.

    def _entered(self, member: Member) -> Member:
        self._members[member.topic] = member
        return member

    def _verdict(
        self, happened: Input, member: Member, status: Status, response: Body
    ) -> list[Action]:
        if self._closed or TABLE[happened][member.state] is Rule.IGNORE:
            return []
        actions: list[Action] = [_answered(member.join, status, response)]
        if member.replaced is not None:
            actions.append(_farewell(member.replaced, None))
            member.replaced = None
        held, member.held = member.held, deque()
        if happened is Input.GRANTED:
            member.state = State.JOINED
        else:
            del self._members[member.topic]
        self._relieve(member)
        return actions + self._replayed(held)

    def _clog(self, member: Member) -> None:
        if member.full and not member.stalled:
            self.clogged = member

    def _relieve(self, member: Member) -> None:
        if member.half_empty:
            member.stalled = False
            if self.clogged is member:
                self.clogged = None

    def _confirmed(self, member: Member) -> list[Action]:
        """The leave's reply, once."""
        leave, member.leave = member.leave, None
        return [] if leave is None else [Send(_reply(member, leave, "ok", {}))]

    def _replayed(self, pushes: Iterable[Push]) -> list[Action]:
        return [action for push in pushes for action in self.receive(push)]


def _answered(push: Push, status: Status, response: Body) -> Send:
    """The reply to a push that no member answers: its own join_ref comes back."""
    return Send(Reply(push.join_ref, push.ref, push.topic, status, response))


def _reply(member: Member, push: Push, status: Status, response: Body) -> Reply:
    """The reply to a push of a member."""
    return Reply(member.join_ref, push.ref, push.topic, status, response)


def _farewell(member: Member, reason: Exit | None) -> Send:
    """`phx_close`, or `phx_error` where it ended abnormally; ref is the join_ref (B1.3 rule 1)."""
    event, payload = _last_words(reason)
    join_ref = member.join.join_ref
    return Send(Push(join_ref, join_ref, member.topic, event, payload))


def _last_words(reason: Exit | None) -> tuple[str, dict[str, JsonValue]]:
    match reason:
        case Crashed() | Stopped(error=str()):
            return ERROR, refused(CHANNEL_CRASH)
        case Overloaded():
            return ERROR, refused(OVERLOADED)
        case _:
            return CLOSE, {}

"""One client link as a state machine: what every input causes, as a table. Pure.

Inputs return lists of actions; nothing that a peer sends raises. Time, tasks
and bytes are the runtime's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, final

from .actions import Action, Close, Deliver, Send, Start, Stop
from .exits import Exit, Replaced, fault, last_words
from .member import Member
from .transitions import TABLE, Input, Rule, State
from .wire import (
    HEARTBEAT,
    INVALID_MESSAGE,
    JOIN,
    JOIN_CRASHED,
    LEAVE,
    OVERLOADED,
    PHOENIX,
    TOO_MANY_CHANNELS,
    UNMATCHED_TOPIC,
    Push,
    Reply,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from .dispatch import DispatchTable, Match
    from .errors import RemoteProtocolError
    from .limits import Limits
    from .wire import Body, Status

__all__ = ["Action", "Close", "Deliver", "Send", "Session", "Start", "Stop"]

_MAX_VIOLATIONS: Final = 3
"""Invalid messages of one connection; the last one closes it."""

# The rows for a push to a member: looking an enum's member up costs more than the rest of it.
_JOIN, _LEAVE, _EVENT = TABLE[Input.JOIN], TABLE[Input.LEAVE], TABLE[Input.EVENT]
_STALE, _SWAMPED = TABLE[Input.STALE], TABLE[Input.SWAMPED]

_QUEUEING: Final[Collection[Rule]] = frozenset({Rule.HOLD, Rule.DELIVER})
"""What needs room in the inbox. A leave does not: it is one, and ends the member."""


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
        member = self._members.get(push.topic)
        if member is not None:
            return self._PRESENT[self._present(push, member)](self, push, member)
        if self._closed:
            return []
        match = self._matched(push) if push.event == JOIN else None
        return self._ABSENT[self._absent(push, match)](self, push, match)

    def violated(self, error: RemoteProtocolError) -> list[Action]:
        """Take a frame that holds no envelope.

        Where its ref could be read it is answered, and counted; else, and at
        the third, the connection closes.
        """
        if self._closed:
            return []
        self._violations += 1
        if not error.has_ref or self._violations >= _MAX_VIOLATIONS:
            return [Close(fault(error.close_code))]
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
        """Reject a member: refused, crashed in its join, or timed out there.

        What was held for it is taken up again, as for no member.
        """
        return self._verdict(Input.REFUSED, member, "error", response)

    def left(self, member: Member) -> list[Action]:
        """Confirm a leave: everything queued before it is done."""
        confirms = TABLE[Input.LEFT][member.state] is Rule.CONFIRM_LEAVE
        return self._confirmed(member) if confirms else []

    def ended(self, member: Member, reason: Exit, unhandled: Iterable[Push] = ()) -> list[Action]:
        """Take a member out whose task is over, its farewell done.

        One that ends without a verdict on its join is rejected. The close of
        one that was replaced follows the new join's reply.

        Args:
            reason: Why it ended.
            unhandled: What was delivered to it and never handled, but for its
                leave; answered as for no member.
        """
        actions: list[Action]
        match TABLE[Input.ENDED][member.state]:
            case Rule.REJECT:
                return self.refused(member, refused(JOIN_CRASHED))
            case Rule.END:
                actions = [_farewell(member, reason)]
            case Rule.END_LEAVE:
                actions = [*self._confirmed(member), _farewell(member, None)]
            case _:
                gone = () if self._closed else unhandled
                return [action for push in gone for action in self._unmatched(push, None)]
        del self._members[member.topic]
        return actions + self._replayed([*unhandled, *self._dismissed(member)])

    def stalled(self, member: Member) -> None:
        """A full inbox has stopped the reading for too long: answer its pushes "overloaded"."""
        member.stalled = not member.half_empty
        self._unclog(member)

    def taken(self, member: Member) -> None:
        """The runtime took one push out of the member's inbox."""
        member.backlog -= 1
        if (member.stalled or self.clogged is member) and member.half_empty:
            self._relieve(member)

    def closed(self, reason: Exit) -> list[Action]:
        """The link is over: stop every member; nothing is sent any more."""
        self._closed = True
        members, self._members = self._members, {}
        for member in members.values():
            self._dismissed(member)
        return [Stop(member, reason) for member in members.values()]

    # Which rule of the table.

    def _matched(self, push: Push) -> Match | None:
        """Where a join leads; `phoenix` is the heartbeat's, no channel's."""
        return None if push.topic == PHOENIX else self._table.match(push.topic)

    def _absent(self, push: Push, match: Match | None) -> Rule:
        if push.event == HEARTBEAT and push.topic == PHOENIX:
            happened = Input.HEARTBEAT
        elif push.event == LEAVE:
            happened = Input.LEAVE
        elif push.event != JOIN:
            happened = Input.EVENT
        elif match is None:
            happened = Input.JOIN_UNROUTED
        elif len(self._members) >= self._limits.topics:
            happened = Input.JOIN_AT_LIMIT
        else:
            happened = Input.JOIN
        return TABLE[happened][State.ABSENT]

    def _present(self, push: Push, member: Member) -> Rule:
        event = push.event
        if event == JOIN:
            row = _JOIN
        elif not member.owns(push):
            row = _STALE
        else:
            row = _LEAVE if event == LEAVE else _EVENT
        rule = row[member.state]
        if member.stalled and member.full and rule in _QUEUEING:
            return _SWAMPED[member.state]
        return rule

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
        return [self._started(Member(push, match, self._limits.inbox))]

    def _replace(self, push: Push, member: Member) -> list[Action]:
        successor = Member(push, member.match, self._limits.inbox, replaced=member)
        start = self._started(successor)
        self._dismissed(member)
        return [Stop(member, Replaced()), start]

    def _hold(self, push: Push, member: Member) -> list[Action]:
        member.held.append(push)
        member.backlog += 1
        if member.full:
            self._clog(member)
        return []

    def _deliver(self, push: Push, member: Member) -> list[Action]:
        member.backlog += 1
        if member.full:
            self._clog(member)
        return [Deliver(member, push)]

    def _deliver_leave(self, push: Push, member: Member) -> list[Action]:
        member.state = State.LEAVING
        member.leave = push
        return self._deliver(push, member)

    def _drop(self, _: Push, __: Member) -> list[Action]:
        return []

    def _swamped(self, push: Push, _: Member) -> list[Action]:
        return [_answered(push, "error", refused(OVERLOADED))]

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

    def _started(self, member: Member) -> Start:
        self._members[member.topic] = member
        return Start(member)

    def _verdict(
        self, happened: Input, member: Member, status: Status, response: Body
    ) -> list[Action]:
        rule = TABLE[happened][member.state]
        if rule is Rule.IGNORE:
            return []
        actions: list[Action] = [_answered(member.join, status, response)]
        if member.replaced is not None:
            actions.append(_farewell(member.replaced, None))
            member.replaced = None
        if rule is Rule.ADMIT:
            member.state = State.JOINED
            held = member.emptied()
            self._relieve(member)
        else:
            del self._members[member.topic]
            held = self._dismissed(member)
        return actions + self._replayed(held)

    def _dismissed(self, member: Member) -> list[Push]:
        """A member is gone: nothing that is said of it counts. Gives what was held for it."""
        member.state = State.ABSENT
        held = member.emptied()
        self._relieve(member)
        return held

    def _clog(self, member: Member) -> None:
        """This inbox is full: nothing more is read, unless that was tried for too long."""
        if not member.stalled and self.clogged is None:
            self.clogged = member

    def _relieve(self, member: Member) -> None:
        """There is room again in this member's inbox."""
        member.stalled = False
        self._unclog(member)

    def _unclog(self, member: Member) -> None:
        """This member holds the reading up no more; another one may."""
        if self.clogged is member:
            waiting = (m for m in self._members.values() if m.full and not m.stalled)
            self.clogged = next(waiting, None)

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
    event, payload = last_words(reason)
    join_ref = member.join.join_ref
    return Send(Push(join_ref, join_ref, member.topic, event, payload))

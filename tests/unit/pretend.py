"""A runtime without an event loop: it does what a session asks, and checks that it may."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from channelkit.exits import Crashed, Left, Replaced, Stopped
from channelkit.session import Close, Deliver, Send, Session, Start, Stop
from channelkit.transitions import State
from channelkit.wire import Broadcast, Push, Reply, refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from channelkit.errors import RemoteProtocolError
    from channelkit.exits import Exit
    from channelkit.member import Member
    from channelkit.session import Action
    from channelkit.wire import Envelope, Ref

__all__ = ["PretendRuntime", "Task"]


@dataclass(eq=False)
class Task:
    """What a runtime keeps of a member: its inbox, and how far it is."""

    member: Member
    predecessor: Task | None
    inbox: deque[Push] = field(default_factory=deque[Push])
    granted: bool = False
    exit: Exit | None = None
    """Why it was told to stop."""
    over: bool = False

    @property
    def joining(self) -> bool:
        """Whether its join handler may give its verdict: its predecessor is gone."""
        ready = self.predecessor is None or self.predecessor.over
        return ready and not self.granted and not self.over

    @property
    def serving(self) -> bool:
        return self.granted and not self.over and self.exit is None


class PretendRuntime:
    """Performs a session's actions, keeps its promises, and notes what the peer reads.

    Attributes:
        tasks: Every member's, in the order of their start; those that are over too.
        sent: What the peer sent, by ref, in its order.
        replies: How many replies each ref got.
        unanswered: Refs of pushes that were lost with a member that broke or was replaced.
        ends: The join_refs of which a `phx_close` or `phx_error` told, with how many did.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.tasks: list[Task] = []
        self.sent: dict[object, Push] = {}
        self.replies: Counter[object] = Counter()
        self.unanswered: set[object] = set()
        self.ends: Counter[object] = Counter()
        self.closed = False
        self._answered: dict[str, int] = {}

    # What happens.

    def receive(self, push: Push) -> None:
        assert self.session.clogged is None
        if push.ref is not None:
            self.sent[push.ref] = push
        self._perform(self.session.receive(push))

    def violate(self, error: RemoteProtocolError) -> None:
        actions = self.session.violated(error)
        assert len(actions) == 1
        self._perform(actions)

    def grant(self, task: Task) -> None:
        if task.exit is None:
            task.granted = True
        self._perform(self.session.granted(task.member, {}))

    def refuse(self, task: Task) -> None:
        self._perform(self.session.refused(task.member, refused("no")))
        self.end(task, Left())

    def handle(self, task: Task, *, crashing: bool = False) -> None:
        """Take the next push out of the inbox, and handle it."""
        push = task.inbox.popleft()
        self.session.taken(task.member)
        if push.event == "phx_leave":
            self._perform(self.session.left(task.member))
            self.end(task, Left())
        elif crashing:
            self.unanswered.add(push.ref)
            self.end(task, Crashed(RuntimeError()))
        else:
            reply = Reply(task.member.join_ref, push.ref, push.topic, "ok", {})
            self._perform([Send(reply)])

    def end(self, task: Task, reason: Exit) -> None:
        """The task is over, for the reason that it was told if it was told one."""
        assert not task.over
        task.over = True
        unhandled = [push for push in task.inbox if push.event != "phx_leave"]
        self._perform(self.session.ended(task.member, task.exit or reason, unhandled))

    def close(self, reason: Exit) -> None:
        self.closed = True
        self._perform(self.session.closed(reason))

    def settle(self) -> None:
        """Let every task go on until nothing happens any more."""
        while going := [task for task in self.tasks if not task.over]:
            for task in going:
                if task.exit is not None:
                    self.end(task, Stopped())
                elif task.inbox:
                    self.handle(task)
                elif task.joining:
                    self.grant(task)
            if all(task.serving and not task.inbox for task in self.tasks if not task.over):
                break

    # What the session asks for.

    def _perform(self, actions: Sequence[Action]) -> None:
        assert not self.closed or all(isinstance(action, Stop) for action in actions)
        for action in actions:
            match action:
                case Send(envelope):
                    self._read(envelope)
                case Start(member):
                    self._start(member)
                case Deliver(member, push):
                    task = self.task(member)
                    assert task.serving, "delivered without a grant"
                    assert member.owns(push), "delivered though stale"
                    task.inbox.append(push)
                case Stop(member, reason):
                    self._stop(self.task(member), reason)
                case Close(reason):
                    self.close(reason)
                case _:
                    assert_never(action)

    def _start(self, member: Member) -> None:
        assert all(task.member is not member for task in self.tasks), "started twice"
        replaced = None if member.replaced is None else self.task(member.replaced)
        self.tasks.append(Task(member, replaced))

    def _stop(self, task: Task, reason: Exit) -> None:
        assert not task.over
        task.exit = reason
        if isinstance(reason, Replaced):
            self.unanswered.update(push.ref for push in task.inbox)

    def _read(self, envelope: Envelope) -> None:
        """The peer reads an envelope of the session, or a handler's reply."""
        match envelope:
            case Reply(join_ref, ref, topic, _, response):
                if ref is not None:
                    self.replies[ref] += 1
                    assert self.replies[ref] == 1, "a second reply"
                    # These two may overtake what was sent before, and follow a close.
                    if self.sent[ref].event != "phx_leave" and response != refused("overloaded"):
                        assert join_ref is None or join_ref not in self.ends, "after the close"
                        self._in_order(topic, ref)
            case Push(join_ref, ref, _, event, _):
                assert event in {"phx_close", "phx_error"}
                assert join_ref == ref
                self.ends[join_ref] += 1
            case Broadcast():
                raise AssertionError("a session broadcasts nothing")
            case _:
                assert_never(envelope)

    def _in_order(self, topic: str, ref: Ref) -> None:
        """The pushes of a topic are answered in the order in which they were sent."""
        place = list(self.sent).index(ref)
        assert self._answered.get(topic, -1) < place, "out of order"
        self._answered[topic] = place

    # What is true of the tasks.

    def task(self, member: Member) -> Task:
        return next(task for task in self.tasks if task.member is member)

    def state(self, topic: str) -> State:
        states = [member.state for member in self.session.members if member.topic == topic]
        return states[0] if states else State.ABSENT

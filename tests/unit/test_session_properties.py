"""What is true of a session whatever the peer and the runtime do, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from channelkit.errors import RemoteProtocolError
from channelkit.exits import Crashed, Overloaded, ShutDown, Stopped
from channelkit.limits import Limits
from channelkit.transitions import TABLE, TARGETS, Input, State
from channelkit.wire import Push

from .given import route, session
from .pretend import PretendRuntime, Task

if TYPE_CHECKING:
    from pydantic import JsonValue

    from channelkit.member import Member
    from channelkit.wire import Ref

# What comes often stands often.
TOPICS = [*["room:1"] * 6, *["room:2"] * 3, "room:3", "lobby", "phoenix"]
EVENTS = [*["phx_join"] * 2, "phx_leave", *["new_msg"] * 5, "heartbeat", "phx_close"]
JOIN_REFS = [*["mine"] * 5, "null", "older", "odd"]


class Link(RuleBasedStateMachine):
    """A peer at one end, a runtime at the other, and the session between them."""

    @initialize(inbox=st.integers(1, 3), topics=st.integers(1, 3))
    def open(self, inbox: int, topics: int) -> None:
        self.limits = Limits(inbox=inbox, topics=topics)
        on = session(self.limits, route("room:{room_id}", room_id=int))
        self.runtime = PretendRuntime(on)
        self.session = on
        self.refs = 0

    # The peer.

    @precondition(lambda self: not self.runtime.closed and self.session.clogged is None)
    @rule(
        topic=st.sampled_from(TOPICS),
        event=st.sampled_from(EVENTS),
        kind=st.sampled_from(JOIN_REFS),
        has_ref=st.integers(0, 9).map(bool),
    )
    def send(self, topic: str, event: str, kind: str, *, has_ref: bool) -> None:
        self.refs += 1
        ref = f"{self.refs}" if has_ref else None
        push = Push(self.join_ref(topic, event, kind, ref), ref, topic, event, {})
        expected = self.target(push)

        self.runtime.receive(push)

        assert self.runtime.state(topic) is expected

    @precondition(lambda self: self.late)
    @rule(has_ref=st.integers(0, 3).map(bool))
    def send_nonsense(self, *, has_ref: bool) -> None:
        self.runtime.violate(RemoteProtocolError("x", close_code=1007, has_ref=has_ref))

    # The runtime.

    @precondition(lambda self: self.joining)
    @rule(data=st.data(), verdict=st.sampled_from(["grant", "grant", "refuse", "crash"]))
    def decide(self, data: st.DataObject, verdict: str) -> None:
        task = data.draw(st.sampled_from(self.joining))
        member, held = task.member, bool(task.member.held)
        happened = Input.GRANTED if verdict == "grant" else Input.REFUSED
        expected = TARGETS[TABLE[happened][member.state]]

        match verdict:
            case "grant":
                self.runtime.grant(task)
            case "refuse":
                self.runtime.refuse(task)
            case _:
                self.runtime.end(task, Crashed(RuntimeError()))

        assert held or self.runtime.state(member.topic) is expected
        assert member.join.ref is None or self.runtime.replies[member.join.ref] == 1

    @precondition(lambda self: self.busy)
    @rule(data=st.data(), crashing=st.integers(0, 5).map(lambda n: n == 0))
    def handle(self, data: st.DataObject, *, crashing: bool) -> None:
        self.runtime.handle(data.draw(st.sampled_from(self.busy)), crashing=crashing)

    @precondition(lambda self: self.going)
    @rule(data=st.data(), reason=st.sampled_from([Stopped(), Stopped("x"), Overloaded()]))
    def end(self, data: st.DataObject, reason: Stopped | Overloaded) -> None:
        task = data.draw(st.sampled_from(self.going))
        before = task.member.state
        left_over = bool(task.inbox or task.member.held)

        self.runtime.end(task, reason)

        expected = TARGETS.get(TABLE[Input.ENDED][before])
        assert left_over or expected is None or self.runtime.state(task.member.topic) is expected

    @precondition(lambda self: self.session.clogged is not None)
    @rule()
    def stall(self) -> None:
        assert self.session.clogged is not None
        self.session.stalled(self.session.clogged)

    @precondition(lambda self: self.late)
    @rule()
    def close(self) -> None:
        self.runtime.close(ShutDown())

    @rule(data=st.data())
    def say_what_is_long_known(self, data: st.DataObject) -> None:
        """Reports of members that are gone, and second verdicts, count for nothing."""
        over = [task.member for task in self.tasks if task.over or task.exit is not None]
        granted = [task.member for task in self.tasks if task.granted]
        if over:
            member = data.draw(st.sampled_from(over))
            assert self.session.left(member) == self.session.ended(member, Stopped()) == []
        if self.runtime.closed:
            assert self.session.receive(Push(None, "0", "phoenix", "heartbeat", {})) == []
            assert self.session.violated(RemoteProtocolError("x", close_code=1007)) == []
        if granted:
            member = data.draw(st.sampled_from(granted))
            assert self.session.granted(member, {}) == self.session.refused(member, {}) == []

    # What is always true.

    @invariant()
    def an_inbox_keeps_its_bound(self) -> None:
        for task in self.tasks:
            if task.member in self.session.members:
                waiting = len(task.inbox) + len(task.member.held)
                leave = 1 if task.member.state is State.LEAVING else 0
                assert task.member.backlog == waiting
                assert waiting <= self.limits.inbox + leave

    @invariant()
    def reading_goes_on_only_while_every_inbox_has_room(self) -> None:
        clogged = self.session.clogged
        if clogged is None:
            assert all(not m.full or m.stalled for m in self.session.members)
        else:
            assert clogged in self.session.members
            assert not clogged.half_empty

    @invariant()
    def nobody_with_room_is_overloaded(self) -> None:
        assert not any(member.stalled and member.half_empty for member in self.session.members)

    @invariant()
    def a_topic_has_one_member_and_a_link_so_many(self) -> None:
        topics = [member.topic for member in self.session.members]
        assert len(topics) == len(set(topics)) <= self.limits.topics
        assert all(member.state is not State.ABSENT for member in self.session.members)

    @invariant()
    def every_member_has_a_task_that_goes_on(self) -> None:
        assert all(not self.runtime.task(member).over for member in self.session.members)

    def teardown(self) -> None:
        """In the end every push is answered, but for the stale and those lost with a member.

        And the end of every granted member is told once.
        """
        if not hasattr(self, "runtime"):
            return
        self.runtime.settle()
        if self.runtime.closed:
            return
        for ref, push in self.runtime.sent.items():
            if ref is not None and ref not in self.runtime.unanswered and not self.stale(push):
                assert self.runtime.replies[ref] == 1, f"no reply to {push}"
        for task in self.tasks:
            told = self.runtime.ends[task.member.join.join_ref]
            if task.member.join.join_ref is not None:
                assert told == (task.granted and task.over), f"{told} ends of {task}"

    # Whom the rules choose from.

    @property
    def late(self) -> bool:
        """Whether the link may end now: after it has seen something."""
        return self.refs > 25 and not self.runtime.closed

    @property
    def tasks(self) -> list[Task]:
        return self.runtime.tasks

    @property
    def joining(self) -> list[Task]:
        return [task for task in self.tasks if task.joining and task.exit is None]

    @property
    def busy(self) -> list[Task]:
        return [task for task in self.tasks if task.serving and task.inbox]

    @property
    def going(self) -> list[Task]:
        """Those that can end now: no longer joining, or told to stop."""
        return [
            task for task in self.tasks if not task.over and (task.granted or task.exit is not None)
        ]

    def join_ref(self, topic: str, event: str, kind: str, ref: Ref) -> Ref:
        """The join_ref of a push: as phoenix.js has it, or one of the others that can come."""
        if event == "phx_join":  # each its own, or nobody could say whose close is whose
            return {"null": None, "odd": self.refs}.get(kind, ref)
        members = [task.member for task in self.tasks if task.member.topic == topic]
        refs: dict[str, JsonValue] = {"null": None, "odd": 5}
        if members:
            refs |= {"mine": members[-1].join.join_ref, "older": members[0].join.join_ref}
        return refs.get(kind, "0")

    def target(self, push: Push) -> State:
        """The state after a push, according to the table."""
        members = [member for member in self.session.members if member.topic == push.topic]
        happened = self.about(push, members[0]) if members else self.about_nobody(push)
        before = self.runtime.state(push.topic)
        return TARGETS.get(TABLE[happened][before], before)

    def about(self, push: Push, member: Member) -> Input:
        mine = push.join_ref is None or push.join_ref == member.join.join_ref
        kinds = {"phx_join": Input.JOIN, "phx_leave": Input.LEAVE if mine else Input.STALE}
        return kinds.get(push.event, Input.EVENT if mine else Input.STALE)

    def about_nobody(self, push: Push) -> Input:
        if (push.topic, push.event) == ("phoenix", "heartbeat"):
            return Input.HEARTBEAT
        if push.event != "phx_join":
            return Input.LEAVE if push.event == "phx_leave" else Input.EVENT
        if not push.topic.startswith("room:"):
            return Input.JOIN_UNROUTED
        full = len(self.session.members) >= self.limits.topics
        return Input.JOIN_AT_LIMIT if full else Input.JOIN

    def stale(self, push: Push) -> bool:
        """Whether a join of its topic other than its own was ever granted."""
        others = (task.member for task in self.tasks if task.granted)
        return push.event != "phx_join" and any(
            member.topic == push.topic and not member.owns(push) for member in others
        )


Link.TestCase.settings = settings(
    max_examples=300,
    stateful_step_count=50,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

test_a_session_keeps_its_promises = pytest.mark.slow(Link.TestCase)

"""The client's machine against the server's session, over the real frames and no network.

Frames stay in order in each direction, and are lost with their connection; all else comes in
any order: what the program asks, what handlers decide, timers, and who hears first that the
connection is gone.
"""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from channelkit.client.actions import Call, Deliver, Expects, Item, Resolve
from channelkit.client.codec import decode, encode
from channelkit.client.room_machine import RoomMachine
from channelkit.client.settings import Settings
from channelkit.client.transitions import RoomState, SocketState
from channelkit.exits import Crashed, Overloaded, ShutDown, Stopped
from channelkit.limits import Limits
from channelkit.serializers import V2
from channelkit.session import Send
from channelkit.transitions import State
from channelkit.wire import Broadcast, Push, Reply

from .client_pretend import PretendClient
from .given import route, session
from .pretend import PretendRuntime, Task

if TYPE_CHECKING:
    from pydantic import JsonValue

    from channelkit.client.actions import Action, Timed
    from channelkit.exits import Exit
    from channelkit.wire import Envelope, Frame

TOPICS = ["room:1", "room:1", "room:2"]
RARELY = st.integers(0, 4).map(lambda number: number == 0)
LOST = 1006
RESTARTS = 1012


class Server(PretendRuntime):
    """One connection as the server has it; what it sends goes into `down`.

    Attributes:
        heard: The calls that arrived, by their number.
        said: Counts what is pushed, over all connections.
    """

    def __init__(self, down: deque[Frame], heard: list[int], said: list[int]) -> None:
        super().__init__(session(Limits(topics=3), route("room:{room_id}", room_id=int)))
        self.heard = heard
        self.down = down
        self.said = said

    def receive(self, push: Push) -> None:
        if isinstance(push.payload, dict) and "call" in push.payload:
            number = push.payload["call"]
            assert isinstance(number, int)
            assert number not in self.heard, "sent twice"
            self.heard.append(number)
        super().receive(push)

    def handle(self, task: Task, *, crashing: bool = False) -> None:
        """As usual, but a reply says to what it is one, and a stream has items."""
        push = task.inbox[0]
        if crashing or push.event == "phx_leave":
            super().handle(task, crashing=crashing)
            return
        task.inbox.popleft()
        self.session.taken(task.member)
        if push.event == "stream":
            for _ in range(2):
                self.send(Push(task.member.join_ref, push.ref, push.topic, "item", self._next()))
        self._perform([Send(Reply(task.member.join_ref, push.ref, push.topic, "ok", push.payload))])

    def push(self, task: Task) -> None:
        """Push to a member."""
        self.send(Push(task.member.join_ref, None, task.member.topic, "posted", self._next()))

    def broadcast(self, task: Task) -> None:
        """Send to all members of a topic, of which a socket has one."""
        self.send(Broadcast(task.member.topic, "posted", self._next()))

    def send(self, envelope: Envelope) -> None:
        """Put an envelope on the wire."""
        match envelope:
            case Push():
                self.down.append(V2().push(envelope))
            case Reply():
                self.down.append(V2().reply(envelope))
            case Broadcast():
                self.down.append(V2().broadcast(envelope))

    def _read(self, envelope: Envelope) -> None:
        super()._read(envelope)
        self.send(envelope)

    def _next(self) -> dict[str, JsonValue]:
        self.said.append(len(self.said))
        return {"said": self.said[-1]}


class Client(PretendClient):
    """One client, that checks whose reply and whose push it is given."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.read: dict[tuple[RoomMachine, object], list[int]] = defaultdict(list)
        self.items: dict[Call, list[int]] = defaultdict(list)

    def _do(self, action: Action) -> None:
        super()._do(action)
        match action:
            case Resolve(call, Reply() as reply):
                assert reply.ref == call.ref
                assert reply.topic == call.room.topic
                assert reply.status == "error" or reply.response == call.payload, "another's reply"
            case Deliver(room, envelope):
                assert envelope.topic == room.topic
                if isinstance(envelope, Push):
                    assert envelope.join_ref == room.join_ref, "of another membership"
                self._note(self.read[room, room.join_ref], envelope)
            case Item(call, push):
                assert push.ref == call.ref
                self._note(self.items[call], push)
            case _:
                pass

    def _note(self, read: list[int], envelope: Push | Broadcast) -> None:
        assert isinstance(envelope.payload, dict)
        number = envelope.payload["said"]
        assert isinstance(number, int)
        assert not read or read[-1] < number, "twice, or out of order"
        read.append(number)


class Pair(RuleBasedStateMachine):
    """A program, its client, the network, a server, and handlers."""

    @initialize()
    def begin(self) -> None:
        self.client = Client(Settings(buffer=3))
        self.machine = self.client.machine
        self.server: Server | None = None
        self.up: deque[Frame] = deque()
        self.down: deque[Frame] = deque()
        self.heard: list[int] = []
        self.said: list[int] = []
        self.ending = False
        self.do(self.machine.connect())
        self.open(works=True)
        self.join("room:1", again=False)

    def do(self, actions: list[Action]) -> None:
        """Do what the client's machine asks; what it sends goes into `up`."""
        before = self.client.connected
        self.client.do(actions)
        for push in self.client.outgoing:
            self.up.append(encode(push))
        self.client.outgoing = []
        if before and not self.client.connected:
            self.hang_up()

    def hang_up(self) -> None:
        """Nothing of this connection arrives any more, at either end."""
        if self.server is not None and not self.server.closed:
            self.server.close(ShutDown())
        self.server, self.ending = None, False
        self.up.clear()
        self.down.clear()

    # The network.

    @precondition(lambda self: self.machine.state is SocketState.CONNECTING)
    @rule(works=st.integers(0, 4).map(bool))
    def open(self, *, works: bool) -> None:
        if works:
            self.server = Server(self.down, self.heard, self.said)
            self.do(self.machine.opened())
        else:
            self.lose()

    @precondition(lambda self: self.machine.state is SocketState.OPEN and self.heard)
    @rule(really=RARELY)
    def break_off(self, *, really: bool) -> None:
        """The connection breaks, with all that is on its way."""
        if really:
            self.lose()

    def lose(self) -> None:
        self.client.connected = False
        self.hang_up()
        self.do(self.machine.closed(LOST))

    @precondition(lambda self: self.server is not None and not self.ending and self.heard)
    @rule(really=RARELY)
    def server_closes(self, *, really: bool) -> None:
        """What it sent before still arrives; what it is sent does not."""
        if really:
            self.serving.close(ShutDown())
            self.ending = True

    @precondition(lambda self: self.can_go_up)
    @rule()
    def deliver_up(self) -> None:
        frame = self.up.popleft()
        if self.server is not None and not self.ending:
            self.server.receive(V2().decode(frame.data))

    @precondition(lambda self: self.down or self.ending)
    @rule()
    def deliver_down(self) -> None:
        if self.down:
            frame = self.down.popleft()
            self.do(self.machine.received(decode(frame.data, binary=frame.binary)))
        else:
            self.client.connected = False
            self.hang_up()
            self.do(self.machine.closed(RESTARTS))

    @precondition(lambda self: self.up or self.down)
    @rule(steps=st.integers(1, 6))
    def deliver(self, steps: int) -> None:
        """All goes well for a while: requests arrive, are answered, and so on."""
        for _ in range(steps):
            if self.can_go_up:
                self.deliver_up()
            for task in self.joining:
                self.serving.grant(task)
            if self.busy:
                self.serving.handle(self.busy[0])
            if self.down:
                self.deliver_down()

    @precondition(lambda self: self.machine.state is SocketState.WAITING)
    @rule()
    def try_again(self) -> None:
        self.time_out(self.machine)

    @precondition(lambda self: self.client.timers and self.client.calls)
    @rule(data=st.data(), soon=RARELY)
    def fire(self, data: st.DataObject, *, soon: bool) -> None:
        """However long whatever takes."""
        if soon:
            self.time_out(data.draw(st.sampled_from(self.timed)))

    # The program.

    @rule(topic=st.sampled_from(TOPICS), again=RARELY)
    def join(self, topic: str, *, again: bool) -> None:
        if again or all(room.topic != topic for room in self.machine.rooms):
            self.do(self.machine.join(RoomMachine(topic, {}, timeout=8)))

    @precondition(lambda self: self.client.rooms)
    @rule(data=st.data(), really=RARELY)
    def leave(self, data: st.DataObject, *, really: bool) -> None:
        if really:
            self.do(self.machine.leave(data.draw(st.sampled_from([*self.client.rooms]))))

    @precondition(lambda self: self.client.rooms)
    @rule(data=st.data(), expects=st.sampled_from(Expects), closed=RARELY)
    def push(self, data: st.DataObject, expects: Expects, *, closed: bool) -> None:
        rooms = [*self.client.rooms] if closed else [*self.machine.rooms] or [*self.client.rooms]
        room = data.draw(st.sampled_from(rooms))
        number: dict[str, JsonValue] = {"call": len(self.client.calls)}
        event = "stream" if expects is Expects.STREAM else "new_msg"
        call = Call(room, event, number, timeout=5, expects=expects)
        self.client.calls.append(call)
        self.do(self.machine.push(call))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def abandon(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(self.waiting))
        self.client.abandoned.add(call)
        self.do(self.machine.abandon(call))

    # The handlers.

    @precondition(lambda self: self.joining)
    @rule(data=st.data(), verdict=st.sampled_from(["grant", "grant", "grant", "refuse", "crash"]))
    def decide(self, data: st.DataObject, verdict: str) -> None:
        server, task = self.serving, data.draw(st.sampled_from(self.joining))
        match verdict:
            case "grant":
                server.grant(task)
            case "refuse":
                server.refuse(task)
            case _:
                server.end(task, Crashed(RuntimeError()))

    @precondition(lambda self: self.busy)
    @rule(data=st.data(), crashing=RARELY)
    def handle(self, data: st.DataObject, *, crashing: bool) -> None:
        self.serving.handle(data.draw(st.sampled_from(self.busy)), crashing=crashing)

    @precondition(lambda self: self.members)
    @rule(data=st.data(), to_all=st.booleans())
    def say(self, data: st.DataObject, *, to_all: bool) -> None:
        task = data.draw(st.sampled_from(self.members))
        self.serving.broadcast(task) if to_all else self.serving.push(task)

    @precondition(lambda self: self.going)
    @rule(
        data=st.data(),
        reason=st.sampled_from([Stopped(), Stopped("x"), Overloaded()]),
        really=RARELY,
    )
    def end(self, data: st.DataObject, reason: Exit, *, really: bool) -> None:
        if really:
            self.serving.end(data.draw(st.sampled_from(self.going)), reason)

    # What is always true.

    @invariant()
    def the_client_is_consistent(self) -> None:
        if hasattr(self, "client"):
            self.client.check()

    def teardown(self) -> None:
        """In the end every call is over by itself, and both agree who is joined."""
        if not hasattr(self, "client"):
            return
        self.settle()
        left = [call for call in self.client.calls if call not in self.client.over]
        assert {*left} <= self.client.abandoned
        joined = {
            (room.topic, room.join_ref)
            for room, state in self.client.rooms.items()
            if state is not RoomState.CLOSED
        }
        assert all(room.state is RoomState.JOINED for room in self.machine.rooms)
        assert joined == self.joined_at_the_server
        for read in [*self.client.read.values(), *self.client.items.values()]:
            assert all(one < other for one, other in pairwise(read))

    @property
    def joined_at_the_server(self) -> set[tuple[str, object]]:
        if self.server is None or self.server.closed:
            return set()
        members = self.server.session.members
        assert all(member.state is State.JOINED for member in members)
        return {(member.topic, member.join_ref) for member in members}

    def settle(self) -> None:
        """Let everything arrive and be decided; then only tries to connect and join take time."""
        for _ in range(1000):
            if self.server is not None and not self.ending:
                self.server.settle()
            if self.can_go_up:
                self.deliver_up()
            elif self.down or self.ending:
                self.deliver_down()
            elif self.machine.state is SocketState.CONNECTING:
                self.open(works=True)
            elif self.machine.state is SocketState.WAITING:
                self.time_out(self.machine)
            elif errored := [r for r in self.machine.rooms if r.state is RoomState.ERRORED]:
                self.time_out(errored[0])
            else:
                return
        raise AssertionError("it never settles")

    def time_out(self, owner: Timed) -> None:
        before = self.client.connected
        self.client.timers.remove(owner)
        self.do(self.machine.fired(owner))
        assert before or not self.up or self.client.connected

    # Whom the rules choose from.

    @property
    def timed(self) -> list[Timed]:
        """Whose timer runs, in a lasting order."""
        rooms = [room for room in self.client.rooms if room in self.client.timers]
        calls = [call for call in self.client.calls if call in self.client.timers]
        own: list[Timed] = [self.machine] if self.machine in self.client.timers else []
        return [*own, *rooms, *calls]

    @property
    def can_go_up(self) -> bool:
        clogged = self.server is not None and self.server.session.clogged is not None
        return bool(self.up) and (self.ending or not clogged)

    @property
    def serving(self) -> Server:
        assert self.server is not None
        return self.server

    @property
    def tasks(self) -> list[Task]:
        return [] if self.server is None or self.ending else self.server.tasks

    @property
    def joining(self) -> list[Task]:
        return [task for task in self.tasks if task.joining and task.exit is None]

    @property
    def members(self) -> list[Task]:
        return [task for task in self.tasks if task.serving]

    @property
    def busy(self) -> list[Task]:
        return [task for task in self.members if task.inbox]

    @property
    def going(self) -> list[Task]:
        return [task for task in self.tasks if not task.over and (task.granted or task.exit)]

    @property
    def waiting(self) -> list[Call]:
        over = {*self.client.over, *self.client.abandoned}
        return [call for call in self.client.calls if call not in over]


Pair.TestCase.settings = settings(
    max_examples=200,
    stateful_step_count=60,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

test_a_client_and_a_server_agree_whatever_happens_between_them = pytest.mark.slow(Pair.TestCase)

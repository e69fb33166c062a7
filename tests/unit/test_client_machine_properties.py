"""What is true of a client's machine whatever program, server and network do, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from channelkit.client.actions import Call, Expects
from channelkit.client.room_machine import RoomMachine
from channelkit.client.settings import Settings
from channelkit.client.transitions import (
    ROOM_TABLE,
    ROOM_TARGETS,
    SOCKET_TABLE,
    SOCKET_TARGETS,
    RoomInput,
    RoomRule,
    RoomState,
    SocketInput,
    SocketRule,
    SocketState,
)
from channelkit.wire import Broadcast, Push, Reply

from .client_pretend import PretendClient

if TYPE_CHECKING:
    from channelkit.client.actions import Timed
    from channelkit.wire import Envelope, Ref

TOPICS = ["room:1", "room:1", "room:2"]
EVENTS = ["posted", "posted", "phx_close", "phx_error"]


class Client(RuleBasedStateMachine):
    """A program at one end, a server that may say anything at the other."""

    @initialize(buffer=st.integers(1, 3))
    def begin(self, buffer: int) -> None:
        self.client = PretendClient(Settings(buffer=buffer))
        self.machine = self.client.machine
        self.client.do(self.machine.connect())

    # The network.

    @precondition(lambda self: self.machine.state is SocketState.CONNECTING)
    @rule()
    def open(self) -> None:
        self.client.do(self.machine.opened())

    @precondition(lambda self: self.client.connected)
    @rule(
        code=st.sampled_from([1006, 1012, 1001, 1000]), final=st.integers(0, 9).map(lambda n: not n)
    )
    def lose(self, code: int, *, final: bool) -> None:
        self.client.connected = False
        self.client.do(self.machine.closed(code, final=final))

    @precondition(lambda self: self.client.timers)
    @rule(data=st.data())
    def fire(self, data: st.DataObject) -> None:
        self.client.fire(data.draw(st.sampled_from(sorted(self.client.timers, key=self.age))))

    def age(self, owner: Timed) -> tuple[int, int]:
        match owner:
            case Call():
                return 2, self.client.calls.index(owner)
            case RoomMachine():
                return 1, list(self.client.rooms).index(owner)
            case _:
                return 0, 0

    # The program.

    @rule()
    def connect(self) -> None:
        self.client.do(self.machine.connect())

    @precondition(lambda self: len(self.client.refs) > 30)
    @rule()
    def close(self) -> None:
        if self.client.state is SocketState.CLOSED:
            return
        self.client.do(self.machine.close())

    @rule(topic=st.sampled_from(TOPICS))
    def join(self, topic: str) -> None:
        self.client.do(self.machine.join(RoomMachine(topic, {}, timeout=8)))

    @precondition(lambda self: self.client.rooms)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        self.client.do(self.machine.leave(self.room(data)))

    @precondition(lambda self: self.client.rooms)
    @rule(data=st.data(), expects=st.sampled_from(Expects))
    def push(self, data: st.DataObject, expects: Expects) -> None:
        call = Call(self.room(data), "new_msg", {}, timeout=5, expects=expects)
        self.client.calls.append(call)
        self.client.do(self.machine.push(call))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def abandon(self, data: st.DataObject) -> None:
        call = data.draw(st.sampled_from(self.waiting))
        self.client.abandoned.add(call)
        self.client.do(self.machine.abandon(call))

    # The server.

    @precondition(lambda self: self.client.outgoing and self.machine.is_open)
    @rule(ok=st.integers(0, 3).map(bool), forgets=st.booleans())
    def answer(self, *, ok: bool, forgets: bool) -> None:
        push = self.client.outgoing.pop(0)
        join_ref = None if forgets else push.join_ref
        self.receive(Reply(join_ref, push.ref, push.topic, "ok" if ok else "error", {}))

    @precondition(lambda self: self.machine.is_open)
    @rule(
        topic=st.sampled_from(TOPICS),
        join_ref=st.integers(0, 40).map(str) | st.none(),
        ref=st.integers(0, 40).map(str) | st.none(),
        event=st.sampled_from(EVENTS),
        kind=st.sampled_from(["push", "reply", "broadcast"]),
    )
    def say(self, topic: str, join_ref: Ref, ref: Ref, event: str, kind: str) -> None:
        match kind:
            case "push":
                self.receive(Push(join_ref, ref, topic, event, {}))
            case "reply":
                self.receive(Reply(join_ref, ref, topic, "ok", {}))
            case _:
                self.receive(Broadcast(topic, event, {}))

    @precondition(lambda self: self.machine.is_open and self.machine.rooms)
    @rule(data=st.data(), event=st.sampled_from(EVENTS))
    def say_to_a_member(self, data: st.DataObject, event: str) -> None:
        room = data.draw(st.sampled_from(self.machine.rooms))
        self.receive(Push(room.join_ref, None, room.topic, event, {}))

    def receive(self, envelope: Envelope) -> None:
        self.client.do(self.machine.received(envelope))

    # What they share.

    @property
    def waiting(self) -> list[Call]:
        done = self.client.over.keys() | self.client.abandoned
        return [call for call in self.client.calls if call not in done]

    def room(self, data: st.DataObject) -> RoomMachine:
        return data.draw(st.sampled_from(list(self.client.rooms)))

    @invariant()
    def all_is_well(self) -> None:
        self.client.check()

    def teardown(self) -> None:
        if self.client.state is not SocketState.CLOSED:
            self.client.do(self.machine.close())
        assert not self.client.timers
        assert not self.waiting
        assert set(self.client.rooms.values()) <= {RoomState.CLOSED}


TestClient = Client.TestCase


def test_every_input_has_a_row_and_every_rule_a_place() -> None:
    assert list(SOCKET_TABLE) == list(SocketInput)
    assert list(ROOM_TABLE) == list(RoomInput)
    assert {rule for row in SOCKET_TABLE.values() for rule in row.values()} == set(SocketRule)
    assert {rule for row in ROOM_TABLE.values() for rule in row.values()} == set(RoomRule)


def test_the_rules_that_name_a_state_lead_there() -> None:
    rules: list[str] = [*SocketRule, *RoomRule]
    targets = {str(rule): str(state) for rule, state in SOCKET_TARGETS.items()}
    targets |= {str(rule): str(state) for rule, state in ROOM_TARGETS.items()}

    assert {rule: rule.partition("→ ")[2] for rule in rules if "→" in rule} == targets

"""A runtime of the client's machine that keeps a record, and the rules that it finds broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channelkit.client.actions import (
    Call,
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
from channelkit.client.machine import ClientMachine
from channelkit.client.room_machine import RoomMachine
from channelkit.client.transitions import RoomState, SocketState

if TYPE_CHECKING:
    from channelkit.client.actions import Action, Timed
    from channelkit.client.settings import Settings
    from channelkit.wire import Push

__all__ = ["PretendClient"]


class PretendClient:
    """Does what a machine asks, on a connection that is only pretended.

    Attributes:
        connected: Whether a connection was asked for, or is open, that is not over.
        outgoing: What was sent on this connection and nobody has taken yet.
        timers: Who has a timer that runs.
        over: Calls that are done, each once.
        rooms: The state that each room was told to have.
    """

    def __init__(self, settings: Settings) -> None:
        self.machine = ClientMachine(settings)
        self.connected = False
        self.state = SocketState.CLOSED
        self.outgoing: list[Push] = []
        self.refs: list[int] = []
        self.timers: set[Timed] = set()
        self.calls: list[Call] = []
        self.over: dict[Call, Resolve | Fail] = {}
        self.abandoned: set[Call] = set()
        self.rooms: dict[RoomMachine, RoomState] = {}
        self.delivered: list[Deliver | Item] = []

    def do(self, actions: list[Action]) -> None:
        """Do what the machine asks."""
        for action in actions:
            self._do(action)
        assert self.state is self.machine.state
        for room, state in self.rooms.items():
            assert room.state is state

    def fire(self, owner: Timed) -> None:
        """Let a timer be over."""
        self.timers.remove(owner)
        self.do(self.machine.fired(owner))

    def _do(self, action: Action) -> None:
        match action:
            case Connect():
                assert not self.connected
                self.connected = True
                self.outgoing = []
            case Disconnect():
                assert self.connected
                self.connected = False
            case Transmit(push):
                self._transmitted(push)
            case StartTimer(owner, seconds):
                assert seconds > 0
                self.timers.add(owner)
            case CancelTimer(owner):
                self.timers.discard(owner)
            case Resolve(call) | Fail(call):
                assert call not in self.over
                assert call not in self.abandoned
                self.over[call] = action
                self.timers.discard(call) if isinstance(action, Fail) else None
            case Deliver(room):
                assert self.rooms[room] in (RoomState.JOINING, RoomState.JOINED, RoomState.LEAVING)
                self.delivered.append(action)
            case Item(call):
                assert call not in self.over
                self.delivered.append(action)
            case SocketBecame(state):
                assert self.state is not state
                self.state = state
            case RoomBecame(room, state):
                assert self.rooms.get(room) is not RoomState.CLOSED
                self.rooms[room] = state

    def _transmitted(self, push: Push) -> None:
        assert self.connected
        assert self.machine.state is SocketState.OPEN
        ref = int(str(push.ref))
        assert not self.refs or ref > self.refs[-1]
        self.refs.append(ref)
        self.outgoing.append(push)

    def check(self) -> None:
        """What is true between any two inputs."""
        for call in self.calls:
            waits = call not in self.over and call not in self.abandoned
            assert waits is (call in self.timers)
        for room, state in self.rooms.items():
            timed = state in (RoomState.ERRORED, RoomState.JOINING, RoomState.LEAVING)
            assert timed or room not in self.timers
            joined = state in (RoomState.JOINED, RoomState.LEAVING)
            assert not joined or self.machine.state is SocketState.OPEN
        live = {room for room, state in self.rooms.items() if state is not RoomState.CLOSED}
        assert set(self.machine.rooms) == live
        assert (self.machine in self.timers) is (self.state is not SocketState.CLOSED)

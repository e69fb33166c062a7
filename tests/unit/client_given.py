"""Words for the tests of the client's machine: rooms, replies, a machine in each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channelkit.client.actions import Call, Expects, StartTimer
from channelkit.client.machine import ClientMachine
from channelkit.client.room_machine import RoomMachine
from channelkit.client.settings import Settings
from channelkit.wire import Push, Reply

if TYPE_CHECKING:
    from channelkit.client.actions import Action, Timed
    from channelkit.wire import Body, Ref

__all__ = [
    "ROOM",
    "SETTINGS",
    "call",
    "error",
    "joined",
    "leave",
    "made",
    "ok",
    "opened",
    "sent_join",
    "timers",
]

ROOM = "room:1"

SETTINGS = Settings(
    timeout=10, heartbeat=30, reconnect_after=(0.01, 0.05, 5), rejoin_after=(1, 2), buffer=2
)


def made(topic: str = ROOM) -> RoomMachine:
    """A room that is not joined yet."""
    return RoomMachine(topic, {"token": "x"}, timeout=8)


def opened(settings: Settings = SETTINGS) -> ClientMachine:
    """A machine whose connection is open."""
    machine = ClientMachine(settings)
    machine.connect()
    machine.opened()
    return machine


def joined() -> tuple[ClientMachine, RoomMachine]:
    """A machine with one joined room, its join_ref "1"."""
    machine, room = opened(), made()
    machine.join(room)
    machine.received(ok("1"))
    return machine, room


def call(
    room: RoomMachine,
    event: str = "new_msg",
    *,
    expects: Expects = Expects.REPLY,
    timeout: float = 5,
) -> Call:
    """A push of the program."""
    return Call(room, event, {"body": "hi"}, timeout=timeout, expects=expects)


def ok(ref: Ref, response: Body = None, *, join_ref: Ref = "1", topic: str = ROOM) -> Reply:
    """An ok reply."""
    return Reply(join_ref, ref, topic, "ok", {} if response is None else response)


def error(ref: Ref, reason: str = "room_full", *, join_ref: Ref = "1") -> Reply:
    """An error reply."""
    return Reply(join_ref, ref, ROOM, "error", {"reason": reason})


def sent_join(ref: str) -> Push:
    """The push of a join."""
    return Push(ref, ref, ROOM, "phx_join", {"token": "x"})


def leave(ref: str, join_ref: str = "1") -> Push:
    """The push of a leave."""
    return Push(join_ref, ref, ROOM, "phx_leave", {})


def timers(actions: list[Action]) -> list[tuple[Timed, float]]:
    """Whose timers are started, and for how long."""
    return [(action.owner, action.seconds) for action in actions if isinstance(action, StartTimer)]

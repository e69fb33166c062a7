"""The client's machine holds the conversations that were recorded with Phoenix itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from channelkit.client.actions import Call, Deliver, Resolve, RoomBecame, Transmit
from channelkit.client.codec import decode, encode
from channelkit.client.machine import ClientMachine
from channelkit.client.room_machine import RoomMachine
from channelkit.wire import Broadcast, Push, Reply

from .transcript import RECORDED, load

if TYPE_CHECKING:
    from pathlib import Path

    from channelkit.client.actions import Action
    from channelkit.wire import Envelope

    from .transcript import Entry, Transcript


def arrived(entry: Entry) -> list[Envelope]:
    """What one client read, in order, with what stands apart behind it; binary left out."""
    frames = [frame for heard in entry.values() for frame in cast("list[Any]", heard)]
    texts = [json.dumps(frame).encode() for frame in frames if isinstance(frame, list)]
    return [decode(text, binary=False) for text in texts]


def is_ours(transcript: Transcript) -> bool:
    """Whether a client of ours would have said these very words: one socket, our own refs."""
    if list(transcript.connections.values()) != ["ws"]:
        return False
    said = [step.get("a") for step in transcript.steps]
    if not all(isinstance(each, list) and len(each) == 5 for each in said):
        return False
    pushes = [Push(*cast("list[Any]", each)) for each in said]
    joins = dict[str, object]()
    for number, push in enumerate(pushes, 1):
        if push.event == "phx_join":
            joins[push.topic] = push.ref
        if push.ref != str(number) or push.join_ref != joins.get(push.topic):
            return False
    return True


HELD = [path for path in RECORDED if is_ours(load(path))]


def test_there_are_conversations_to_hold() -> None:
    assert len(HELD) >= 12


@pytest.mark.parametrize("path", HELD, ids=[path.stem for path in HELD])
def test_the_machine_says_and_understands_what_was_recorded(path: Path) -> None:
    transcript = load(path, "1")
    machine, rooms = ClientMachine(), dict[str, RoomMachine]()
    machine.connect()
    machine.opened()

    for step, entry in zip(transcript.steps, transcript.answers[0][1:], strict=True):
        push = Push(*cast("list[Any]", step["a"]))
        sent = [a.push for a in said(machine, rooms, push) if isinstance(a, Transmit)]
        if not sent:
            return  # the client knows that it is no member, where the recorded one tried
        assert sent == [push]
        for envelope in arrived(entry):
            understood(machine, rooms, envelope)


def said(machine: ClientMachine, rooms: dict[str, RoomMachine], push: Push) -> list[Action]:
    """What the machine does for such a push of the program."""
    match push.event:
        case "phx_join":
            rooms[push.topic] = RoomMachine(push.topic, push.payload, timeout=10)
            return machine.join(rooms[push.topic])
        case "phx_leave":
            return machine.leave(rooms[push.topic])
        case _:
            room = rooms.get(push.topic) or RoomMachine(push.topic, {}, timeout=10)
            return machine.push(Call(room, push.event, push.payload, timeout=10))


def understood(machine: ClientMachine, rooms: dict[str, RoomMachine], envelope: Envelope) -> None:
    """What arrives is given to whom it is for."""
    room = rooms[envelope.topic]
    known = room in machine.rooms
    stale = isinstance(envelope, Push) and envelope.join_ref != room.join_ref

    actions = machine.received(envelope)

    match envelope:
        case _ if not known or stale:
            assert actions == []
        case Reply():
            assert any(isinstance(action, (Resolve, RoomBecame)) for action in actions)
        case Push(event="phx_close" | "phx_error"):
            assert any(isinstance(action, RoomBecame) for action in actions)
        case Push() | Broadcast():
            assert actions == [Deliver(room, envelope)]


@pytest.mark.parametrize("path", RECORDED, ids=[path.stem for path in RECORDED])
def test_all_that_phoenix_said_on_version_2_is_read(path: Path) -> None:
    transcript = load(path, "1")
    spoken = {name for name, how in transcript.connections.items() if how.partition("?")[0] == "ws"}
    entries = [entry for answers in transcript.answers for entry in answers[1:]]
    heard = [{name: entry[name] for name in entry.keys() & spoken} for entry in entries]

    if "?" not in "".join(transcript.connections.values()):
        for entry in heard:
            arrived(entry)


def test_what_the_client_says_is_what_phoenix_js_said() -> None:
    push = Push("1", "1", "room:1", "phx_join", {})

    assert json.loads(encode(push).data) == ["1", "1", "room:1", "phx_join", {}]

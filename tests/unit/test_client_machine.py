from __future__ import annotations

import pytest

from channelkit.client.actions import (
    CancelTimer,
    Connect,
    Disconnect,
    Fail,
    RoomBecame,
    SocketBecame,
    StartTimer,
    Transmit,
)
from channelkit.client.machine import ClientMachine
from channelkit.client.settings import Settings
from channelkit.client.transitions import RoomState, SocketState
from channelkit.wire import Broadcast, Push, Reply

from .client_given import ROOM, SETTINGS, call, joined, made, ok, opened, sent_join, timers


def test_connecting_opens_a_connection_within_a_time() -> None:
    machine = ClientMachine(SETTINGS)

    assert machine.connect() == [
        StartTimer(machine, 10),
        SocketBecame(SocketState.CONNECTING),
        Connect(),
    ]


def test_connecting_twice_opens_one_connection() -> None:
    machine = opened()

    assert machine.connect() == []
    assert machine.state is SocketState.OPEN


def test_an_open_connection_beats_and_joins_what_waited_for_it() -> None:
    machine, room = ClientMachine(SETTINGS), made()
    machine.connect()
    assert machine.join(room) == [RoomBecame(room, RoomState.JOINING)]

    assert machine.opened() == [
        StartTimer(machine, 30),
        SocketBecame(SocketState.OPEN),
        Transmit(sent_join("1")),
        StartTimer(room, 8),
    ]


def test_a_heartbeat_goes_out_each_time_the_timer_fires() -> None:
    machine = opened()

    for ref in ("1", "2"):
        beat = Push(None, ref, "phoenix", "heartbeat", {})
        assert machine.fired(machine) == [Transmit(beat), StartTimer(machine, 30)]
        assert machine.received(Reply(None, ref, "phoenix", "ok", {})) == []


def test_whatever_arrives_answers_a_heartbeat() -> None:
    machine = opened()
    machine.fired(machine)

    machine.received(Broadcast("room:other", "posted", {}))

    assert len(timers(machine.fired(machine))) == 1
    assert machine.state is SocketState.OPEN


def test_a_connection_that_does_not_answer_a_heartbeat_is_given_up() -> None:
    machine = opened()
    machine.fired(machine)

    assert machine.fired(machine) == [
        Disconnect(4000, "heartbeat timeout"),
        StartTimer(machine, 0.01),
        SocketBecame(SocketState.WAITING, 1006, "heartbeat timeout", 0.01),
    ]


def test_silence_before_a_reconnect_does_not_count_after_it() -> None:
    machine = opened()
    machine.fired(machine)
    machine.closed()
    machine.fired(machine)
    machine.opened()

    machine.fired(machine)

    assert machine.state is SocketState.OPEN


def test_an_opening_that_takes_too_long_is_given_up() -> None:
    machine = ClientMachine(SETTINGS)
    machine.connect()

    assert machine.fired(machine) == [
        Disconnect(4000, "connect timeout"),
        StartTimer(machine, 0.01),
        SocketBecame(SocketState.WAITING, 1006, "connect timeout", 0.01),
    ]


def test_the_time_between_tries_grows_to_its_last() -> None:
    machine = ClientMachine()
    machine.connect()
    waits: list[float] = []

    for _ in range(12):
        waits += [seconds for _, seconds in timers(machine.closed(1012, "shutting down"))]
        machine.fired(machine)

    # phoenix.js socket.js#reconnectAfterMs
    assert waits == [0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2, 5, 5, 5]


def test_an_opened_connection_that_brings_nothing_does_not_reset_the_tries() -> None:
    machine = opened()
    machine.closed()
    machine.fired(machine)
    machine.opened()

    assert timers(machine.closed()) == [(machine, 0.05)]


def test_what_arrives_resets_the_tries() -> None:
    machine = opened()
    machine.closed()
    machine.fired(machine)
    machine.opened()
    machine.received(Broadcast("room:other", "posted", {}))

    assert timers(machine.closed()) == [(machine, 0.01)]


def test_times_between_tries_are_spread() -> None:
    latest, earliest = ClientMachine(SETTINGS, lambda: 1), ClientMachine(SETTINGS, lambda: 0)
    latest.connect()
    earliest.connect()

    assert timers(latest.closed()) == [(latest, 0.015)]
    assert timers(earliest.closed()) == [(earliest, 0.005)]


def test_to_connect_while_waiting_is_to_try_at_once() -> None:
    machine = opened()
    machine.closed()

    assert Connect() in machine.connect()


@pytest.mark.parametrize(("code", "final"), [(1000, False), (1006, True)])
def test_the_end_for_good_closes_rooms_and_fails_calls(code: int, *, final: bool) -> None:
    machine, room = joined()
    asked = call(room)
    machine.push(asked)

    assert machine.closed(code, "bye", final=final) == [
        CancelTimer(machine),
        SocketBecame(SocketState.CLOSED, code, "bye"),
        CancelTimer(room),
        RoomBecame(room, RoomState.CLOSED, reason="closed"),
        CancelTimer(asked),
        Fail(asked, "closed"),
    ]
    assert machine.rooms == ()


def test_closing_disconnects_and_closes_rooms() -> None:
    machine, room = joined()

    assert machine.close(3000, "enough") == [
        Disconnect(3000, "enough"),
        CancelTimer(machine),
        SocketBecame(SocketState.CLOSED, 3000, "enough"),
        CancelTimer(room),
        RoomBecame(room, RoomState.CLOSED, reason="closed"),
    ]


def test_closing_while_waiting_has_nothing_to_disconnect() -> None:
    machine = opened()
    machine.closed()

    assert machine.close() == [CancelTimer(machine), SocketBecame(SocketState.CLOSED, 1000)]


def test_closing_twice_is_closing_once() -> None:
    machine = opened()
    machine.close()

    assert machine.close() == []


def test_a_lost_connection_suspends_its_rooms() -> None:
    machine, room = joined()
    asked = call(room)
    machine.push(asked)

    assert machine.closed() == [
        StartTimer(machine, 0.01),
        SocketBecame(SocketState.WAITING, 1006, "", 0.01),
        CancelTimer(room),
        RoomBecame(room, RoomState.ERRORED, reason="disconnected"),
        CancelTimer(asked),
        Fail(asked, "disconnected"),
    ]


def test_a_room_that_is_being_left_is_closed_by_a_loss() -> None:
    machine, room = joined()
    machine.leave(room)

    machine.closed()

    assert room.state is RoomState.CLOSED
    assert machine.rooms == ()


def test_a_second_join_of_a_topic_takes_the_place_of_the_first() -> None:
    machine, first = joined()
    second = made()

    assert machine.join(second) == [
        CancelTimer(first),
        RoomBecame(first, RoomState.CLOSED, reason="replaced"),
        RoomBecame(second, RoomState.JOINING),
        Transmit(sent_join("2")),
        StartTimer(second, 8),
    ]
    assert machine.received(Push("1", "1", ROOM, "phx_close", {})) == []
    assert machine.rooms == (second,)


def test_a_join_on_a_closed_socket_is_closed() -> None:
    machine, room = ClientMachine(), made()

    assert machine.join(room) == [RoomBecame(room, RoomState.CLOSED, reason="closed")]


def test_what_comes_for_a_topic_without_a_room_is_dropped() -> None:
    machine, room = joined()
    machine.received(Push("1", "1", ROOM, "phx_close", {}))

    assert machine.received(Broadcast(ROOM, "posted", {})) == []
    assert machine.received(ok("7")) == []
    assert machine.rooms == ()
    assert machine.leave(room) == []


def test_the_timer_of_a_room_is_the_room_s() -> None:
    machine, room = opened(), made()
    machine.join(room)

    machine.fired(room)

    assert room.state is RoomState.CLOSED
    assert machine.rooms == ()


def test_settings_are_positive() -> None:
    with pytest.raises(ValueError, match="timeout must be positive, got 0"):
        Settings(timeout=0)
    with pytest.raises(ValueError, match=r"rejoin_after must be positive, got \(\)"):
        Settings(rejoin_after=())
    with pytest.raises(ValueError, match=r"reconnect_after must be positive, got \(1, -1\)"):
        Settings(reconnect_after=(1, -1))
    with pytest.raises(ValueError, match="spread is at least 0 and less than 1, got 1"):
        Settings(spread=1)

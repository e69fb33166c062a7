"""Listening sockets between a reloader and its servers."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from channelkit.running.handover import Line, Listeners, Parent, spoken_to

from .program import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def pair() -> Iterator[tuple[Line, Line]]:
    """Both ends of a line."""
    lines = [Line(end) for end in socket.socketpair()]
    yield lines[0], lines[1]
    for line in lines:
        line.close()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that listens."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def test_a_copy_of_a_listening_socket_arrives(
    pair: tuple[Line, Line], listener: socket.socket
) -> None:
    address = listener.getsockname()
    pair[0].send(Listeners("127.0.0.1:0", [listener]))
    listener.close()

    copies = pair[1].receive()

    assert copies is not None
    assert copies.address == "127.0.0.1:0"
    with socket.create_connection(address):
        copies.close()


def test_an_address_without_sockets_arrives_too(pair: tuple[Line, Line]) -> None:
    pair[0].send(Listeners("chat.sock"))

    assert pair[1].receive() == Listeners("chat.sock", [])


def test_nothing_at_all_arrives_as_such(pair: tuple[Line, Line]) -> None:
    pair[0].send(Listeners())

    assert pair[1].receive() == Listeners("", [])


def test_who_waits_hears_that_the_other_side_is_gone(pair: tuple[Line, Line]) -> None:
    pair[0].close()

    assert pair[1].receive() is None
    pair[1].wait_end()


def test_a_side_that_never_listened_is_gone_all_the_same(pair: tuple[Line, Line]) -> None:
    pair[1].send(Listeners("here:1"))
    pair[0].close()

    assert pair[1].receive() is None


def test_waiting_for_the_end_of_a_side_that_never_listened_ends(pair: tuple[Line, Line]) -> None:
    pair[1].send(Listeners("here:1"))
    pair[0].close()

    pair[1].wait_end()


def test_who_waits_is_told_when_the_line_is_ended_here(pair: tuple[Line, Line]) -> None:
    pair[0].hang_up()

    assert pair[0].receive() is None
    pair[0].hang_up()


def test_giving_to_somebody_who_is_gone_is_no_error(
    pair: tuple[Line, Line], listener: socket.socket
) -> None:
    pair[1].close()

    pair[0].send(Listeners("127.0.0.1:0", [listener]))


def test_a_process_without_a_reloader_has_no_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHANNELKIT_RELOADER", raising=False)

    assert Parent.of_this_process() is None


def test_a_process_finds_its_reloader_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    monkeypatch.setenv("CHANNELKIT_RELOADER", spoken_to(theirs)["CHANNELKIT_RELOADER"])
    theirs.detach()

    parent = Parent.of_this_process()
    ours.close()

    assert parent is not None
    assert Parent.of_this_process() is None
    assert not parent.wait_turn()
    parent.close()


@pytest.mark.parametrize(("address", "kept"), [("here:1", True), ("there:1", False)])
def test_sockets_are_taken_over_for_the_same_address_only(
    pair: tuple[Line, Line], listener: socket.socket, address: str, kept: bool
) -> None:
    pair[0].send(Listeners("here:1", [listener]))
    parent = Parent(pair[1])

    assert parent.wait_turn()

    assert parent.restarts
    sockets = parent.inherited(address)
    assert [one.getsockname() for one in sockets] == [listener.getsockname()] * kept
    for one in sockets:
        one.close()


def test_the_first_server_takes_nothing_over(pair: tuple[Line, Line]) -> None:
    pair[0].send(Listeners())
    parent = Parent(pair[1])

    assert parent.wait_turn()

    assert not parent.restarts
    assert parent.inherited("here:1") == ()


ORPHAN = """
import signal
from channelkit.running.handover import Listeners, Parent

parent = Parent.of_this_process()
parent.wait_turn()
parent.listening(Listeners("here:1"))
signal.pause()
"""


@pytest.mark.slow
def test_a_server_ends_with_its_reloader() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        server = subprocess.Popen(
            [sys.executable, "-c", ORPHAN], env=spoken_to(theirs), pass_fds=[theirs.fileno()]
        )
        line = Line(ours)
        line.send(Listeners())
        assert line.receive() == Listeners("here:1", [])

    assert server.wait(PATIENCE) == -signal.SIGTERM


def test_waiting_for_a_turn_lets_ctrl_c_through_again(pair: tuple[Line, Line]) -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    pair[0].send(Listeners())

    Parent(pair[1]).wait_turn()

    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_SETMASK, before)

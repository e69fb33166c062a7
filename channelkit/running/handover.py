"""Listening sockets that outlive a restart: between the reloader and the servers it runs.

A server opens them, as it alone knows its address, and gives copies to the
reloader, which passes them on to the next server. In between, connections
wait in their backlog; none is refused.
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Line", "Listeners", "Parent", "spoken_to"]

_VARIABLE: Final = "CHANNELKIT_RELOADER"
_LONGEST: Final = 4096
_MOST_SOCKETS: Final = 32


@final
@dataclass(frozen=True, slots=True)
class Listeners:
    """Sockets that listen at an address, as the server that opened them calls it."""

    address: str = ""
    sockets: Sequence[socket.socket] = ()

    def close(self) -> None:
        """Close these copies."""
        for listener in self.sockets:
            listener.close()


@final
class Line:
    """One end of the line between a reloader and a server; each says one thing on it."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def send(self, listeners: Listeners) -> None:
        """Give copies of the sockets to the other side, if it is still there."""
        text = f"@{listeners.address}".encode()  # never empty: that would mean the end
        descriptors = [listener.fileno() for listener in listeners.sockets]
        with suppress(OSError):
            if descriptors:
                socket.send_fds(self._end, [text], descriptors)
            else:
                self._end.sendall(text)

    def receive(self) -> Listeners | None:
        """Wait for what the other side gives; None if it is gone."""
        try:
            text, descriptors, _, _ = socket.recv_fds(self._end, _LONGEST, _MOST_SOCKETS)
        except ConnectionResetError:  # it went without having listened to us
            return None
        if not text:
            return None
        return Listeners(text[1:].decode(), [socket.socket(fileno=one) for one in descriptors])

    def wait_end(self) -> None:
        """Wait until the other side is gone."""
        with suppress(ConnectionResetError):  # as it may not have listened to us
            self._end.recv(1)

    def hang_up(self) -> None:
        """End the line; who waits at this end is told."""
        with suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let the line go."""
        self._end.close()


def spoken_to(theirs: socket.socket) -> dict[str, str]:
    """The environment of a process that is to find its end of a line at this descriptor."""
    return {**os.environ, _VARIABLE: str(theirs.fileno())}


@final
class Parent:
    """The server's side: the reloader that started this process.

    Attributes:
        restarts: Whether another server listened before this one.
    """

    def __init__(self, line: Line) -> None:
        self.restarts = False
        self._line = line
        self._left = Listeners()

    @classmethod
    def of_this_process(cls) -> Parent | None:
        """The reloader that started this process, None where there is none.

        Asked once: the author's own subprocesses must not take it for theirs.
        """
        descriptor = os.environ.pop(_VARIABLE, None)
        if descriptor is None:
            return None
        end = socket.socket(fileno=int(descriptor))
        end.set_inheritable(False)
        return cls(Line(end))

    def wait_turn(self) -> bool:
        """Wait until this process is to serve, as it may have been started ahead.

        Returns:
            Whether its turn has come; False where the reloader is gone.
        """
        left = self._line.receive()
        if left is None:
            return False
        self._left = left
        self.restarts = bool(left.address)
        # The reloader starts us deaf to Ctrl-C, which is not for processes that wait.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        return True

    def inherited(self, address: str) -> Sequence[socket.socket]:
        """The sockets of the server before this one, if they listen at the same address."""
        if self._left.address == address:
            return self._left.sockets
        self._left.close()
        return ()

    def listening(self, listeners: Listeners) -> None:
        """Hand over copies; from now on this process ends with the reloader."""
        self._line.send(listeners)
        Thread(target=self._end_with_it, name="reloader", daemon=True).start()

    def close(self) -> None:
        """Let the line go."""
        self._line.close()

    def _end_with_it(self) -> None:
        self._line.wait_end()
        os.kill(os.getpid(), signal.SIGTERM)

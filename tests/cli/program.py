"""The command in a process of its own; what it says is waited for, line by line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path
    from typing import IO

__all__ = ["CHAT", "PATIENCE", "Program", "fetch"]

PATIENCE = 20.0
"""Seconds that anything may take; what is not there by then never comes."""

CHAT = '''\
import time

from channelkit import Channel, Endpoint, Message, Ok, Refusal, Server, channel, on_event, on_join


class JoinRoom(Message):
    token: str


class Closed(Refusal):
    """The room is closed."""


class NewMsg(Message):
    body: str


@channel("room:{room_id}")
class Room(Channel[None]):
    """A room."""

    room_id: int

    @on_join
    async def join(self, params: JoinRoom) -> Closed | None:
        return Closed() if self.room_id == 0 else None

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Ok:
        if message.body == "crash":
            raise LookupError("nobody is here")
        if message.body == "slow":
            time.sleep(0.01)
        return Ok()


endpoint = Endpoint("/socket", [Room])
server = Server(endpoint, port=0)
'''
"""A small app: endpoint and server."""


class Program:
    """`python -m channelkit …` in a folder; ended by its id when the block ends.

    Args:
        environment: Added to this process's.
        own_group: Whether it has a process group of its own, as a command in a terminal has.
    """

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        own_group: bool = False,
    ) -> None:
        self.lines: list[str] = []
        self._said: SimpleQueue[str | None] = SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "channelkit", *arguments],
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=own_group,
        )
        assert self.process.stdout is not None
        self._reader = Thread(target=self._read, args=[self.process.stdout], daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    @property
    def output(self) -> str:
        """All it has said, as far as it was waited for."""
        return "".join(self.lines)

    def wait_line(self, pattern: str) -> re.Match[str]:
        """The next line, from where the last wait ended, in which the pattern is found."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._said.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                raise AssertionError(f"no {pattern!r} in\n{self.output}") from None
            assert line is not None, f"it ended without {pattern!r}:\n{self.output}"
            self.lines.append(line)
            if found := re.search(pattern, line):
                return found

    def wait_ready(self) -> str:
        """The address to open, once it has said so and what comes below it."""
        address = self.wait_line(r"^  open +(\S+)$")[1]
        self.wait_line("^Ctrl-C stops it")
        return address

    def wait_end(self) -> int:
        """Its exit code."""
        code = self.process.wait(PATIENCE)
        while (line := self._said.get(timeout=PATIENCE)) is not None:
            self.lines.append(line)
        return code

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._said.put(line)
        self._said.put(None)


def fetch(url: str, trusting: ssl.SSLContext | None = None) -> str:
    """The body of a page, from a connection of its own, straight whatever proxy there is."""
    handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)]
    with urllib.request.build_opener(*handlers).open(url, timeout=PATIENCE) as response:
        text: str = response.read().decode()
        return text

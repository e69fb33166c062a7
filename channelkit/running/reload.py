"""`--reload`: the same command again in a child process, anew whenever a file changes."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, final

from ..runtime import log
from .failures import Failure
from .handover import Line, Listeners, spoken_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

__all__ = ["Reloader", "roots"]

GRACE: Final = 0.5
"""Seconds that the server has to drain before it is told to end at once, then as long again."""

STEP: Final = 50
"""Milliseconds without a further change after which the changes count as one."""


def roots(target: str) -> list[Path]:
    """What to watch for an app: the working directory and, if it is elsewhere, its package."""
    here = Path.cwd()
    top = target.partition(":")[0].partition(".")[0]
    spec = find_spec(top) if top.isidentifier() else None
    if spec is None:  # the child says what is wrong with it
        return [here]
    folders = [Path(package) for package in spec.submodule_search_locations or ()]
    if not folders and spec.origin is not None:
        folders = [Path(spec.origin).parent]
    return [here, *(folder for folder in folders if not folder.is_relative_to(here))]


@final
class _Server:
    """A process that serves when it is told to, having made ready before."""

    def __init__(self, command: Sequence[str]) -> None:
        ours, theirs = socket.socketpair()
        self.line = Line(ours)
        # Ctrl-C reaches every process of the terminal, but is only for the one that serves.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        with theirs:
            self.process = subprocess.Popen(
                command, env=spoken_to(theirs), pass_fds=[theirs.fileno()]
            )
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def stop(self, first: signal.Signals | None) -> None:
        """Let it drain, tell it to end at once, kill it: each after a grace, until it is gone.

        Args:
            first: What tells it to drain, None where it knows already.
        """
        if first is not None:
            self.process.send_signal(first)
        for harder in (signal.SIGTERM, signal.SIGKILL):
            try:
                self.process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self.process.send_signal(harder)
        self.process.wait()
        self.line.hang_up()


@final
class Reloader:
    """Runs a command, and runs it again after each change below some folders.

    The next process is started ahead and waits, everything imported but the
    app: what remains at a change is to end one and let the other go on.

    Args:
        command: Its arguments; the process must know `handover.Parent`.
        folders: Where to look for changed Python files.
    """

    def __init__(self, command: Sequence[str], folders: Sequence[Path]) -> None:
        self._command = command
        self._folders = folders
        self._listeners = Listeners()
        self._server: _Server | None = None
        self._next: _Server | None = None
        self._attendant = Thread()
        self._stopping = False
        self._terminated = False

    def run(self) -> None:
        """Until Ctrl-C or SIGTERM; the server ends first.

        Raises:
            Failure: watchfiles is not installed.
        """
        changes = _changes(self._folders)
        signal.signal(signal.SIGTERM, self._terminate)
        try:
            self._start()
            for files in changes:
                log.info("reloading", changed=_named(files))
                self._stop(signal.SIGTERM)
                if _loaded_here(files):
                    self._discard_next()
                self._start()
        except KeyboardInterrupt:
            # A second Ctrl-C is the server's: it ends at once then, and so do we.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        finally:
            # The terminal's Ctrl-C went to the server too; a signal now would be its second.
            self._stop(signal.SIGTERM if self._terminated else None)
            self._discard_next()
            self._listeners.close()

    def _terminate(self, sign: int, frame: FrameType | None) -> None:
        self._terminated = True
        raise KeyboardInterrupt

    def _start(self) -> None:
        self._server, self._next = self._next or _Server(self._command), None
        self._server.line.send(self._listeners)
        self._stopping = False
        self._attendant = Thread(target=self._attend, args=[self._server], daemon=True)
        self._attendant.start()

    def _attend(self, server: _Server) -> None:
        """Take the server's sockets when it listens, and tell when it ends."""
        listeners = server.line.receive()
        if listeners is not None:
            self._listeners.close()
            self._listeners = listeners
        if not self._stopping:
            self._next = _Server(self._command)
        code = server.process.wait()
        if code and not self._stopping:  # 0 is Ctrl-C, of which we hear in a moment
            log.warning("server ended", exit_code=code, next="waiting for a change")

    def _stop(self, first: signal.Signals | None) -> None:
        if self._server is not None:
            self._stopping = True
            self._server.stop(first)
            self._attendant.join()
            self._server.line.close()
            self._server = None

    def _discard_next(self) -> None:
        if self._next is not None:
            self._next.stop(signal.SIGTERM)
            self._next.line.close()
            self._next = None


def _changes(folders: Sequence[Path]) -> Iterator[list[Path]]:
    """The files that changed, time and again.

    Raises:
        Failure: watchfiles is not installed.
    """
    try:
        from watchfiles import PythonFilter, watch  # optional: it comes with an extra
    except ImportError:
        raise Failure(
            "--reload needs watchfiles, which is not installed; pip install 'channelkit[server]'"
        ) from None
    watched = watch(*folders, watch_filter=PythonFilter(), step=STEP, ignore_permission_denied=True)
    return (sorted(Path(path) for _, path in changes) for changes in watched)


def _named(files: Sequence[Path]) -> str:
    """The first of the files, for the log."""
    file, here = files[0], Path.cwd()
    others = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"{file.relative_to(here) if file.is_relative_to(here) else file}{others}"


def _loaded_here(files: Sequence[Path]) -> bool:
    """Whether one of them is in this process too, and so in the one that was started ahead."""
    here = {getattr(module, "__file__", None) for module in sys.modules.values()}
    return any(str(file) in here for file in files)

"""The processes of a measurement: the compiler, one server at a time, the load.

Only what was started here is ever ended, and everything started here is.
"""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from .modes import Kind

if TYPE_CHECKING:
    from collections.abc import Generator

    from .modes import Mode, Protocol, Subject

__all__ = [
    "Cores",
    "Figures",
    "LoadFailed",
    "Running",
    "Timing",
    "build",
    "load",
    "serving",
]

ROOT = Path(__file__).parents[2]
BOOT_SECONDS = 20
FAREWELL_SECONDS = 10
LOAD_SECONDS = 240


class LoadFailed(Exception):
    """A server did not start, or gave an answer that was not the expected one."""


class Figures(BaseModel):
    """What ``load`` prints after a flawless run."""

    ops: int
    seconds: float
    rate: float
    p50_us: float
    p99_us: float
    server_us: float
    server_cpu: float
    load_cpu: float
    waited: float
    rss_before_kib: int
    rss_kib: int
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds: before the measured window, of it, and of silence after the joins."""

    warmup: float
    duration: float
    hold: float


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens."""

    pid: int
    port: int


@dataclass(frozen=True, slots=True)
class Cores:
    """Where the server runs and where the load."""

    server: int
    load: int

    @classmethod
    def available(cls) -> Cores:
        """The first and the last core that this process may use."""
        cores = sorted(os.sched_getaffinity(0))
        return cls(cores[0], cores[-1])


def build(folder: Path, compiler: str = "cc") -> Path:
    """Compile load.c into a folder; a second or two."""
    program = folder / "load"
    source = Path(__file__).with_name("load.c")
    subprocess.run([compiler, "-O2", "-Wall", "-o", program, source], check=True, timeout=120)
    return program


@contextlib.contextmanager
def serving(subject: Subject, cores: Cores, log: Path) -> Generator[Running]:
    """Run a server alone on its core.

    Raises:
        LoadFailed: It did not listen in time; the text ends with its last words.
    """
    port = free_port()
    command = [sys.executable, "-m", subject.module, "--port", str(port), *subject.options]
    with (
        log.open("wb") as words,
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=words, stderr=words
        ) as process,
    ):
        os.sched_setaffinity(process.pid, {cores.server})
        allow_many_files(process.pid)
        try:
            if not listens(process, port):
                raise LoadFailed(f"{subject.name} did not start\n{last_words(log)}")
            yield Running(process.pid, port)
        finally:
            end(process)


def allow_many_files(pid: int) -> None:
    """Raise a process's limit on open files as far as it goes."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (most, most))


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def listens(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the server takes connections before it ends or its time is up."""
    deadline = time.monotonic() + BOOT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    return False


def last_words(log: Path) -> str:
    """The end of a server's output."""
    return log.read_text(errors="replace")[-2000:]


def end(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """Ask a process to end, then make it."""
    process.terminate()
    try:
        process.wait(FAREWELL_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def load(
    program: Path, mode: Mode, subject: Subject, server: Running, cores: Cores, timing: Timing
) -> Figures:
    """Put one mode of load on a running server.

    Raises:
        LoadFailed: An answer was wrong or missing, or the load did not end.
    """
    options = {
        "port": server.port,
        "pid": server.pid,
        "count": mode.connections,
        "window": mode.window,
        "body": mode.body,
        "warmup": timing.warmup,
        "seconds": timing.duration,
        "hold": timing.hold,
        **words(mode, subject.protocol),
    }
    command = [str(program), mode.load]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        os.sched_setaffinity(process.pid, {cores.load})
        try:
            output, complaint = process.communicate(timeout=LOAD_SECONDS)
        except subprocess.TimeoutExpired:
            raise LoadFailed("the load did not end") from None
        finally:
            end(process)
    if process.returncode:
        raise LoadFailed(complaint.strip() or f"load ended with status {process.returncode}")
    return Figures.model_validate_json(output)


def words(mode: Mode, protocol: Protocol) -> dict[str, str]:
    """What is said in this mode, and what must come back."""
    common = {"path": protocol.path, "join": protocol.join, "joined": protocol.joined}
    match mode.load:
        case Kind.ECHO:
            return {**common, "message": protocol.echo, "answer": protocol.echoed}
        case Kind.FANOUT:
            mine = {"message": protocol.bcast, "answer": protocol.accepted}
            return {**common, **mine, "broadcast": protocol.posted}
        case Kind.CONNECT | Kind.MEMORY:
            return common

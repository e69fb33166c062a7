"""The load generator notices every way in which a server can answer wrongly.

The server is ``websockets``, honest or lying; its messages are those of `TYPED`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from .modes import TYPED, Kind, Mode, Subject
from .processes import Cores, Figures, LoadFailed, Running, Timing, build, load

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the load generator needs Linux's epoll"),
    pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (cc)"),
]

LIAR = Subject(name="liar", module="", protocol=TYPED)
WRONG_ONE = 3  # the number of the message that is answered wrongly
Answers = list[str | bytes]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled load generator."""
    return build(tmp_path_factory.mktemp("load"))


def posted(n: int, body: str) -> str:
    """What members get when message n is broadcast."""
    payload = {"body": body, "n": n}
    return compact({"event": "bcast", "topic": "bench", "payload": payload})


def reply(n: int, body: str | None = None, status: str = "ok") -> str:
    """The answer to message n."""
    payload = None if body is None else {"body": body, "n": n}
    return compact({"event": "reply", "ref": n, "status": status, "payload": payload})


def compact(value: object) -> str:
    """JSON without blanks, as pydantic writes it."""
    return json.dumps(value, separators=(",", ":"))


@contextlib.contextmanager
def answering(
    answers: Callable[[int, str], Answers],
    posts: Callable[[int, str], Answers],
    joined: str | None = None,
) -> Generator[Running]:
    """A server in a thread: what it answers, and what the topic's members get."""
    members: list[ServerConnection] = []

    def handle(connection: ServerConnection) -> None:
        members.append(connection)
        with contextlib.suppress(ConnectionClosed):
            connection.recv()
            send(connection, [joined or reply(1)])
            while True:
                message = json.loads(connection.recv())
                n, body = message["ref"], message["payload"]["body"]
                if message["event"] == "bcast":
                    for member in members:
                        send(member, posts(n, body))
                send(connection, answers(n, body))

    with serve(handle, "127.0.0.1", 0, compression=None, max_size=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Running(os.getpid(), server.socket.getsockname()[1])
        finally:
            server.shutdown()
            thread.join()


def send(connection: ServerConnection, texts: Sequence[str | bytes]) -> None:
    """Send all; an empty one stands for a close."""
    for text in texts:
        if text:
            connection.send(text)
        else:
            connection.close(reason="enough")


def echoed(n: int, body: str) -> Answers:
    """The honest answer to an echo."""
    return [reply(n, body)]


def accepted(n: int, body: str) -> Answers:
    """The honest answer to a publisher."""
    return [reply(n)]


def delivered(n: int, body: str) -> Answers:
    """The honest broadcast."""
    return [posted(n, body)]


def run(program: Path, mode: Mode, server: Running) -> Figures:
    """A short run."""
    timing = Timing(warmup=0.02, duration=0.05, hold=0)
    return load(program, mode, LIAR, server, Cores.available(), timing)


@pytest.mark.parametrize("body", [0, 1, 60, 126, 40_000, 100_000])
def test_an_honest_server_is_measured_whatever_the_length_of_its_frames(
    program: Path, body: int
) -> None:
    with answering(echoed, delivered) as server:
        figures = run(program, Mode(kind=Kind.ECHO, connections=3, window=4, body=body), server)

    assert figures.ops > 0
    assert figures.rate == pytest.approx(figures.ops / figures.seconds, rel=0.01)
    assert 0 < figures.p50_us <= figures.p99_us
    assert figures.server_us > 0


def test_an_honest_fan_out_is_measured(program: Path) -> None:
    with answering(accepted, delivered) as server:
        figures = run(program, Mode(kind=Kind.FANOUT, connections=3, window=2), server)

    assert figures.ops > 0


LIES: dict[str, tuple[Callable[[int, str], Answers], str]] = {
    "another ref": (lambda n, body: [reply(n + 1, body)], "unexpected after answer 2"),
    "an error": (lambda n, body: [reply(n, body, status="error")], "unexpected after answer 2"),
    "a shorter body": (lambda n, body: [reply(n, body[:-1])], "unexpected after answer 2"),
    "an altered body": (lambda n, body: [reply(n, body.upper())], "unexpected after answer 2"),
    "no payload": (lambda n, body: [reply(n)], "unexpected after answer 2"),
    "twice": (lambda n, body: [reply(n, body), reply(n, body)], "unexpected after answer 3"),
    "nothing": (lambda n, body: [], "unexpected after answer 2"),
    "binary": (lambda n, body: [reply(n, body).encode()], "unexpected frame, first byte 0x82"),
    "a close": (lambda n, body: [""], "closed by the server: enough"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_wrong_answer_ends_the_run(program: Path, lie: str) -> None:
    wrongly, complaint = LIES[lie]

    def answers(n: int, body: str) -> Answers:
        return wrongly(n, body) if n == WRONG_ONE else echoed(n, body)

    with answering(answers, delivered) as server, pytest.raises(LoadFailed, match=complaint):
        run(program, Mode(kind=Kind.ECHO, connections=1, window=4), server)


@pytest.mark.parametrize("copies", [0, 2])
def test_a_broadcast_that_is_lost_or_doubled_ends_the_run(program: Path, copies: int) -> None:
    def posts(n: int, body: str) -> Answers:
        return delivered(n, body) * (copies if n == WRONG_ONE else 1)

    with answering(accepted, posts) as server, pytest.raises(LoadFailed, match="unexpected after"):
        run(program, Mode(kind=Kind.FANOUT, connections=2, window=4), server)


def test_a_refused_join_ends_the_run(program: Path) -> None:
    refusal = reply(1, status="error")

    with (
        answering(echoed, delivered, joined=refusal) as server,
        pytest.raises(LoadFailed, match=r"expected the join's answer, got: .*error"),
    ):
        run(program, Mode(kind=Kind.CONNECT, connections=1), server)

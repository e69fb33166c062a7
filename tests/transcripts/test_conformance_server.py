"""What `python -m examples.conformance` promises beside its conversations."""

from __future__ import annotations

import base64
import http.client
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..browser.server import ExampleServer

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def handshake(address: str, origin: str) -> int:
    """The status that a page of this origin gets."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=5)
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Origin": origin,
        "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
        "Sec-WebSocket-Version": "13",
    }
    try:
        connection.request("GET", "/socket/websocket?vsn=2.0.0", headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(("flags", "foreign"), [((), 101), (("--check-origin",), 403)])
def test_it_takes_pages_from_anywhere_unless_told_otherwise(
    flags: tuple[str, ...], foreign: int
) -> None:
    with ExampleServer("examples.conformance", *flags) as server:
        own = handshake(server.address, server.address)
        others = handshake(server.address, "https://example.com")

    assert (own, others) == (101, foreign)


@pytest.mark.parametrize(
    ("flags", "complaint", "status"),
    [
        (("--max-fragments", "0"), "error: Limits.fragments must be positive\n", 2),
        (("--longpoll-window", "0"), "error: LongPoll.window must be positive\n", 2),
        (("--port", "99999"), "cannot listen on port 99999: bind(): port must be 0-65535.\n", 1),
    ],
)
def test_a_flag_that_cannot_work_is_a_sentence(
    flags: tuple[str, ...], complaint: str, status: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "examples.conformance", *flags],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )

    assert done.stderr.endswith(complaint)
    assert (done.stdout, done.returncode) == ("", status)


@pytest.mark.parametrize("loop", ["auto", "asyncio", "uvloop", "trio"])
def test_it_says_one_line_when_ready_and_ends_when_told_to(loop: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "examples.conformance", "--loop", loop],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PORT": "0"},
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.terminate()
        rest, _ = process.communicate(timeout=10)

    assert first.startswith("conformance server on http://127.0.0.1:")
    assert (rest, process.returncode) == ("", 0)

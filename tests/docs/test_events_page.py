"""The frames in docs/events.md are those that go over the wire."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from websockets.sync.client import connect

from ..cli.program import PATIENCE, Program
from .blocks import ROOT, blocks, code_of
from .fates import in_module

if TYPE_CHECKING:
    from pathlib import Path

    from websockets.sync.client import ClientConnection

pytestmark = pytest.mark.slow

PAGE: Final = ROOT / "docs" / "events.md"
FOUND: Final = blocks(PAGE)
RATE, STREAM = (block.code for block in FOUND if block.language == "json")


def served(folder: Path, app: str) -> Program:
    (folder / "page.py").write_text(code_of(PAGE, [one for one in FOUND if in_module(one)]))
    return Program(folder, "run", f"page:{app}", "--port", "0")


def opened(program: Program) -> ClientConnection:
    address = program.wait_ready().replace("http", "ws")
    return connect(f"{address}/socket/websocket?vsn=2.0.0&text=bob", proxy=None)


def joined(client: ClientConnection, topic: str) -> None:
    client.send(json.dumps(["1", "1", topic, "phx_join", {}]))
    assert heard(client)[4] == {"status": "ok", "response": {}}


def heard(client: ClientConnection) -> Any:
    return json.loads(client.recv(timeout=PATIENCE))


def test_the_conversation_about_a_stream_goes_so(tmp_path: Path) -> None:
    frames = re.findall(r"^([CS])> (.+)$", STREAM, re.MULTILINE)
    with served(tmp_path, "archive") as program, opened(program) as client:
        joined(client, "archive")

        for side, frame in frames:
            if side == "C":
                client.send(frame)
            else:
                assert heard(client) == json.loads(frame)


def test_what_comes_too_soon_is_answered_so(tmp_path: Path) -> None:
    shown = json.loads(RATE)
    _, ref, topic, _, _ = shown
    with served(tmp_path, "endpoint") as program, opened(program) as client:
        joined(client, topic)
        for number in range(3):
            client.send(json.dumps(["1", str(number + 2), topic, "post", {"text": "hi"}]))
        client.send(json.dumps(["1", ref, topic, "post", {"text": "hi"}]))

        answer = heard(client)
        while answer[1] != ref:
            answer = heard(client)

    assert 0 < answer[4]["response"].pop("retry_after") <= 10_000
    assert shown[4]["response"].pop("retry_after") <= 10_000
    assert answer == shown

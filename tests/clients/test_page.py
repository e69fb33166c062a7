"""The programs of docs/clients.md say what their page makes one expect."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..npm import NODE, modules, needs, needs_node

if TYPE_CHECKING:
    from ..browser.server import ExampleServer

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "clients.md"
BLOCK = re.compile(r"^```(py|js)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def program(server: ExampleServer, word: str) -> str:
    """The page's program that holds a word, for this server."""
    blocks = [block[2] for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]
    (found,) = (block for block in blocks if word in block)
    return found.replace("127.0.0.1:4000", server.address.removeprefix("http://"))


def said(*command: str, cwd: Path | None = None) -> str:
    """What a program prints until it ends, on both streams."""
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=20, check=False, cwd=cwd
    )
    return ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("package", "wanted"),
    [
        ("phoenix_channels_python_client", "joined True\n"),
        ("phxsocket", "ok {'body': 'hi'}\n"),
    ],
)
def test_a_python_program_of_the_page_runs(
    server: ExampleServer, package: str, wanted: str
) -> None:
    pytest.importorskip(package)

    assert said(sys.executable, "-c", program(server, package)) == wanted


@pytest.mark.node
@needs_node
@needs("phoenix", "ws", folder="clients")
def test_the_javascript_program_of_the_page_runs(server: ExampleServer) -> None:
    browser = 'import ws from "ws"; globalThis.WebSocket = ws;'
    script = f"{browser}\n{program(server, 'import { Socket }')}"

    output = said(NODE, "--input-type=module", "-e", script, cwd=modules("clients").parent)

    assert output == "heard { body: 'hi' }\n"

"""Scripts that drive Chromium from node, and ask for the server's end and return on the way."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ..npm import CHROMIUM, MODULES, NODE, needs, needs_node

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .server import ExampleServer

__all__ = ["MARKS", "drive"]

HERE = Path(__file__).parent

MARKS = [
    pytest.mark.browser,
    pytest.mark.slow,
    needs_node,
    needs("playwright-core", "axe-core"),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]


def drive(
    script: str | Path,
    server: ExampleServer,
    stop: Callable[[ExampleServer], None],
    *arguments: str,
    more: Mapping[str, Callable[[], object]] | None = None,
) -> int:
    """Run a script to its end, and give its exit code.

    Each line that it prints asks for one thing, "stop" or "start", and it
    waits for a line in return.

    Args:
        script: Its name in this folder, or its path.
        more: Other things that it may ask for.
    """
    verbs = {"stop": lambda: stop(server), "start": server.start, **(more or {})}
    environment = {"CHANNELKIT_NODE_MODULES": str(MODULES), "CHROMIUM": CHROMIUM}
    with subprocess.Popen(
        [NODE, HERE / script, server.address, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    ) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        for line in node.stdout:
            verbs[line.strip()]()
            print("done", file=node.stdin, flush=True)
    return node.returncode

"""A node process that plays scenarios with phoenix.js, one after another."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self, cast, final

from ..npm import NODE

if TYPE_CHECKING:
    from pydantic import JsonValue

    from ..browser.server import ExampleServer

__all__ = ["Node"]

HERE = Path(__file__).parent
PATIENCE = 20.0


@final
class Node:
    """`main.mjs` in a process of its own; started again if a scenario broke it.

    Args:
        modules: Where the npm packages are.
    """

    def __init__(self, modules: Path) -> None:
        self._modules = modules
        self._process: subprocess.Popen[str] | None = None
        self._listener: threading.Thread | None = None
        self._lines: SimpleQueue[str] = SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def play(
        self, library: str, scenario: str, server: ExampleServer, transport: str = "websocket"
    ) -> list[JsonValue]:
        """What a scenario says.

        Args:
            transport: ``"websocket"`` or ``"longpoll"``.

        Raises:
            AssertionError: It failed, or took too long.
        """
        request = {
            "library": library,
            "transport": transport,
            "scenario": scenario,
            "address": server.address,
        }
        self._tell(json.dumps(request))
        said: list[JsonValue] = []
        while True:
            match self._next():
                case {"event": event}:
                    said.append(event)
                case {"wish": str(wish)}:
                    _granted(wish, server)
                    self._tell("done")
                case {"done": True}:
                    return said
                case failure:
                    self._end()
                    raise AssertionError(f"{failure}\nsaid before: {said}\n{''.join(server.log)}")

    def _tell(self, line: str) -> None:
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        print(line, file=process.stdin, flush=True)

    def _next(self) -> JsonValue:
        try:
            line = self._lines.get(timeout=PATIENCE)
        except Empty:
            return {"failed": f"node said nothing for {PATIENCE} s"}
        return cast("JsonValue", json.loads(line)) if line else {"failed": "node has ended"}

    def _started(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [NODE, HERE / "main.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "CHANNELKIT_NODE_MODULES": str(self._modules)},
        )
        self._lines = SimpleQueue()
        self._listener = threading.Thread(target=_listen, args=(process, self._lines), daemon=True)
        self._listener.start()
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert self._listener is not None
        process.kill()
        process.wait()
        with suppress(BrokenPipeError):
            process.stdin.close()
        self._listener.join()


def _granted(wish: str, server: ExampleServer) -> None:
    match wish:
        case "kill":
            server.kill()
        case "terminate":
            server.terminate()
        case "start":
            server.start()
        case _:
            raise AssertionError(f"a wish that nobody grants: {wish}")


def _listen(process: subprocess.Popen[str], lines: SimpleQueue[str]) -> None:
    assert process.stdout is not None
    with process.stdout as stdout:
        for line in stdout:
            lines.put(line)
    lines.put("")  # it has ended

"""A server with its console, in a process of its own, to be stopped, changed and started again."""

from __future__ import annotations

from ..browser.server import ExampleServer

__all__ = ["DocsServer"]


class DocsServer(ExampleServer):
    """`channelkit run <app> --docs`."""

    def __init__(self, app: str) -> None:
        super().__init__("channelkit", "run", app, "--docs")
        self._app = app

    def serve(self, app: str) -> None:
        """Serve another app from the next start on."""
        self._command[self._command.index(self._app)] = app
        self._app = app

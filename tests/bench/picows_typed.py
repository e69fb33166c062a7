"""The typed job on picows and uvloop: ``python -m tests.bench.picows_typed --port N``.

picows frames in Cython and calls back without a task; it is about what Python can do here.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import uvloop
from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    ws_create_server,  # pyright: ignore[reportUnknownVariableType]  # its host has no type
)

from .job import Client

if TYPE_CHECKING:
    from collections.abc import Collection

TEXT = WSMsgType.TEXT
TOPICS: dict[str, set[WSTransport]] = {}


def send_all(members: Collection[WSTransport], text: str) -> None:
    """Encode once, send to each."""
    encoded = text.encode()
    for member in members:
        member.send(TEXT, encoded)


class Listener(WSListener):
    """One connection."""

    client: Client[WSTransport]

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Begin."""
        self.client = Client(transport, TOPICS, send_all)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Answer a text; anything else ends the connection."""
        if frame.msg_type == TEXT:
            transport.send(TEXT, self.client.receive(frame.get_payload_as_bytes()).encode())
        else:
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """End."""
        self.client.gone()


def listener(_: WSUpgradeRequest) -> WSListener:
    """Take every request."""
    return Listener()


async def serve(port: int) -> None:
    """Serve until a signal ends the process."""
    server = await ws_create_server(listener, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(serve(parser.parse_args().port))

"""The typed job on websockets and uvloop: ``python -m tests.bench.websockets_typed --port N``."""

from __future__ import annotations

import argparse

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

from .job import Client

TOPICS: dict[str, set[ServerConnection]] = {}


async def handle(connection: ServerConnection) -> None:
    """Answer one connection until it ends."""
    client = Client(connection, TOPICS, broadcast)
    try:
        async for text in connection:
            await connection.send(client.receive(text))
    finally:
        client.gone()


async def run(port: int) -> None:
    """Serve until a signal ends the process."""
    async with serve(handle, "127.0.0.1", port, compression=None) as server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(run(parser.parse_args().port))

"""The typed job that is measured: ``python -m tests.bench.server --port N --loop uvloop``.

A typed join, a validated event answered by a new model, a validated event
broadcast as a typed push; default limits and logging, nothing switched off.
"""

from __future__ import annotations

import argparse
from typing import Annotated

from pydantic import Field

from channelkit import Channel, Endpoint, Message, Ok, Server, channel, on_event, on_join


class JoinBench(Message):
    """A join carries nothing."""


class Echo(Message):
    """What comes in."""

    body: Annotated[str, Field(max_length=1024 * 1024)]
    n: int


class Echoed(Message):
    """What goes back."""

    body: str
    n: int


class Bcast(Message):
    """What goes to everybody."""

    body: str
    n: int


@channel("echo:{rest*}")
class Bench(Channel[None, Bcast]):
    """Echoes and broadcasts."""

    rest: str

    @on_join
    async def join(self, params: JoinBench) -> None:
        """Let everybody in."""

    @on_event("echo")
    async def echo(self, message: Echo) -> Echoed:
        """Answer with a new model of the same shape."""
        return Echoed(body=message.body, n=message.n)

    @on_event("bcast")
    async def bcast(self, message: Echo) -> Ok:
        """Broadcast a new model of the same shape."""
        await self.broadcast(Bcast(body=message.body, n=message.n))
        return Ok()


endpoint = Endpoint("/socket", [Bench])


def main() -> None:
    """Serve until a signal ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4000)
    parser.add_argument("--loop", choices=["auto", "asyncio", "uvloop", "trio"], default="uvloop")
    options = parser.parse_args()
    Server(endpoint, host="127.0.0.1", port=options.port).run(loop=options.loop)


if __name__ == "__main__":
    main()

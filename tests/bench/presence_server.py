"""A room that tells who is here: ``python -m tests.bench.presence_server --port N --loop uvloop``.

Default limits and logging, nothing switched off; ``--window`` for comparison.
"""

from __future__ import annotations

import argparse

from channelkit import (
    Channel,
    Endpoint,
    Limits,
    Message,
    Presence,
    Server,
    after_join,
    channel,
    on_event,
    on_join,
)


class Enter(Message):
    """Who comes."""

    user: str


class Online(Message):
    """What the others know of them."""

    status: str
    since: int


@channel("room:{rest*}")
class Room(Channel[None]):
    """Everybody who joins is here, and is pushed the list."""

    rest: str
    here = Presence(Online)

    @on_join
    async def join(self, params: Enter) -> None:
        """Let everybody in."""
        self.user = params.user

    @after_join
    async def arrived(self) -> None:
        """Track, then push the state."""
        self.here.track(self.user, Online(status="online", since=1_700_000_000))
        await self.here.push_state()

    @on_event("away")
    async def away(self, message: Enter) -> None:
        """Update, without a reply."""
        self.here.update(self.user, Online(status="away", since=1_700_000_001))


def main() -> None:
    """Serve until a signal ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4000)
    parser.add_argument("--loop", choices=["auto", "asyncio", "uvloop", "trio"], default="uvloop")
    parser.add_argument("--window", type=float, default=Limits().presence_window)
    options = parser.parse_args()
    endpoint = Endpoint("/socket", [Room], limits=Limits(presence_window=options.window))
    Server(endpoint, host="127.0.0.1", port=options.port).run(loop=options.loop)


if __name__ == "__main__":
    main()

"""A server whose presence fetches slowly where many are here: diffs overtake states."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import anyio
from pydantic import BaseModel

from channelkit import Channel, Endpoint, Message, Presence, Server, after_join, channel, on_join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from channelkit.transports.listener import Listening


class Enter(Message):
    user: str


class Online(Message):
    status: str = "online"


class Profile(BaseModel):
    name: str


async def profiles(topic: str, group: dict[str, list[Online]]) -> dict[str, Profile]:
    """A name for each; later if there is more than one."""
    await anyio.sleep(0.3 * (len(group) > 1))
    return {user: Profile(name=user.title()) for user in group}


@channel("den:{rest*}")
class Den(Channel[None]):
    rest: str
    here = Presence(Online, fetch=profiles)

    @on_join
    async def join(self, params: Enter) -> None:
        self.user = params.user

    @after_join
    async def arrived(self) -> None:
        self.here.track(self.user, Online())
        await self.here.push_state()


def announce(listening: Sequence[Listening]) -> None:
    print(listening[0].address, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    endpoint = Endpoint("/socket", [Den], origins=False)
    Server(endpoint, port=parser.parse_args().port).run(ready=announce)

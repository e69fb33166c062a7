"""Who is here, typed by its meta."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_type

from pydantic import BaseModel

from channelkit import (
    Channel,
    Endpoint,
    Here,
    Message,
    Ok,
    Open,
    Presence,
    after_join,
    channel,
    on_event,
    on_join,
)
from channelkit.testing import connect


class Online(Message):
    status: str


class Away(BaseModel, frozen=True):
    since: int


class Profile(BaseModel):
    name: str


async def profiles(topic: str, group: dict[str, list[Online]]) -> dict[str, Profile]:
    return {key: Profile(name=key) for key in group}


async def wider(topic: str, group: Mapping[str, Sequence[Online]]) -> Mapping[str, BaseModel]:
    return {}


class Status(Message):
    status: str


def shouted(meta: Online) -> Online:
    return Online(status=meta.status.upper())


def longest(here: Here[Online]) -> int:
    """What takes a member's presence, takes it typed."""
    return max(len(metas) for metas in here.list().values())


@channel("room:{room_id}")
class Room(Channel[None]):
    room_id: int
    here = Presence(Online, fetch=profiles)

    @on_join
    async def join(self, params: Open) -> None: ...

    @after_join
    async def arrived(self) -> None:
        assert_type(self.here, Here[Online])
        assert_type(self.here.track("ann", Online(status="online")), str)
        self.here.track(42, Online(status="online"))
        await self.here.push_state()

    @on_event("status")
    async def status(self, message: Status) -> Ok:
        self.here.update("ann", Online(status=message.status))
        self.here.update("ann", lambda meta: Online(status=meta.status + "!"))
        self.here.update(42, shouted)
        assert_type(self.here.list(), dict[str, list[Online]])
        assert_type(self.here.metas("ann"), list[Online])
        assert longest(self.here) == 1
        self.here.untrack(42)
        return Ok()


@channel("hall")
class Hall(Channel[None]):
    away = Presence(Away)

    @on_join
    async def join(self, params: Open) -> None: ...


endpoint = Endpoint("/socket", channels=[Room, Hall])

assert_type(Room.here, Presence[Online])
assert_type(Hall.away, Presence[Away])
assert_type(Presence(Online, fetch=wider), Presence[Online])


async def main() -> None:
    topic = Room.topic_for(room_id=1)
    async with connect(endpoint) as socket:
        room, _ = await socket.join(topic, Room.join, Open(payload={}))
        await room.call(Room.status, Status(status="away"))
        assert_type(await room.presences(Room.here), dict[str, list[Online]])
        assert_type(endpoint.presences(topic, Room.here), dict[str, list[Online]])

        assert endpoint.presences(topic, Room.here) == {"ann": [Online(status="away!")]}

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import RootModel

from channelkit import Channel, Message, Open, Presence, channel, on_join


class Online(Message):
    status: str


class Profile(Message):
    name: str
    metas: list[str]


class Name(RootModel[str]):
    pass


async def profiles(topic: str, group: Mapping[str, Sequence[Online]]) -> dict[str, Profile]:
    return {}


async def names(topic: str, group: dict[str, list[Online]]) -> dict[str, Name]:
    return {}


async def anything(topic: str, group: dict[str, list[Online]]) -> dict[str, Any]:
    return {}


async def nothing(topic: str, group: dict[str, list[Online]]) -> None: ...


class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...


@channel("one")
class One(Lobby):
    here = Presence(Online, fetch=profiles)


@channel("two")
class Two(Lobby):
    here = Presence(Online, fetch=names)


@channel("three")
class Three(Lobby):
    here = Presence(Online, fetch=anything)


@channel("four")
class Four(Lobby):
    here: Any = Presence(Online, fetch=nothing)  # type: ignore[arg-type]


channels = [One, Two, Three, Four]

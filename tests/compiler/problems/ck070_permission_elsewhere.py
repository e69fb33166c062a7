from typing import Any

from channelkit import Channel, Ok, Open, channel, on_event, on_join


class User: ...


class Guest: ...


def is_guest(room: Channel[Guest, Any]) -> bool: ...


def in_yard(room: "Yard") -> bool: ...


@channel("lobby")
class Lobby(Channel[User]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("kick", allow=is_guest)
    async def kick(self, message: Open) -> Ok: ...

    @on_event("ban", allow=in_yard)
    async def ban(self, message: Open) -> Ok: ...


@channel("yard")
class Yard(Channel[User]):
    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby, Yard]

from channelkit import Channel, Ok, Open, channel, on_event, on_join


async def is_moderator(room: "Lobby") -> bool: ...


def may(room: "Lobby", what: str) -> bool: ...


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("kick", allow=is_moderator)
    async def kick(self, message: Open) -> Ok: ...

    @on_event("ban", allow=True)
    async def ban(self, message: Open) -> Ok: ...

    @on_event("mute", allow=may)
    async def mute(self, message: Open) -> Ok: ...


channels = [Lobby]

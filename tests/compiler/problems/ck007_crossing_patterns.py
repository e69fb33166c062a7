from channelkit import Channel, Open, channel, on_join


@channel("room:{name}")
class Room(Channel[None]):
    name: str

    @on_join
    async def join(self, params: Open) -> None: ...


@channel("{kind}:lobby")
class Lobby(Channel[None]):
    kind: str

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Room, Lobby]

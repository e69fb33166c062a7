from channelkit import Channel, Open, channel, on_join


@channel("room:{room_id}")
class Room(Channel[None]):
    room_id: int
    seen: int

    @on_join
    async def join(self, params: Open) -> None: ...


@channel("lobby")
class Lobby(Channel[None]):
    seen: int

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Room, Lobby]

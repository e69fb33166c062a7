from channelkit import Channel, Open, channel, on_join


@channel("room:{room_id}")
class Room(Channel[None]):
    room_id: int

    @on_join
    async def join(self, params: Open) -> None: ...


@channel("room:{name}")
class Chat(Channel[None]):
    name: str

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Room, Chat]

from channelkit import Channel, Open, channel, on_join


@channel("room:{room_id}:{page}")
class Room(Channel[None]):
    page: int = 1

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Room]

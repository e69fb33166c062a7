from channelkit import Channel, Open, on_join


class Room(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Room]

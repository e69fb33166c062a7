from channelkit import Channel, Open, channel


@channel("lobby")
class Lobby(Channel[None]):
    async def join(self, params: Open) -> None: ...


channels = [Lobby]

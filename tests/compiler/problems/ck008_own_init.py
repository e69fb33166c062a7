from channelkit import Channel, Open, channel, on_join


@channel("lobby")
class Lobby(Channel[None]):
    def __init__(self) -> None:
        self.seen = 0

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]

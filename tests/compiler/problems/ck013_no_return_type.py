from channelkit import Channel, Open, channel, on_event, on_join


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open): ...

    @on_event("hi")
    async def hi(
        self,
        message: Open,
    ): ...


channels = [Lobby]

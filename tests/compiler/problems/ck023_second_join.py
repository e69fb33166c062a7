from channelkit import Channel, Open, channel, on_join


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_join
    async def join_again(self, params: Open) -> None: ...


channels = [Lobby]

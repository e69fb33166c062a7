from channelkit import Channel, Ok, Open, channel, on_event, on_join


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("phx_leave")
    async def leave(self, message: Open) -> Ok: ...


channels = [Lobby]

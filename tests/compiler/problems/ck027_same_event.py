from channelkit import Channel, Ok, Open, channel, on_event, on_join


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("new_msg")
    async def new_msg(self, message: Open) -> Ok: ...

    @on_event("new_msg")
    async def post(self, message: Open) -> Ok: ...


channels = [Lobby]

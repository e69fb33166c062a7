from channelkit import Channel, Ok, Open, channel, on_event, on_join


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("hi")
    @on_event("hello")
    async def hello(self, message: Open) -> Ok: ...

    @on_event("bye")
    @staticmethod
    async def bye(message: Open) -> Ok: ...


channels = [Lobby]

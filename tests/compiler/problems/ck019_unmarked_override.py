from channelkit import Channel, Ok, Open, channel, on_event, on_join


class Base(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("hi")
    async def hi(self, message: Open) -> Ok: ...


@channel("lobby")
class Lobby(Base):
    async def hi(self, message: Open) -> Ok: ...


channels = [Lobby]

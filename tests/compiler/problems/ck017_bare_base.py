from channelkit import Channel, Message, Open, Refusal, channel, on_event, on_join


@channel("lobby")
class Lobby(Channel[None, Message]):
    @on_join
    async def join(self, params: Open) -> Refusal | None: ...

    @on_event("hi")
    async def hi(self, message: Message) -> Message: ...


channels = [Lobby]


async def connect(params: Open) -> Refusal | None: ...

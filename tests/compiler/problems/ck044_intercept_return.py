from channelkit import Channel, Message, Open, channel, on_broadcast, on_join


class Posted(Message):
    body: str


class Hidden(Message):
    reason: str


@channel("lobby")
class Lobby(Channel[None, Posted | Hidden]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_broadcast
    async def hide(self, message: Posted) -> Posted | Hidden: ...


channels = [Lobby]

from channelkit import Channel, Message, Open, channel, on_broadcast, on_join


class Posted(Message):
    body: str


@channel("lobby")
class Lobby(Channel[None, Posted]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_broadcast
    async def hide_muted(self, message: Posted) -> Posted | None: ...

    @on_broadcast
    async def translate(self, message: Posted) -> Posted: ...


channels = [Lobby]

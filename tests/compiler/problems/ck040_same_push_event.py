from channelkit import Channel, Message, Open, channel, on_join


class Posted(Message):
    body: str


class Edited(Message, event="posted"):
    body: str


@channel("lobby")
class Lobby(Channel[None, Posted | Edited]):
    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]

from channelkit import Channel, Message, Open, channel, on_join


class Gone(Message, event="phx_close"):
    why: str


class Nameless(Message, event=""):
    why: str


@channel("lobby")
class Lobby(Channel[None, Gone | Nameless]):
    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]

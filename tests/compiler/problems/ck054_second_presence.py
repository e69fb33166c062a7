from channelkit import Channel, Message, Open, Presence, channel, on_join


class Online(Message):
    status: str


class Typing(Message):
    since: int


@channel("lobby")
class Lobby(Channel[None]):
    here = Presence(Online)
    typing = Presence(Typing)

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]

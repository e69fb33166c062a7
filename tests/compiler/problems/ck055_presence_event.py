from channelkit import Channel, Message, Open, Presence, channel, on_join


class Online(Message):
    status: str


class PresenceState(Message):
    users: list[str]


class Changed(Message, event="presence_diff"):
    users: list[str]


@channel("lobby")
class Lobby(Channel[None, PresenceState | Changed]):
    here = Presence(Online)

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]

from channelkit import Channel, Open, Refusal, channel, on_join


class Full(Refusal):
    reason: str


class Bad(Refusal, reason=None):
    reason: str


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> Full | Bad | None: ...


channels = [Lobby]

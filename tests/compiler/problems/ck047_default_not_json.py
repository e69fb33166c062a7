from datetime import datetime

from channelkit import Channel, Message, Open, Refusal, channel, on_join


class Posted(Message):
    body: str
    at: datetime = datetime.now


class Full(Refusal):
    limit: int = "many"


@channel("lobby")
class Lobby(Channel[None, Posted]):
    @on_join
    async def join(self, params: Open) -> Full | None: ...


channels = [Lobby]

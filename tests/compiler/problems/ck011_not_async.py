from collections.abc import AsyncIterator

from channelkit import Channel, Message, Open, channel, on_event, on_join


class Count(Message):
    n: int


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    def join(self, params: Open) -> None: ...

    @on_event("count")
    async def count(self, message: Open) -> Count:
        yield Count(n=1)


channels = [Lobby]

from channelkit import Channel, Message, Open, after_join, channel, on_event, on_join


class Count(Message):
    n: int


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    def join(self, params: Open) -> None: ...

    @on_event("count")
    def count(self, message: Open) -> Count: ...

    @after_join
    async def greet(self) -> None:
        yield


channels = [Lobby]

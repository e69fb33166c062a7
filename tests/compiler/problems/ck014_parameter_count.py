from channelkit import Channel, Exit, Ok, Open, after_join, channel, on_event, on_join, on_leave


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open, topic: str) -> None: ...

    @after_join
    async def announce(self, verdict: None) -> None: ...

    @on_event("hi")
    async def hi(self, *messages: Open) -> Ok: ...

    @on_leave
    async def left(self, reason: Exit, *, late: bool) -> None: ...


channels = [Lobby]


async def connect() -> None: ...

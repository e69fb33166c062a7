from channelkit import Channel, Message, Open, after_join, channel, on_info, on_join


class Tick:
    pass


class State(Message):
    members: int


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @after_join
    async def state(self) -> State: ...

    @on_info
    async def tick(self, info: Tick) -> State | None: ...


channels = [Lobby]

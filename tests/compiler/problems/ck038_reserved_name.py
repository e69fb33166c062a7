from channelkit import Channel, Ok, Open, channel, on_event, on_join


@channel("room:{topic}")
class Room(Channel[None]):
    topic: str
    socket = None

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("push")
    async def push(self, message: Open) -> Ok: ...


channels = [Room]

from channelkit import Channel, Ok, Open, channel, on_event, on_join


@channel("room:{room_id}")
class Room(Channel[None]):
    room_id: int

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("new_msg")
    async def new_msg(self, body) -> Ok: ...


channels = [Room]

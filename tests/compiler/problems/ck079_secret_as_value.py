from channelkit import Channel, Message, Secret, channel, on_join


class JoinRoom(Message):
    pin: str = Secret()


@channel("room")
class Room(Channel[None]):
    @on_join
    async def join(self, params: JoinRoom) -> None: ...


channels = [Room]

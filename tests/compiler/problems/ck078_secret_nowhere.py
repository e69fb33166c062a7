from typing import Annotated, ClassVar

from channelkit import Channel, Message, Secret, channel, on_join


class JoinRoom(Message):
    pin: Annotated[str, Secret()]
    pepper: ClassVar[Annotated[str, Secret()]] = "salt"
    _seen: Annotated[int, Secret()] = 0


@channel("room:{key}")
class Room(Channel[None]):
    key: Annotated[str, Secret()]

    @on_join
    async def join(self, params: Annotated[JoinRoom, Secret()]) -> None: ...


channels = [Room]

from typing import ClassVar

from channelkit import Channel, Open, channel, on_join


@channel("lobby")
class Lobby(Channel[None]):
    seen: list[int] = []
    names = {"ann"}
    shared: ClassVar[list[int]] = []

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]

from channelkit import Channel, Open, channel, on_join, on_leave
from channelkit.exits import Closed, Left


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_leave
    async def left(self, reason: Left | Closed) -> None: ...


@channel("hall")
class Hall(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_leave
    async def left(self, reason) -> None: ...


channels = [Lobby, Hall]

from typing import Any

from channelkit import Channel, Open, channel, on_info, on_join


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_info
    async def numbers(self, info: list[int]) -> None: ...

    @on_info
    async def anything(self, info: Any) -> None: ...

    @on_info
    async def nothing(self, info) -> None: ...


channels = [Lobby]

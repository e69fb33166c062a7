from channelkit import Channel, Open, channel, on_info, on_join


class Tick: ...


class FastTick(Tick): ...


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_info
    async def tick(self, info: Tick | str) -> None: ...

    @on_info
    async def fast_tick(self, info: FastTick | int) -> None: ...


channels = [Lobby]

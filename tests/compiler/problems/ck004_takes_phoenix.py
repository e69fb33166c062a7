from channelkit import Channel, Open, channel, on_join


@channel("{name}")
class Anything(Channel[None]):
    name: str

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Anything]

from channelkit import Channel, Open, channel, on_join


@channel("files:{path*}")
class Files(Channel[None]):
    path: int

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Files]

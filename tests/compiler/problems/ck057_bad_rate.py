from channelkit import Channel, Ok, Open, channel, on_event, on_join


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("say", rate="10/sec")
    async def say(self, message: Open) -> Ok: ...

    @on_event("shout", rate="often")
    async def shout(self, message: Open) -> Ok: ...

    @on_event(
        "never",
        rate="0/s",
    )
    async def never(self, message: Open) -> Ok: ...

    @on_event("number", rate=10)
    async def number(self, message: Open) -> Ok: ...


channels = [Lobby]

from channelkit import Channel, Ok, Open, channel, on_event, on_join


@channel("game:{name}")
class Game(Channel[None]):
    name: str

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("join")
    async def join_team(self, message: Open) -> Ok: ...

    @on_event("leave")
    async def leave_team(self, message: Open) -> Ok: ...

    @on_event("Join")
    async def another(self, message: Open) -> Ok: ...


channels = [Game]
vsn = "0.x"

from channelkit import Channel, Open, channel, on_join


class User: ...


@channel("lobby")
class Lobby(Channel[User]):
    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]


async def connect(params: Open, headers: dict[str, str]) -> User: ...

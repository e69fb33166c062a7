from channelkit import Channel, Open, channel, on_join


class User: ...


class Guest: ...


@channel("lobby")
class Lobby(Channel[User]):
    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]


async def connect(params: Open) -> User: ...


def identify(guest: Guest) -> str: ...

from channelkit import Channel, Open, Refusal, channel, on_join


class User: ...


class Guest: ...


class Denied(Refusal):
    pass


@channel("room:{room_id}")
class Room(Channel[User]):
    room_id: int

    @on_join
    async def join(self, params: Open) -> None: ...


@channel("lobby")
class Lobby(Channel[Guest]):
    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Room, Lobby]


async def connect(params: Open) -> User | Denied: ...

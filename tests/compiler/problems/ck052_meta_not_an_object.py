from pydantic import RootModel

from channelkit import Channel, Open, Presence, channel, on_join


class Status(RootModel[str]):
    pass


@channel("lobby")
class Lobby(Channel[None]):
    here = Presence(Status)

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]

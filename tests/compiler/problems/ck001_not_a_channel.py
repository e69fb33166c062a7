from channelkit import Channel, Open, channel, on_join


class Room:
    """Derives from nothing."""


@channel  # no pattern: the class itself is taken for it
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Room, Lobby, "room"]

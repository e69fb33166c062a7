from pydantic import Field

from channelkit import Channel, Message, Open, Presence, channel, on_join


class Online(Message):
    status: str
    phx_ref: str
    before: str = Field(serialization_alias="phx_ref_prev")


@channel("lobby")
class Lobby(Channel[None]):
    here = Presence(Online)

    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby]

from pydantic import BaseModel

from channelkit import Channel, Ok, Open, channel, on_event, on_join


class Accepted(BaseModel):
    id: int


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Open) -> Ok: ...

    @on_event("new_msg")
    async def new_msg(self, message: Open) -> Accepted: ...

    @on_event("count")
    async def count(self, message: Open) -> dict[str, int]: ...


channels = [Lobby]

from typing import Any

from pydantic import BaseModel

from channelkit import Channel, Message, Open, Refusal, channel, on_join


class Posted(BaseModel):
    body: str


class Full(Refusal):
    limit: int


@channel("lobby")
class Lobby(Channel[None, Posted | Full | bytes]):
    @on_join
    async def join(self, params: Open) -> None: ...


@channel("hall")
class Hall(Channel[None, Any]):
    @on_join
    async def join(self, params: Open) -> None: ...


channels = [Lobby, Hall]

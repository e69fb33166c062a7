from typing import Any

from pydantic import BaseModel

from channelkit import Channel, Message, Ok, Open, Refusal, channel, on_event, on_join


class NewMsg(BaseModel):
    body: str


class Full(Refusal):
    limit: int


class Params(Message):
    token: str


@channel("lobby")
class Lobby(Channel[None]):
    @on_join
    async def join(self, params: Any) -> None: ...

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Ok: ...

    @on_event("numbers")
    async def numbers(self, message: list[int] | None) -> Ok: ...

    @on_event("full")
    async def full(self, message: Full) -> Ok: ...


channels = [Lobby]


async def connect(params: Params | bytes) -> None: ...

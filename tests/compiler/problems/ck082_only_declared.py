from typing import Any

from channelkit import Channel, Message, Open, channel, on_event, on_join


class Posted(Message):
    body: str


@channel("room:{room_id}", declared=True)
class Room(Channel[Any, Posted]):
    room_id: int

    @on_join
    async def join(self, params: Open) -> None:
        raise NotImplementedError

    @on_event("new_msg")
    async def new_msg(self, message: Open) -> None:
        raise NotImplementedError


async def connect(params: Open) -> None: ...


channels = [Room]

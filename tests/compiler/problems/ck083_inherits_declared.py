from typing import Any

from channelkit import Channel, Open, channel, on_event, on_join


@channel("room:{room_id}", declared=True)
class Room(Channel[Any]):
    room_id: int

    @on_join
    async def join(self, params: Open) -> None:
        raise NotImplementedError

    @on_event("new_msg")
    async def new_msg(self, message: Open) -> None:
        raise NotImplementedError


@channel("room:{room_id}")
class FakeRoom(Room):
    @on_join
    async def join(self, params: Open) -> None: ...


async def connect(params: Open) -> None: ...


channels = [FakeRoom]

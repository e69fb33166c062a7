from __future__ import annotations

import channelkit
from channelkit import Channel, Message, Ok, Open, channel, on_event, on_join


class User: ...


class NewMsg(Message):
    body: str


@channel("room:{room_id}")
class Room(Channel["Usr", "NewMsg | Postd"]):
    room_id: it

    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("new_msg")
    async def new_msg(self, message: NewMessage) -> channelkit.Okay: ...

    @on_event("hi")
    async def hi(self, message: NewMsg | "bytes") -> Ok: ...


channels = [Room]

from __future__ import annotations

from channelkit import Channel, Message, Ok, Open, channel, on_event, on_join


def made():
    class NewMsg(Message):
        body: str

    @channel("lobby")
    class Lobby(Channel[None]):
        @on_join
        async def join(self, params: Open) -> None: ...

        @on_event("new_msg")
        async def new_msg(self, message: NewMsg) -> Ok: ...

    return Lobby


channels = [made()]

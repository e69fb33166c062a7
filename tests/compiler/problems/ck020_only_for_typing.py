from __future__ import annotations

from typing import TYPE_CHECKING

from channelkit import Channel, Message, Ok, Open, channel, on_event, on_join

if TYPE_CHECKING:
    from uuid import UUID

    from elsewhere import Accepted, NewMsg


class Moved(Message):
    to: UUID


@channel("lobby")
class Lobby(Channel[None, "Moved"]):
    @on_join
    async def join(self, params: Open) -> None: ...

    @on_event("new_msg")
    async def new_msg(self, message: NewMsg) -> Accepted: ...


channels = [Lobby]
